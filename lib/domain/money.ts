/** A decimal string with at most four places, never a float, and its ISO 4217 currency. Source: DESIGN §6. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** Price of one seat for one month. `list` is Microsoft's list price, `entered` the customer's own. */
export interface MonthlyPrice extends Money {
  readonly source: "list" | "entered";
  /** Date of the price as its source gives it (`2026-07-01`, `2026`), null when undated. */
  readonly asOf: string | null;
}
