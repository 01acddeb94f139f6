import { expect, it } from "vitest";
import {
  annualCostOn,
  entitledByTerms,
  entitledGapOn,
  entitledGapText,
  type LicenseTerm,
  termProblems,
  termStateOn,
} from "./app-license.ts";
import { known, unknown } from "./quantity.ts";

const today = "2026-11-30";
const term = (given: Partial<LicenseTerm> = {}): LicenseTerm => ({
  type: "annual",
  units: 10,
  annualCost: "1200.50",
  currency: "EUR",
  startsOn: "2026-01-01",
  endsOn: "2026-12-31",
  problem: null,
  ...given,
});
const over = term({ startsOn: "2025-01-01", endsOn: "2025-12-31" });
const later = term({ startsOn: "2027-01-01", endsOn: null });

it.each([
  [term(), "in-force"],
  [term({ startsOn: today, endsOn: today }), "in-force"],
  [term({ startsOn: null, endsOn: null }), "in-force"],
  [over, "over"],
  [later, "later"],
  [term({ endsOn: "2026-11-29" }), "over"],
  [term({ startsOn: "2026-12-01" }), "later"],
] as const)("%j is %s", (given, state) => {
  expect(termStateOn(given, today)).toBe(state);
});

it("entitles to the units of the terms in force, the first and the last day included", () => {
  expect(entitledByTerms([term(), over, later, term({ units: 5 })], today)).toEqual(known(15));
  expect(entitledByTerms([over, later], today)).toEqual(known(0));
});

it("without terms, or with one in force that tells no units, nobody knows: never 0", () => {
  expect(entitledByTerms([], today)).toEqual(unknown("not-reported"));
  expect(entitledByTerms([term(), term({ units: null })], today)).toEqual(unknown("not-reported"));
  expect(entitledByTerms([term(), { ...over, units: null }], today)).toEqual(known(10));
});

it("costs what the terms in force cost a year, per currency", () => {
  const terms = [term(), term({ annualCost: "1.25" }), term({ currency: "USD" }), over];
  expect(annualCostOn(terms, today)).toEqual(
    known([
      { amount: "1201.75", currency: "EUR" },
      { amount: "1200.50", currency: "USD" },
    ]),
  );
  expect(annualCostOn([over], today)).toEqual(known([]));
  expect(annualCostOn([term({ annualCost: null })], today)).toEqual(unknown("not-reported"));
  expect(annualCostOn([term({ currency: null })], today)).toEqual(unknown("not-reported"));
  expect(annualCostOn([], today)).toEqual(unknown("not-reported"));
});

it.each([
  ["no term at all", [], "no-terms"],
  ["one in force without units", [term(), term({ units: null, problem: "no-units" })], "no-units"],
  ["one that is not told why", [term({ units: null })], "no-units"],
  ["one over without units", [term(), { ...over, units: null, problem: "no-units" }], null],
  [
    "one that ends before it begins",
    [term({ units: null, startsOn: null, endsOn: null, problem: "ends-before-it-begins" })],
    "ends-before-it-begins",
  ],
  ["units that are told", [term(), over], null],
] as const)("says why entitled is unknown by %s, and only then", (_title, terms, gap) => {
  expect(entitledGapOn(terms, today)).toBe(gap);
  expect(entitledByTerms(terms, today).kind === "unknown").toBe(gap !== null);
});

it("each gap has words of its own, with what to do", () => {
  const words = (["no-terms", ...termProblems] as const).map(entitledGapText);
  expect(new Set(words).size).toBe(words.length);
  for (const text of words) expect(text).toMatch(/unknown\. .*import again\.$/);
});
