import { type Money, type MonthlyPrice, multiplyMoney, sumByCurrency } from "./money.ts";

/** The opportunity units of one license on its day. Seats; confidence `low` is not among them. */
export interface ReclaimableUnits {
  /** Price of one seat and month; null = unpriced. */
  readonly price: Money | MonthlyPrice | null;
  /** Assignments of confidence high or medium. */
  readonly idle: number;
  /** Those of them that are assigned directly only, so that taking them away frees the seat at once. */
  readonly directIdle: number;
  /** Units nobody holds; null when not known. */
  readonly unassigned: number | null;
}

/** Money per month and currency, and the units that have no price (said as "unpriced", never as 0). */
export interface ReclaimMoney {
  readonly amounts: readonly Money[];
  readonly unpricedUnits: number;
}

const priced = (
  licenses: readonly ReclaimableUnits[],
  unitsOf: (license: ReclaimableUnits) => number,
): ReclaimMoney => ({
  amounts: sumByCurrency(
    licenses.flatMap((license) =>
      license.price === null || unitsOf(license) === 0
        ? []
        : [multiplyMoney(license.price, unitsOf(license))],
    ),
  ),
  unpricedUnits: licenses
    .filter((license) => license.price === null)
    .reduce((sum, license) => sum + unitsOf(license), 0),
});

/**
 * Exposure: monthly price × opportunity units of confidence high or medium, the unassigned block (which is counted, so
 * high) included. Per currency. Source: DESIGN §5 Money, fault-catalogue E11.
 */
export const exposure = (licenses: readonly ReclaimableUnits[]): ReclaimMoney =>
  priced(licenses, (license) => license.idle + (license.unassigned ?? 0));

/**
 * Reassignable now: the directly assigned part of the exposure plus unassigned, a part of the exposure and never added
 * to it. Per currency. Source: DESIGN §5 Money.
 */
export const reassignableNow = (licenses: readonly ReclaimableUnits[]): ReclaimMoney =>
  priced(licenses, (license) => license.directIdle + (license.unassigned ?? 0));

/**
 * Reducible at renewal, of one license: units not needed on the decision date (idle and unassigned), at most the paid
 * units that reach a decision then. Seats. Null without a date or with an unknown. Source: DESIGN §5 Money.
 */
export const reducibleUnits = (license: {
  readonly idle: number;
  readonly unassigned: number | null;
  /** Paid units that reach a decision on the date; null = no date. */
  readonly deciding: number | null;
}): number | null =>
  license.deciding === null || license.unassigned === null
    ? null
    : Math.min(license.idle + license.unassigned, license.deciding);

/** Money reducible at renewal over licenses: those without a date (`reducible` null) have no part in it. Per currency. */
export const reducibleAtRenewal = (
  licenses: readonly { readonly price: Money | null; readonly reducible: number | null }[],
): ReclaimMoney =>
  priced(
    licenses.map(({ price, reducible }) => ({
      price,
      idle: reducible ?? 0,
      directIdle: 0,
      unassigned: null,
    })),
    (license) => license.idle,
  );
