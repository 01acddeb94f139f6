import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compliances } from "./license.ts";
import { type TotalledLicense, totalsOf } from "./totals.ts";

const used = { active: 1, inactive: 0, neverUsed: 0, tooNew: 0, unknown: 0 };
const license = (given: Partial<TotalledLicense> = {}): TotalledLicense => ({
  status: "active",
  compliance: "compliant",
  available: 0,
  shortfall: 0,
  consumed: 1,
  activity: used,
  idleUnits: 0,
  unassignedUnits: 0,
  monthlyPrice: null,
  ...given,
});
const price = (amount: string, currency: string) =>
  ({ amount, currency, source: "list", asOf: null }) as const;

describe("totalsOf", () => {
  it("E5: a surplus here does not cover a shortfall there", () => {
    const totals = totalsOf([
      license({ available: 40 }),
      license({ available: -25, shortfall: 25, compliance: "at-risk" }),
    ]);
    expect([totals.surplus, totals.shortfall]).toEqual([40, 25]);
    expect(totals.byCompliance).toEqual({
      compliant: 1,
      "at-risk": 1,
      unknown: 0,
      "not-applicable": 0,
    });
  });

  it("E12: retired licenses are counted and in no total", () => {
    const totals = totalsOf([
      license({
        status: "retired",
        compliance: "not-applicable",
        available: -9,
        shortfall: 9,
        idleUnits: 5,
        monthlyPrice: price("10", "USD"),
      }),
    ]);
    expect(totals).toEqual({
      active: 0,
      retired: 1,
      byCompliance: { compliant: 0, "at-risk": 0, unknown: 0, "not-applicable": 0 },
      shortfall: 0,
      surplus: 0,
      unknownAvailability: 0,
      exposure: [],
      idleUnits: 0,
      unpricedIdleUnits: 0,
      unknownUse: 0,
    });
  });

  it("counts apart of which licenses nobody knows whether their seats are used", () => {
    const totals = totalsOf([
      license({ activity: null }),
      license({ activity: null, consumed: null }),
      license({ activity: null, consumed: 0 }),
      license({ activity: null, compliance: "not-applicable" }),
      license({ activity: null, status: "retired" }),
      license(),
    ]);
    expect([totals.unknownUse, totals.idleUnits]).toEqual([2, 0]);
  });

  it("leaves the units of free pools out of both sums", () => {
    const pool = { compliance: "not-applicable", available: 999_990 } as const;
    const totals = totalsOf([license({ available: 4 }), license(pool)]);
    expect([totals.surplus, totals.byCompliance["not-applicable"]]).toEqual([4, 1]);
  });

  it("E6: an unknown is counted apart; a license not assigned to people is no unknown", () => {
    const nothing = { available: null, shortfall: null, unassignedUnits: null } as const;
    const totals = totalsOf([
      license({ ...nothing, compliance: "unknown" }),
      license({
        ...nothing,
        compliance: "not-applicable",
      }),
    ]);
    expect(totals.unknownAvailability).toBe(1);
    expect(totals.byCompliance.unknown).toBe(1);
  });

  it("E11: money per currency, unpriced seats apart", () => {
    const totals = totalsOf([
      license({ idleUnits: 10, unassignedUnits: 2, monthlyPrice: price("39", "USD") }),
      license({ idleUnits: 1, unassignedUnits: null, monthlyPrice: price("8.40", "EUR") }),
      license({ idleUnits: 4 }),
    ]);
    expect(totals.exposure).toEqual([
      { amount: "8.40", currency: "EUR" },
      { amount: "468.00", currency: "USD" },
    ]);
    expect([totals.idleUnits, totals.unpricedIdleUnits]).toEqual([17, 4]);
  });

  const anyLicense = fc
    .record({
      retired: fc.boolean(),
      compliance: fc.constantFrom(...compliances),
      available: fc.option(fc.integer({ min: -5_000, max: 5_000 }), { nil: null }),
      idleUnits: fc.nat(100),
    })
    .map(({ retired, compliance, available, idleUnits }) =>
      license({
        status: retired ? "retired" : "active",
        compliance,
        available,
        shortfall: available === null ? null : Math.max(0, -available),
        idleUnits,
      }),
    );

  it("E5: totals of parts add up to the total of the whole, and never net", () => {
    fc.assert(
      fc.property(fc.array(anyLicense), fc.array(anyLicense), (here, there) => {
        const [a, b, all] = [totalsOf(here), totalsOf(there), totalsOf([...here, ...there])];
        expect(all.shortfall).toBe(a.shortfall + b.shortfall);
        expect(all.surplus).toBe(a.surplus + b.surplus);
        expect(all.active).toBe(Object.values(all.byCompliance).reduce((x, y) => x + y, 0));
        const net = [...here, ...there]
          .filter((one) => one.status === "active" && one.compliance !== "not-applicable")
          .reduce((total, one) => total + (one.available ?? 0), 0);
        expect(all.surplus - all.shortfall).toBe(net);
        expect(Math.min(all.surplus, all.shortfall)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
