import fc from "fast-check";
import { expect, it } from "vitest";
import { countsDisagree } from "./disagreement.ts";

it.each([
  ["exactly a third fewer", 200, 300, false],
  ["one seat more than a third", 199, 300, true],
  ["a third that is no whole number", 67, 100, false],
  ["just above it", 66, 100, true],
  ["two seats, however few there are", 0, 2, false],
  ["three of three", 0, 3, true],
  ["three of nine are a third", 6, 9, false],
  ["three of eight are more", 5, 8, true],
  ["alike", 7, 7, false],
])("%s: %d against %d", (_title, one, other, disagree) => {
  expect(countsDisagree(one, other)).toBe(disagree);
});

it("is the same from either side, and never held against a count below three", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (a, b) => {
      expect(countsDisagree(a, b)).toBe(countsDisagree(b, a));
      if (Math.max(a, b) < 3) expect(countsDisagree(a, b)).toBe(false);
    }),
  );
});
