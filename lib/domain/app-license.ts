import type { UtcDay } from "./license.ts";
import { isAmount, type Money, sumByCurrency } from "./money.ts";
import { combineKnown, known, type Maybe, type Quantity, unknown } from "./quantity.ts";

/** How a license of a managed application came by its skuId, or why it has none. */
export const licenseResolutions = [
  /** A person said so. */
  "mapping",
  /** Its own id is, or ends with, a SKU that Microsoft's product table knows. */
  "license-id",
  /** It is the one license of its application left for the one SKU its accounts hold without one. */
  "accounts",
  "unknown-sku",
  /** The part number stands for several SKUs. */
  "several-skus",
  /** Another license of the application stands for the same SKU. */
  "several-licenses",
  /** Its own id and the accounts name different SKUs. */
  "contradictory",
] as const;
export type LicenseResolution = (typeof licenseResolutions)[number];

/** Resolutions that no person decided: they are found anew by every import. */
export const isAutomatic = (resolution: LicenseResolution): boolean =>
  resolution === "license-id" || resolution === "accounts";

/** A license that an import links to another SKU than before, or to none, without a person having said so. */
export interface ChangedLink {
  readonly externalId: string;
  readonly name: string | null;
  /** Names of products; `after` null = not known any more. */
  readonly before: string;
  readonly after: string | null;
  readonly resolution: LicenseResolution;
}

/** What can be mapped to a skuId: a license of the application, or a SKU as it names those of its people. */
export const mappedKinds = ["license", "sku"] as const;
export type MappedKind = (typeof mappedKinds)[number];

/** Why a term does not tell how many units it has. */
export const termProblems = [
  /** Its number of items is not told. */
  "no-units",
  /** Neither its days nor its units can be believed. */
  "ends-before-it-begins",
  "unreadable",
] as const;
export type TermProblem = (typeof termProblems)[number];

/** One term of a license. Units are seats, cost is a decimal string for a year, days are UTC; null = not told. */
export interface LicenseTerm {
  readonly type: string | null;
  readonly units: number | null;
  readonly annualCost: string | null;
  readonly currency: string | null;
  /** First day it is valid. */
  readonly startsOn: UtcDay | null;
  /** Last day it is valid. */
  readonly endsOn: UtcDay | null;
  /** Null = its units are told. */
  readonly problem: TermProblem | null;
}

export const termStates = ["in-force", "later", "over"] as const;
export type TermState = (typeof termStates)[number];

/** Where a term stands on a day; one without days is always in force. */
export const termStateOn = (
  term: Pick<LicenseTerm, "startsOn" | "endsOn">,
  day: UtcDay,
): TermState => {
  if (term.endsOn !== null && term.endsOn < day) return "over";
  return term.startsOn !== null && term.startsOn > day ? "later" : "in-force";
};

const inForce = (terms: readonly LicenseTerm[], day: UtcDay): readonly LicenseTerm[] =>
  terms.filter((term) => termStateOn(term, day) === "in-force");

/**
 * Entitled = units of the terms in force. Unknown without terms, and when one in force does not tell its units; 0 when all
 * are over. Seats. Source: DESIGN §5 "Other sources".
 */
export const entitledByTerms = (terms: readonly LicenseTerm[], day: UtcDay): Quantity => {
  if (terms.length === 0) return unknown("not-reported");
  return inForce(terms, day)
    .map(({ units }): Quantity => (units === null ? unknown("not-reported") : known(units)))
    .reduce((sum, units) => combineKnown(sum, units, (a, b) => a + b), known(0));
};

/** Why what people may use is not known: there is no term, or one in force does not tell its units. */
export type EntitledGap = "no-terms" | TermProblem;

/** The first gap because of which `entitledByTerms` is unknown on a day; null = it is known. */
export const entitledGapOn = (terms: readonly LicenseTerm[], day: UtcDay): EntitledGap | null => {
  if (terms.length === 0) return "no-terms";
  const gap = inForce(terms, day).find(({ units }) => units === null);
  return gap === undefined ? null : (gap.problem ?? "no-units");
};

/** That gap in words: what is missing, what is unknown because of it, what to do. "# of items" is what people see there. */
export const entitledGapText = (gap: EntitledGap): string => {
  switch (gap) {
    case "no-terms":
      return "SaaS Management tells no term of this license, so what people may use is unknown. Enter it there, then import again.";
    case "no-units":
      return "A term in force has no number of items (# of items) in SaaS Management, so what people may use is unknown. Enter it there, then import again.";
    case "ends-before-it-begins":
      return "A term ends before it begins, so neither its days nor its number of items can be believed, and what people may use is unknown. Correct it in SaaS Management, then import again.";
    case "unreadable":
      return "A term could not be read, so what people may use is unknown. Check it in SaaS Management, then import again.";
    default:
      return gap satisfies never;
  }
};

/** Why what people may use is unknown on a day, in words; null where it is known. */
export const gapInWords = (terms: readonly LicenseTerm[], day: UtcDay): string | null => {
  const gap = entitledGapOn(terms, day);
  return gap === null ? null : entitledGapText(gap);
};

/** What the terms in force cost a year, per currency; unknown when one does not tell its cost or its currency. */
export const annualCostOn = (
  terms: readonly LicenseTerm[],
  day: UtcDay,
): Maybe<readonly Money[]> => {
  if (terms.length === 0) return unknown("not-reported");
  const costs = inForce(terms, day).map(({ annualCost, currency }) =>
    annualCost === null || currency === null || !isAmount(annualCost)
      ? null
      : { amount: annualCost, currency },
  );
  const told = costs.filter((cost) => cost !== null);
  return told.length < costs.length ? unknown("not-reported") : known(sumByCurrency(told));
};
