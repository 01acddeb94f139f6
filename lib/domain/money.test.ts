import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMoney,
  compareMoney,
  isAmount,
  type Money,
  multiplyMoney,
  normalAmount,
  sumByCurrency,
} from "./money.ts";

const usd = (amount: string): Money => ({ amount, currency: "USD" });
const eur = (amount: string): Money => ({ amount, currency: "EUR" });

describe("amounts", () => {
  it.each([
    ["57", "57.00"],
    ["0", "0.00"],
    ["3.5", "3.50"],
    ["3.500", "3.50"],
    ["3.505", "3.505"],
    ["0.0001", "0.0001"],
    ["10.1000", "10.10"],
    ["-0.05", "-0.05"],
    ["007.10", "7.10"],
  ])("%s is written %s", (amount, normal) => {
    expect(normalAmount(amount)).toBe(normal);
  });

  it.each(["", "1,5", "1.23456", "1e3", ".5", "5.", "NaN", " 1", "+1", "1_000"])(
    "%j is no amount",
    (text) => {
      expect(isAmount(text)).toBe(false);
      expect(() => multiplyMoney(usd(text), 1)).toThrow(RangeError);
    },
  );
});

describe("arithmetic", () => {
  it("is exact where floats are not", () => {
    expect(addMoney(usd("0.1"), usd("0.2"))).toEqual(usd("0.30"));
    expect(multiplyMoney(usd("1.005"), 1_000)).toEqual(usd("1005.00"));
    expect(multiplyMoney(usd("9999999999.9999"), 3_000_000)).toEqual(usd("29999999999999700.00"));
  });

  it("E11: never adds or compares two currencies", () => {
    expect(() => addMoney(usd("1"), eur("1"))).toThrow(RangeError);
    expect(() => compareMoney(usd("1"), eur("1"))).toThrow(RangeError);
  });

  it("refuses parts of a seat", () => {
    expect(() => multiplyMoney(usd("1"), 1.5)).toThrow(RangeError);
  });

  it("E11: sums per currency, in the order of their codes", () => {
    expect(sumByCurrency([usd("1.5"), eur("2"), usd("2.25")])).toEqual([eur("2.00"), usd("3.75")]);
    expect(sumByCurrency([])).toEqual([]);
  });

  it("multiplying is adding that many times, and order does not matter", () => {
    const amount = fc
      .tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 9_999 }))
      .map(([whole, places]) => usd(`${whole}.${String(places).padStart(4, "0")}`));
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: 20 }), (a, b, units) => {
        const added = Array.from({ length: units }, () => a).reduce(addMoney);
        expect(compareMoney(added, multiplyMoney(a, units))).toBe(0);
        expect(addMoney(a, b)).toEqual(addMoney(b, a));
      }),
    );
  });
});
