import { complianceOf } from "./position-rules.ts";
import { known, type Quantity, unknown } from "./quantity.ts";
import type { SwitchLicense } from "./switch-facts.ts";

/** Totals over the licenses that count. Seats; nothing is netted, unknown ones are counted as such. */
export interface SwitchTotals {
  readonly licenses: number;
  readonly atRisk: number;
  readonly unknown: number;
  readonly entitled: number;
  readonly consumed: number;
  readonly shortfall: number;
  readonly surplus: number;
}

const quantity = (value: number | null): Quantity =>
  value === null ? unknown("not-reported") : known(value);

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

/** Totals over licenses that count; those compliance does not apply to give no seats. Source: DESIGN §5 Totals. */
export const totalsOf = (counting: readonly SwitchLicense[]): SwitchTotals => {
  const positions = counting.map((license) => ({
    license,
    compliance: complianceOf({
      status: "active",
      tenantWide: license.type === "tenant",
      freePool: license.flags.includes("free-pool"),
      entitled: quantity(license.entitled),
      consumed: quantity(license.consumed),
      // What is available is not told where accounts may hold more than was counted.
      notRead: license.available === null ? Number.POSITIVE_INFINITY : 0,
    }),
  }));
  const seated = positions.filter(({ compliance }) => compliance !== "not-applicable");
  const available = seated.flatMap(({ license }) => license.available ?? []);
  return {
    licenses: counting.length,
    atRisk: positions.filter(({ compliance }) => compliance === "at-risk").length,
    unknown: positions.filter(({ compliance }) => compliance === "unknown").length,
    entitled: sum(seated.map(({ license }) => license.entitled ?? 0)),
    consumed: sum(seated.map(({ license }) => license.consumed ?? 0)),
    shortfall: sum(available.map((units) => Math.max(0, -units))),
    surplus: sum(available.map((units) => Math.max(0, units))),
  };
};

/** Totals of several tenants taken together, field by field. */
export const addTotals = (all: readonly SwitchTotals[]): SwitchTotals => {
  const of = (field: keyof SwitchTotals) => sum(all.map((totals) => totals[field]));
  return {
    licenses: of("licenses"),
    atRisk: of("atRisk"),
    unknown: of("unknown"),
    entitled: of("entitled"),
    consumed: of("consumed"),
    shortfall: of("shortfall"),
    surplus: of("surplus"),
  };
};
