import type { DayNumber } from "./days.ts";
import type { AccountKind } from "./identity.ts";
import type { Grant } from "./profile.ts";
import { between, fractionAt, pick } from "./random.ts";
import { type Sku, type SkuKey, skus } from "./skus.ts";
import type { SeedTenant } from "./tenant.ts";

/** A licenseAssignmentStates row: `group` null = assigned directly. */
export type AssignmentRow = {
  sku: Sku;
  group: string | null;
  state: "Active" | "ActiveWithError" | "Error";
  error:
    | "None"
    | "CountViolation"
    | "MutuallyExclusiveViolation"
    | "DependencyViolation"
    | "ProhibitedInUsageLocationViolation";
  updated: DayNumber;
};

/** A SKU a user holds. `rows` says how, and is empty when Graph lost track of it. */
export type HeldLicense = {
  sku: Sku;
  disabledPlans: readonly string[];
  rows: readonly AssignmentRow[];
};

/** The licenses of account `index`. */
export function licensesAt(
  tenant: SeedTenant,
  index: number,
  kind: AccountKind,
  enabled: boolean,
  created: DayNumber,
): { licenses: HeldLicense[]; failedRows: AssignmentRow[] } {
  const grants = grantsAt(tenant, index, kind, enabled);
  const licenses = grants.map((grant, i) => heldLicense(tenant, index, grant, i, created));
  const held = new Set(licenses.map((license) => license.sku.key));
  return {
    licenses,
    failedRows: kind === "person" ? failedRowsAt(tenant, index, held, created) : [],
  };
}

function grantsAt(tenant: SeedTenant, index: number, kind: AccountKind, enabled: boolean): Grant[] {
  const { seed, profile } = tenant;
  const r = fractionAt(seed, index, 50);
  switch (kind) {
    case "person":
      // A tidied-up leaver lost the license; most leavers of real tenants did not.
      return !enabled && r < 0.3 ? [] : personGrants(tenant, index);
    case "guest":
      return r < 0.12 ? [{ sku: "POWER_BI_PRO", via: "direct" }] : [];
    case "shared-mailbox":
      return r < 0.25 ? [{ sku: profile.sharedMailboxSku, via: "direct" }] : [];
    case "room":
      return r < 0.12
        ? [
            { sku: profile.roomSku, via: "direct" },
            { sku: profile.serviceSku, via: "direct" },
          ]
        : [{ sku: profile.roomSku, via: "direct" }];
    case "service":
      return r < 0.4 ? [{ sku: profile.serviceSku, via: "direct" }] : [];
    default:
      return kind satisfies never;
  }
}

function personGrants(tenant: SeedTenant, index: number): Grant[] {
  const { seed, profile } = tenant;
  const total = profile.bundles.reduce((sum, bundle) => sum + bundle.weight, 0);
  let r = fractionAt(seed, index, 51) * total;
  const bundle = profile.bundles.find((candidate) => {
    r -= candidate.weight;
    return r < 0;
  });
  const grants: Grant[] = [...(bundle?.grants ?? [])];
  const base = new Set<SkuKey>(grants.map((grant) => grant.sku));
  profile.addOns.forEach((addOn, i) => {
    const fits = addOn.on ? addOn.on.some((sku) => base.has(sku)) : grants.length > 0;
    if (fits && fractionAt(seed, index, 60 + i) < addOn.share)
      grants.push({ sku: addOn.sku, via: addOn.via });
  });
  return grants;
}

function heldLicense(
  tenant: SeedTenant,
  index: number,
  grant: Grant,
  order: number,
  created: DayNumber,
): HeldLicense {
  const { seed } = tenant;
  const { mix } = tenant.profile;
  const sku = skus[grant.sku];
  const updated = Math.max(created, tenant.today - between(seed, index, 80 + order, 0, 1200));
  const lost = fractionAt(seed, index, 90 + order) < mix.missingStates;
  const rows: AssignmentRow[] = [];
  if (grant.via === "direct")
    rows.push({ sku, group: null, state: "Active", error: "None", updated });
  else {
    const shaky = fractionAt(seed, index, 100 + order) < mix.activeWithError;
    rows.push({
      sku,
      group: groupId(tenant, grant.via),
      state: shaky ? "ActiveWithError" : "Active",
      error: shaky ? "DependencyViolation" : "None",
      updated,
    });
    if (fractionAt(seed, index, 110 + order) < mix.doubles) {
      rows.push({
        sku,
        group: null,
        state: "Active",
        error: "None",
        updated: Math.max(created, updated - 40),
      });
    }
  }
  const restricted = sku.plans.length > 5 && fractionAt(seed, index, 120 + order) < 0.15;
  const disabledPlans = restricted ? [pick(sku.plans, seed, index, 130 + order).id] : [];
  return { sku, disabledPlans, rows: lost ? [] : rows };
}

function failedRowsAt(
  tenant: SeedTenant,
  index: number,
  held: ReadonlySet<SkuKey>,
  created: DayNumber,
): AssignmentRow[] {
  const { seed, profile, groups } = tenant;
  if (groups.length === 0 || fractionAt(seed, index, 140) >= profile.mix.groupErrors) return [];
  const group = pick(groups, seed, index, 141);
  const error = pick(
    [
      "CountViolation",
      "CountViolation",
      "MutuallyExclusiveViolation",
      "ProhibitedInUsageLocationViolation",
    ] as const,
    seed,
    index,
    142,
  );
  const updated = Math.max(created, tenant.today - between(seed, index, 143, 0, 60));
  return group.skus
    .filter((sku) => !held.has(sku))
    .map((sku) => ({ sku: skus[sku], group: group.id, state: "Error", error, updated }));
}

function groupId(tenant: SeedTenant, key: string): string {
  const group = tenant.groups.find((candidate) => candidate.key === key);
  if (!group) throw new Error(`profile has no group ${key}`);
  return group.id;
}
