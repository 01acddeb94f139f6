import type {
  AssignmentRow,
  DeletedUserRow,
  GroupRow,
  OrganizationRow,
  SkuRow,
  SubscriptionRow,
  UserRow,
} from "../../lib/import/ports.ts";
import { type Endpoint, endpoints } from "../../lib/microsoft/endpoints.ts";

/** What the floor's process is told; its token is the simulator's. */
export interface FloorTask {
  readonly graphOrigin: string;
  readonly token: string;
  readonly databaseUrl: string;
  readonly workspaceId: string;
  readonly snapshotId: number;
}

/** A row as Graph sent it, taken at its word. */
// biome-ignore lint/suspicious/noExplicitAny: the floor's point is that nothing is checked.
type Wire = any;

interface FloorRead<Row> {
  readonly endpoint: Endpoint;
  readonly row: (wire: Wire) => Row;
}

const organization: FloorRead<OrganizationRow> = {
  endpoint: endpoints.organization,
  row: (wire) => ({
    tenantId: wire.id,
    displayName: wire.displayName,
    defaultDomain: wire.verifiedDomains[0].name,
    countryCode: wire.countryLetterCode,
  }),
};

const subscribedSkus: FloorRead<SkuRow> = {
  endpoint: endpoints.subscribedSkus,
  row: (wire) => ({
    skuId: wire.skuId.toLowerCase(),
    partNumber: wire.skuPartNumber,
    appliesTo: wire.appliesTo.toLowerCase(),
    capabilityStatus: wire.capabilityStatus,
    consumedUnits: wire.consumedUnits,
    prepaidUnits: {
      enabled: wire.prepaidUnits.enabled,
      expiring: wire.prepaidUnits.warning,
      suspended: wire.prepaidUnits.suspended,
      lockedOut: wire.prepaidUnits.lockedOut,
    },
    subscriptionIds: wire.subscriptionIds,
    servicePlanIds: wire.servicePlans.map((plan: Wire) => plan.servicePlanId),
  }),
};

const subscriptions: FloorRead<SubscriptionRow> = {
  endpoint: endpoints.subscriptions,
  row: (wire) => ({
    subscriptionId: wire.id,
    commerceSubscriptionId: wire.commerceSubscriptionId,
    skuId: wire.skuId,
    partNumber: wire.skuPartNumber,
    status: wire.status,
    totalUnits: wire.totalLicenses,
    trial: wire.isTrial,
    createdAt: wire.createdDateTime,
    nextLifecycleAt: wire.nextLifecycleDateTime,
    partnerTenantId: wire.ownerTenantId,
  }),
};

const groups: FloorRead<GroupRow> = {
  endpoint: endpoints.groups,
  row: (wire) => ({ groupId: wire.id, displayName: wire.displayName }),
};

const deletedUsers: FloorRead<DeletedUserRow> = {
  endpoint: endpoints.deletedUsers,
  row: (wire) => ({
    userId: wire.id,
    userPrincipalName: wire.userPrincipalName,
    displayName: wire.displayName,
    deletedAt: wire.deletedDateTime,
    skuIds: wire.assignedLicenses.map((license: Wire) => license.skuId),
  }),
};

const users: FloorRead<UserRow> = {
  endpoint: endpoints.users,
  row: (wire) => ({
    userId: wire.id,
    userPrincipalName: wire.userPrincipalName,
    displayName: wire.displayName,
    mail: wire.mail,
    accountEnabled: wire.accountEnabled,
    userType: wire.userType,
    createdAt: wire.createdDateTime,
    usageLocation: wire.usageLocation,
    country: wire.country,
    city: wire.city,
    department: wire.department,
    jobTitle: wire.jobTitle,
    companyName: wire.companyName,
    officeLocation: wire.officeLocation,
    employeeId: wire.employeeId,
    employeeType: wire.employeeType,
    onPremisesSynced: wire.onPremisesSyncEnabled,
    assignments: wire.assignedLicenses.map((license: Wire) => assignment(license, wire)),
  }),
};

function assignment({ skuId, disabledPlans }: Wire, user: Wire): AssignmentRow {
  const states = user.licenseAssignmentStates.filter((state: Wire) => state.skuId === skuId);
  const byGroup = states.filter((state: Wire) => state.assignedByGroup !== null);
  return {
    skuId: skuId.toLowerCase(),
    holds: true,
    direct: states.length > byGroup.length,
    groupIds: byGroup.map((state: Wire) => state.assignedByGroup),
    inError: false,
    error: null,
    assignedAt: states[0]?.lastUpdatedDateTime ?? null,
    disabledPlanIds: disabledPlans,
  };
}

/** The directory's reads, bare: where they are and their rows as ours, field by field. */
export const floorReads = {
  organization,
  "subscribed-skus-first": subscribedSkus,
  "company-subscriptions": subscriptions,
  groups,
  users,
  "subscribed-skus-second": subscribedSkus,
  "deleted-users": deletedUsers,
};

export type FloorReadName = keyof typeof floorReads;
