import type {
  DeletedUserRow,
  GroupRow,
  OrganizationRow,
  QuarantinedRow,
  ReportSettingsRow,
  SignInRow,
  SkuRow,
  SubscriptionRow,
} from "#lib/import/ports";
import { cleanText, instantOrNull, type Notes, noteUnknown, parseInstant } from "./clean.ts";
import { parseEntries, refuse } from "./rows.ts";
import type {
  CompanySubscriptionWire,
  GroupWire,
  OrganizationWire,
  SignInUserWire,
  SubscribedSkuWire,
} from "./wire/resources.ts";
import { servicePlanWire, verifiedDomainWire } from "./wire/resources.ts";
import { assignedLicenseWire, type DeletedUserWire } from "./wire/user.ts";

const subscriptionStatuses = ["Enabled", "Warning", "Suspended", "Deleted", "LockedOut"];

/** The tenant; without a display name it is called by its default domain. Source: reference/microsoft-graph.md §3.2. */
export function toOrganization(wire: OrganizationWire, notes: Notes): OrganizationRow {
  const domains = parseEntries(wire.verifiedDomains, verifiedDomainWire, "verifiedDomains", notes);
  const domain = domains.find(({ isDefault }) => isDefault) ?? domains[0];
  const defaultDomain = cleanText(domain?.name, "verifiedDomains", notes);
  return {
    tenantId: wire.id,
    displayName: cleanText(wire.displayName, "displayName", notes) || defaultDomain || wire.id,
    defaultDomain,
    countryCode: cleanText(wire.countryLetterCode, "countryLetterCode", notes),
  };
}

/** Every domain the tenant has verified, in lower case. */
export const toVerifiedDomains = (wire: OrganizationWire, notes: Notes): readonly string[] =>
  parseEntries(wire.verifiedDomains, verifiedDomainWire, "verifiedDomains", notes).map(({ name }) =>
    name.toLowerCase(),
  );

/** One SKU with its units (seats). Anything but `Company` is assignable. Source: reference/microsoft-graph.md §3.3. */
export function toSku(wire: SubscribedSkuWire, notes: Notes): SkuRow {
  noteUnknown(wire.appliesTo, ["User", "Company"], "appliesTo", notes);
  noteUnknown(wire.capabilityStatus, subscriptionStatuses, "capabilityStatus", notes);
  const plans = parseEntries(wire.servicePlans, servicePlanWire, "servicePlans", notes);
  const { prepaidUnits } = wire;
  return {
    skuId: wire.skuId,
    partNumber: cleanText(wire.skuPartNumber, "skuPartNumber", notes),
    appliesTo: wire.appliesTo?.toLowerCase() === "company" ? "company" : "user",
    capabilityStatus: cleanText(wire.capabilityStatus, "capabilityStatus", notes),
    consumedUnits: wire.consumedUnits ?? null,
    prepaidUnits: prepaidUnits
      ? {
          enabled: prepaidUnits.enabled ?? null,
          expiring: prepaidUnits.warning ?? null,
          suspended: prepaidUnits.suspended ?? null,
          lockedOut: prepaidUnits.lockedOut ?? null,
        }
      : null,
    subscriptionIds: (wire.subscriptionIds ?? []).flatMap((id) => {
      const clean = cleanText(id, "subscriptionIds", notes)?.toLowerCase();
      return clean ? [clean] : [];
    }),
    servicePlanIds: [...new Set(plans.map(({ servicePlanId }) => servicePlanId))],
  };
}

/** One commercial subscription. Source: reference/microsoft-graph.md §3.4. */
export function toSubscription(wire: CompanySubscriptionWire, notes: Notes): SubscriptionRow {
  noteUnknown(wire.status, subscriptionStatuses, "status", notes);
  const lower = (value: string | null | undefined, field: string) =>
    cleanText(value, field, notes)?.toLowerCase() ?? null;
  return {
    subscriptionId: lower(wire.id, "id") ?? "",
    commerceSubscriptionId: lower(wire.commerceSubscriptionId, "commerceSubscriptionId"),
    skuId: wire.skuId ?? null,
    partNumber: cleanText(wire.skuPartNumber, "skuPartNumber", notes),
    status: cleanText(wire.status, "status", notes),
    totalUnits: wire.totalLicenses ?? null,
    trial: wire.isTrial ?? null,
    createdAt: instantOrNull(wire.createdDateTime, "createdDateTime", notes),
    nextLifecycleAt: instantOrNull(wire.nextLifecycleDateTime, "nextLifecycleDateTime", notes),
    partnerTenantId: lower(wire.ownerTenantId, "ownerTenantId"),
  };
}

export const toGroup = (wire: GroupWire, notes: Notes): GroupRow => ({
  groupId: wire.id,
  displayName: cleanText(wire.displayName, "displayName", notes),
});

/** A soft-deleted user; its licenses are shown, never counted. Source: reference/microsoft-graph.md §5 rule 9. */
export function toDeletedUser(wire: DeletedUserWire, notes: Notes): DeletedUserRow {
  const licenses = parseEntries(
    wire.assignedLicenses,
    assignedLicenseWire,
    "assignedLicenses",
    notes,
  );
  return {
    userId: wire.id,
    userPrincipalName: cleanText(wire.userPrincipalName, "userPrincipalName", notes),
    displayName: cleanText(wire.displayName, "displayName", notes),
    deletedAt: instantOrNull(wire.deletedDateTime, "deletedDateTime", notes),
    skuIds: [...new Set(licenses.map(({ skuId }) => skuId))],
  };
}

/**
 * Sign-in dates of one account. A date that cannot be read refuses the row: as null it would say "never used".
 * Source: DESIGN §5 Activity, reference/microsoft-graph.md §3.5.
 */
export function toSignIn(wire: SignInUserWire): SignInRow | QuarantinedRow {
  const activity = wire.signInActivity;
  const successful = parseInstant(activity?.lastSuccessfulSignInDateTime);
  const interactive = parseInstant(activity?.lastSignInDateTime);
  const nonInteractive = parseInstant(activity?.lastNonInteractiveSignInDateTime);
  if ([successful, interactive, nonInteractive].some(({ kind }) => kind === "invalid")) {
    return refuse("signInActivity", "invalid-date");
  }
  const iso = (parsed: typeof successful) => (parsed.kind === "instant" ? parsed.iso : null);
  return {
    userId: wire.id,
    lastSuccessfulAt: iso(successful),
    lastInteractiveAt: iso(interactive),
    lastNonInteractiveAt: iso(nonInteractive),
  };
}

export const toReportSettings = (wire: { displayConcealedNames: boolean }): ReportSettingsRow => ({
  concealed: wire.displayConcealedNames,
});
