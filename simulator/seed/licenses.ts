import type { Account, AccountKind } from "./account.ts";
import type { DayNumber } from "./days.ts";
import { moreGrantsAt } from "./more-licenses.ts";
import { between, fractionAt, pick } from "./random.ts";
import type { Sku } from "./skus.ts";
import type { SeedGrant, SeedTenant } from "./tenant.ts";

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
  { kind, enabled, created }: Account,
): { licenses: HeldLicense[]; failedRows: AssignmentRow[] } {
  const grants = grantsAt(tenant, index, kind, enabled);
  const licenses = grants.map((grant, i) => heldLicense(tenant, index, grant, i, created));
  return {
    licenses,
    failedRows: kind === "person" ? failedRowsAt(tenant, index, licenses, created) : [],
  };
}

function grantsAt(
  tenant: SeedTenant,
  index: number,
  kind: AccountKind,
  enabled: boolean,
): readonly SeedGrant[] {
  const { seed, grants } = tenant;
  const r = fractionAt(seed, index, 50);
  switch (kind) {
    case "person":
      // A tidied-up leaver lost the license; most leavers of real tenants did not.
      return !enabled && r < 0.3 ? [] : personGrants(tenant, index);
    case "guest":
      return r < 0.12 ? [grants.guest] : [];
    case "shared-mailbox":
      return r < 0.25 ? [grants.sharedMailbox] : [];
    case "room":
      return r < 0.12 ? [grants.room, grants.service] : [grants.room];
    case "service":
      return r < 0.4 ? [grants.service] : [];
    default:
      return kind satisfies never;
  }
}

function personGrants(tenant: SeedTenant, index: number): readonly SeedGrant[] {
  const { seed, grants: table, more } = tenant;
  let r = fractionAt(seed, index, 51) * table.totalWeight;
  const bundle = table.bundles.find((candidate) => {
    r -= candidate.weight;
    return r < 0;
  });
  const base = bundle?.grants ?? [];
  if (base.length === 0) return base;
  const grants = [...base];
  table.addOns.forEach((addOn, i) => {
    if (fractionAt(seed, index, 60 + i) >= addOn.share) return;
    const { on } = addOn;
    if (on === undefined || base.some(({ sku }) => on.includes(sku))) grants.push(addOn);
  });
  if (more !== null) grants.push(...moreGrantsAt(more, seed, index));
  return grants;
}

function heldLicense(
  tenant: SeedTenant,
  index: number,
  grant: SeedGrant,
  order: number,
  created: DayNumber,
): HeldLicense {
  const { seed } = tenant;
  const { mix } = tenant.profile;
  const { sku, group } = grant;
  const updated = Math.max(created, tenant.today - between(seed, index, 80 + order, 0, 1200));
  const lost = fractionAt(seed, index, 90 + order) < mix.missingStates;
  const rows: AssignmentRow[] = [];
  if (group === null) rows.push({ sku, group: null, state: "Active", error: "None", updated });
  else {
    const shaky = fractionAt(seed, index, 100 + order) < mix.activeWithError;
    rows.push({
      sku,
      group: group.id,
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
  held: readonly HeldLicense[],
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
    .filter((sku) => !held.some((license) => license.sku === sku))
    .map((sku) => ({ sku, group: group.id, state: "Error", error, updated }));
}
