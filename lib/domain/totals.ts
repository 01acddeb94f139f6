import { compliances } from "./license.ts";
import type { LicenseItem } from "./license-item.ts";
import type { LicenseTotals } from "./overview.ts";
import { exposure } from "./reclaim-money.ts";

/** What a license gives to totals. */
export type TotalledLicense = Pick<
  LicenseItem,
  | "status"
  | "compliance"
  | "available"
  | "shortfall"
  | "activity"
  | "consumed"
  | "idleUnits"
  | "unassignedUnits"
  | "monthlyPrice"
>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/**
 * Totals over licenses, of which only Active ones count. Nothing is netted: Σ shortfall and Σ positive available stand
 * side by side, because one tenant's surplus does not cover another's shortfall; licenses compliance does not apply to
 * (free pools, capacity) give neither, since their units say nothing about seats; money is per currency; a license whose
 * availability is unknown is counted as such and adds no 0. Seats. Source: DESIGN §5 Totals, fault-catalogue E5, E11, E12.
 * `licenseTotals` of db/queries/license-totals.ts gives the same from stored positions.
 */
export const totalsOf = (licenses: readonly TotalledLicense[]): LicenseTotals => {
  const active = licenses.filter((license) => license.status === "active");
  const seated = active.filter((license) => license.compliance !== "not-applicable");
  const money = exposure(
    active.map((license) => ({
      price: license.monthlyPrice,
      idle: license.idleUnits,
      directIdle: 0,
      unassigned: license.unassignedUnits,
    })),
  );
  const byCompliance = { compliant: 0, "at-risk": 0, unknown: 0, "not-applicable": 0 };
  for (const compliance of compliances) {
    byCompliance[compliance] = active.filter((one) => one.compliance === compliance).length;
  }
  return {
    active: active.length,
    retired: licenses.length - active.length,
    byCompliance,
    shortfall: sum(seated.map((license) => license.shortfall ?? 0)),
    surplus: sum(seated.map((license) => Math.max(0, license.available ?? 0))),
    unknownAvailability: seated.filter((license) => license.available === null).length,
    exposure: money.amounts,
    idleUnits: sum(active.map((license) => license.idleUnits + (license.unassignedUnits ?? 0))),
    unpricedIdleUnits: money.unpricedUnits,
    unknownUse: seated.filter(({ activity, consumed }) => activity === null && consumed !== 0)
      .length,
  };
};
