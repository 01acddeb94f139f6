import { isoInstant } from "../seed/days.ts";
import { between, fractionAt, guidAt } from "../seed/random.ts";
import { skus } from "../seed/skus.ts";
import {
  type SeedSubscribedSku,
  type SeedSubscription,
  subscribedSkusOf,
  subscriptionsOf,
} from "../seed/subscriptions.ts";
import type { SeedGroup } from "../seed/tenant.ts";
import { type SeedUser, userAt } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint, GraphAnswer, GraphCall } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { type PagedRow, pageBody, startOf, takePage } from "./paging.ts";
import { type PropertyTable, pageSize, selectedProperties, selectRow } from "./select.ts";
import { serviceName, userProperties } from "./user-properties.ts";

function* positioned<T>(list: readonly T[], start: number): Generator<PagedRow<T>> {
  for (const [i, row] of list.slice(start).entries()) yield { row, next: start + i + 1 };
}

/** `GET /organization` (reference §3.2). */
export const organizationEndpoint: Endpoint = {
  stream: "organization",
  name: "organization",
  permissions: ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
  handle: async (call) => {
    const row = await organizationRow(call.tenant);
    const select = call.query.get("$select");
    const names = select === null ? Object.keys(row) : select.split(",").map((name) => name.trim());
    const missing = names.find((name) => !(name in row));
    if (missing !== undefined)
      throw new GraphFailure(graphErrors.unknownProperty(missing, "organization"));
    const faulty = call.tenant.faults.hit("bad-rows", call.situation) ? { ...row, id: 42 } : row;
    const selected = Object.fromEntries(
      Object.entries(faulty).filter(([name]) => names.includes(name)),
    );
    return { body: pageBody(call, "organization", { rows: [selected], next: undefined }) };
  },
};

async function organizationRow(tenant: Tenant): Promise<Record<string, unknown>> {
  const { spec } = tenant;
  const seed = tenant.seed();
  const subscribed = subscribedSkusOf(seed, await tenant.fullTotals()).filter((row) => row.listed);
  const plans = new Map(
    subscribed.flatMap((row) =>
      row.sku.plans.map((plan) => [plan.id, { plan, status: capabilityStatus(row) }] as const),
    ),
  );
  const assignedPlans = [...plans.values()].map(({ plan, status }) => ({
    assignedDateTime: isoInstant(seed.today - 500),
    capabilityStatus: status,
    service: serviceName(plan.name),
    servicePlanId: plan.id,
  }));
  return {
    id: spec.id,
    deletedDateTime: null,
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: spec.countryLetterCode,
    createdDateTime: isoInstant(seed.today - 2900, 600),
    defaultUsageLocation: null,
    displayName: spec.name,
    isMultipleDataLocationsForServicesEnabled: null,
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: seed.profile.mix.onPremises > 0 ? isoInstant(seed.today) : null,
    onPremisesSyncEnabled: seed.profile.mix.onPremises > 0 ? true : null,
    partnerTenantType: null,
    postalCode: null,
    preferredLanguage: "en",
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: [`it@${spec.domains[1] ?? spec.domains[0] ?? ""}`],
    tenantType: "AAD",
    directorySizeQuota: { used: spec.size * 3, total: 300_000 },
    privacyProfile: null,
    assignedPlans,
    provisionedPlans: [...new Set(assignedPlans.map((plan) => plan.service))].map((service) => ({
      capabilityStatus: "Enabled",
      provisioningStatus: "Success",
      service,
    })),
    verifiedDomains: spec.domains.map((name, i) => ({
      capabilities: "Email, OfficeCommunicationsOnline",
      isDefault: i === Math.min(1, spec.domains.length - 1),
      isInitial: i === 0,
      name,
      type: "Managed",
    })),
  };
}

function capabilityStatus({ units }: SeedSubscribedSku): string {
  if (units.enabled > 0) return "Enabled";
  if (units.warning > 0) return "Warning";
  return units.suspended > 0 ? "Suspended" : "LockedOut";
}

