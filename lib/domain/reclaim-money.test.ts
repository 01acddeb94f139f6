import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMoney } from "./money.ts";
import {
  exposure,
  type ReclaimableUnits,
  reassignableNow,
  reducibleAtRenewal,
  reducibleUnits,
} from "./reclaim-money.ts";

const e3: ReclaimableUnits = {
  price: { amount: "39.00", currency: "USD" },
  idle: 10,
  directIdle: 4,
  unassigned: 6,
};
const visio: ReclaimableUnits = {
  price: { amount: "14.10", currency: "EUR" },
  idle: 2,
  directIdle: 2,
  unassigned: null,
};
const unpriced: ReclaimableUnits = { price: null, idle: 5, directIdle: 1, unassigned: 3 };

describe("money of opportunities", () => {
  it("E11: per currency, and what has no price is unpriced, not 0", () => {
    expect(exposure([e3, visio, unpriced])).toEqual({
      amounts: [
        { amount: "28.20", currency: "EUR" },
        { amount: "624.00", currency: "USD" },
      ],
      unpricedUnits: 8,
    });
    expect(reassignableNow([e3, visio, unpriced])).toEqual({
      amounts: [
        { amount: "28.20", currency: "EUR" },
        { amount: "390.00", currency: "USD" },
      ],
      unpricedUnits: 4,
    });
  });

  it("says nothing in a currency without units", () => {
    const idleNone = { ...e3, idle: 0, directIdle: 0, unassigned: 0 };
    expect(exposure([idleNone])).toEqual({ amounts: [], unpricedUnits: 0 });
  });

  it.each([
    [10, 6, 100, 16],
    [10, 6, 12, 12],
    [10, 6, null, null],
    [10, null, 100, null],
  ])("reducible: %o idle, %o unassigned, %o deciding: %o", (idle, unassigned, deciding, units) => {
    expect(reducibleUnits({ idle, unassigned, deciding })).toBe(units);
  });

  it("leaves licenses without a decision date out of the reducible money", () => {
    expect(
      reducibleAtRenewal([
        { price: e3.price, reducible: 12 },
        { price: visio.price, reducible: null },
        { price: null, reducible: 2 },
      ]),
    ).toEqual({ amounts: [{ amount: "468.00", currency: "USD" }], unpricedUnits: 2 });
  });

  it("reassignable now is a part of the exposure", () => {
    const license = fc
      .record({
        idle: fc.nat(5_000),
        direct: fc.nat(5_000),
        unassigned: fc.option(fc.nat(5_000), { nil: null }),
        cents: fc.integer({ min: 1, max: 20_000 }),
      })
      .map(({ idle, direct, unassigned, cents }) => ({
        price: {
          amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`,
          currency: "USD",
        },
        idle,
        directIdle: Math.min(idle, direct),
        unassigned,
      }));
    fc.assert(
      fc.property(fc.array(license, { maxLength: 20 }), (licenses) => {
        const [whole] = exposure(licenses).amounts;
        const [part] = reassignableNow(licenses).amounts;
        if (part === undefined) return;
        if (whole === undefined) throw new Error("a part without its whole");
        expect(compareMoney(part, whole)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
