/** Why a seat could be reclaimed, in order of precedence per assignment; `unassigned` is per license. Source: DESIGN §5. */
export const opportunityKinds = [
  "blocked-account",
  "never-used",
  "inactive",
  "unassigned",
] as const;
export type OpportunityKind = (typeof opportunityKinds)[number];

export const confidences = ["high", "medium", "low"] as const;
/** `low` stands in the list and in no money figure. Source: DESIGN §5. */
export type Confidence = (typeof confidences)[number];