/** `GET /subscribedSkus` (reference §3.3): not paged, only `$select`. */
export const subscribedSkusEndpoint: Endpoint = {
  stream: "subscriptions",
  name: "subscribedSkus",
  permissions: ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"],
  handle: listSubscribedSkus,
};

async function listSubscribedSkus(call: GraphCall): Promise<GraphAnswer> {
  const { query } = call;
  for (const option of ["$filter", "$top", "$search", "$skip", "$orderby"]) {
    if (query.has(option))
      throw new GraphFailure(
        graphErrors.badRequest(`The query option '${option}' is not supported.`),
      );
  }
  const rows = await subscribedSkuRows(call);
  const names = selectedProperties(
    skuProperties,
    "subscribedSku",
    query.get("$select"),
    Object.keys(skuProperties),
  );
  return {
    body: pageBody(call, "subscribedSkus", {
      rows: rows.map((row) => selectRow(skuProperties, names, row)),
      next: undefined,
    }),
    resourceUnits: 3 - (query.has("$select") ? 1 : 0),
  };
}

/** A subscribedSkus row before `$select`, with what the faults made of it. */
type SkuSource = {
  tenant: Tenant;
  row: SeedSubscribedSku;
  consumedUnits: number | null;
  prepaidUnits: unknown;
  skuId: unknown;
};

const skuProperties: PropertyTable<SkuSource> = {
  accountName: ({ tenant }) => tenant.spec.name,
  accountId: ({ tenant }) => tenant.spec.id,
  appliesTo: ({ row }) => row.sku.appliesTo,
  capabilityStatus: ({ row }) => capabilityStatus(row),
  consumedUnits: ({ consumedUnits }) => consumedUnits,
  id: ({ tenant, row }) => `${tenant.spec.id}_${row.sku.skuId}`,
  skuId: ({ skuId }) => skuId,
  skuPartNumber: ({ row }) => row.sku.partNumber,
  subscriptionIds: ({ row }) => row.subscriptionIds,
  prepaidUnits: ({ prepaidUnits }) => prepaidUnits,
  servicePlans: ({ row }) =>
    row.sku.plans.map((plan) => ({
      servicePlanId: plan.id,
      servicePlanName: plan.name,
      provisioningStatus: "Success",
      appliesTo: /FOUNDATION|INTUNE_O365|MICROSOFT_SEARCH/.test(plan.name) ? "Company" : "User",
    })),
};

async function subscribedSkuRows({ tenant, situation }: GraphCall): Promise<SkuSource[]> {
  const { faults } = tenant;
  const full = await tenant.fullTotals();
  const drop = faults.state("mass-drop");
  const counted = drop && drop.consumedUnits === "stays" ? full : await tenant.totals();
  const hidden = faults.hit("hidden-sku", situation);
  const nulls = faults.hit("null-consumed", situation);
  const moving = faults.hit("moving-consumed", situation);
  const factor = faults.hit("consumed-factor", situation);
  const prepaid = faults.hit("prepaid-units", situation);
  const bad = faults.hit("bad-rows", situation);
  // Every second read of the list sees Microsoft's count moved: the first and second read of one import differ.
  const secondRead = moving !== undefined && tenant.nextSkuRead() % 2 === 0;
  const isFor = (sku: string | undefined, row: SeedSubscribedSku) =>
    sku === undefined || sku === row.sku.partNumber || sku.toLowerCase() === row.sku.skuId;
  const listed = subscribedSkusOf(tenant.seed(), full).filter(
    (row) => row.listed && !(hidden && isFor(hidden.sku, row)),
  );
  const kept = drop ? listed.slice(0, Math.ceil(listed.length * drop.keepSkus)) : listed;
  return kept.map((row, i) => {
    let consumedUnits: number | null = counted.skus.get(row.sku.skuId)?.holders ?? 0;
    if (factor && isFor(factor.sku, row)) consumedUnits = Math.round(consumedUnits * factor.factor);
    if (moving && secondRead && isFor(moving.sku, row) && row.sku.appliesTo === "User")
      consumedUnits = Math.max(0, consumedUnits + moving.by);
    if (nulls && isFor(nulls.sku, row)) consumedUnits = null;
    const skuId = bad && i === 0 ? "not-a-guid" : row.sku.skuId;
    return {
      tenant,
      row,
      consumedUnits,
      skuId,
      prepaidUnits:
        prepaid && isFor(prepaid.sku, row) ? prepaidFault(prepaid.shape, row) : row.units,
    };
  });
}

function prepaidFault(
  shape: "one-null" | "all-null" | "missing",
  { units }: SeedSubscribedSku,
): unknown {
  switch (shape) {
    case "one-null":
      return { ...units, suspended: null };
    case "all-null":
      return { enabled: null, suspended: null, warning: null, lockedOut: null };
    case "missing":
      return undefined;
    default:
      return shape satisfies never;
  }
}

/** `GET /directory/subscriptions` (reference §3.4). */
export const subscriptionsEndpoint: Endpoint = {
  stream: "subscriptions",
  name: "subscriptions",
  permissions: ["Organization.Read.All", "Directory.Read.All"],
  handle: async (call) => {
    const list = subscriptionsOf(call.tenant.seed(), await call.tenant.fullTotals());
    const top = pageSize(call.query.get("$top"), 999, 999);
    const page = takePage(positioned(list, startOf(call)), top);
    const names = selectedProperties(
      subscriptionProperties,
      "companySubscription",
      call.query.get("$select"),
      Object.keys(subscriptionProperties),
    );
    return {
      body: pageBody(call, "directory/subscriptions", {
        rows: page.rows.map((row) => selectRow(subscriptionProperties, names, row)),
        next: page.next,
      }),
    };
  },
};

const subscriptionProperties: PropertyTable<SeedSubscription> = {
  id: (row) => row.id,
  commerceSubscriptionId: (row) => row.commerceId,
  createdDateTime: (row) => isoInstant(row.created),
  isTrial: (row) => row.trial,
  nextLifecycleDateTime: (row) =>
    row.nextLifecycle === null ? null : isoInstant(row.nextLifecycle),
  ownerId: () => null,
  ownerTenantId: (row) => row.partnerTenantId,
  ownerType: (row) => (row.partnerTenantId === null ? "User" : null),
  skuId: (row) => row.sku.skuId,
  skuPartNumber: (row) => row.sku.partNumber,
  status: (row) => row.status,
  totalLicenses: (row) => row.units,
  serviceStatus: (row) =>
    row.sku.plans.map((plan) => ({
      appliesTo: "User",
      provisioningStatus: "Success",
      servicePlanId: plan.id,
      servicePlanName: plan.name,
    })),
};

const GROUP_FILTER = "assignedLicenses/$count ne 0";

/** `GET /groups` with or without the filter on licensed groups (reference §3.9). */
export const groupsEndpoint: Endpoint = {
  stream: "groups",
  name: "groups",
  permissions: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  handle: (call) => {
    const { query, consistencyLevel } = call;
    const filter = query.get("$filter");
    if (filter !== null && filter !== GROUP_FILTER)
      throw new GraphFailure(
        graphErrors.unsupportedQuery(
          "Unsupported or invalid query filter clause specified for property of resource 'Group'.",
        ),
      );
    const eventual = consistencyLevel?.toLowerCase() === "eventual";
    if ((filter !== null || query.has("$count")) && (!eventual || query.get("$count") !== "true")) {
      throw new GraphFailure(graphErrors.badRequest("$count is not currently supported."));
    }
    const licensed = call.tenant
      .seed()
      .groups.map((group): GroupSource => ({ ...group, licensed: true }));
    const groups = filter === null ? [...licensed, ...plainGroups(call.tenant)] : licensed;
    const page = takePage(positioned(groups, startOf(call)), pageSize(query.get("$top"), 100, 999));
    const names = selectedProperties(groupProperties, "group", query.get("$select"), [
      "id",
      "displayName",
      "groupTypes",
      "mailEnabled",
      "securityEnabled",
    ]);
    return {
      body: pageBody(
        call,
        `groups(${names.join(",")})`,
        { rows: page.rows.map((row) => selectRow(groupProperties, names, row)), next: page.next },
        groups.length,
      ),
    };
  },
};

type GroupSource = Omit<SeedGroup, "key"> & { licensed: boolean };

function plainGroups(tenant: Tenant): GroupSource[] {
  const { seed } = tenant.seed();
  return ["All Employees", "VPN Users", "Works Council", "Project Phoenix"].map((name, i) => ({
    id: guidAt(seed, i, 905),
    name,
    skus: [],
    licensed: false,
  }));
}

const groupProperties: PropertyTable<GroupSource> = {
  id: (group) => group.id,
  displayName: (group) => group.name,
  groupTypes: () => [],
  securityEnabled: () => true,
  mailEnabled: () => false,
  membershipRule: () => null,
  onPremisesSyncEnabled: () => null,
  assignedLicenses: (group) =>
    group.skus.map((key) => ({ disabledPlans: [], skuId: skus[key].skuId })),
  licenseProcessingState: (group) => (group.licensed ? { state: "ProcessingComplete" } : null),
};

/** `GET /directory/deletedItems/microsoft.graph.user` (reference §3.10). */
export const deletedUsersEndpoint: Endpoint = {
  stream: "deleted-users",
  name: "deletedItems",
  permissions: ["User.Read.All", "Directory.Read.All"],
  handle: (call) => {
    const list = deletedUsers(call.tenant);
    const page = takePage(
      positioned(list, startOf(call)),
      pageSize(call.query.get("$top"), 100, 999),
    );
    const names = selectedProperties(deletedProperties, "user", call.query.get("$select"), [
      "id",
      "displayName",
      "mail",
      "userPrincipalName",
    ]);
    return {
      body: pageBody(call, `directoryObjects/microsoft.graph.user(${names.join(",")})`, {
        rows: page.rows.map((row) => selectRow(deletedProperties, names, row)),
        next: page.next,
      }),
    };
  },
};

/** A soft-deleted user; those deleted in the admin center have lost their licenses, others still show them. */
export type DeletedUser = {
  user: SeedUser;
  tenant: Tenant;
  deletedDaysAgo: number;
  showsLicenses: boolean;
};

/** The tenant's soft-deleted users: seeded ones, those a fault removed, and those a fault lists twice. */
export function deletedUsers(tenant: Tenant): DeletedUser[] {
  const seed = tenant.seed();
  const count = Math.max(1, Math.round(tenant.spec.size * 0.005));
  const seeded = Array.from({ length: count }, (_, i) => userAt(seed, tenant.spec.size + i)).map(
    (user) => ({
      user,
      tenant,
      deletedDaysAgo: between(seed.seed, user.index, 220, 0, 29),
      showsLicenses: fractionAt(seed.seed, user.index, 221) < 0.5,
    }),
  );
  const recent = [
    ...tenant.vanished(),
    ...[...tenant.listedAndDeleted()].map((index) => userAt(seed, index)),
  ].map((user) => ({ user, tenant, deletedDaysAgo: 0, showsLicenses: true }));
  return [...seeded, ...recent];
}

const deletedProperties: PropertyTable<DeletedUser> = {
  ...Object.fromEntries(
    Object.entries(userProperties).map(([name, property]) => [
      name,
      ({ user, tenant }: DeletedUser) => property({ user, tenant: tenant.seed() }),
    ]),
  ),
  userPrincipalName: ({ user }) => `${user.id.replace(/-/g, "")}${user.userPrincipalName}`,
  deletedDateTime: ({ tenant, deletedDaysAgo }) =>
    isoInstant(tenant.seed().today - deletedDaysAgo, 1),
  assignedLicenses: ({ user, showsLicenses }) =>
    showsLicenses
      ? user.licenses.map(({ sku, disabledPlans }) => ({ disabledPlans, skuId: sku.skuId }))
      : [],
};
