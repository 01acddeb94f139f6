import type { Maybe, Quantity } from "./quantity.ts";

/** `YYYY-MM-DD`, a UTC calendar day. */
export type UtcDay = string;

export type LicenseType = "named-user" | "tenant";
export type LicenseStatus = "active" | "retired";

/** Source: DESIGN §6 Spellings. `parallel-run`: shown, not counted, because a source of lower precedence still counts. */
export const retiredReasons = [
  "superseded-by-saas-management",
  "superseded-by-microsoft-365",
  "parallel-run",
  "no-longer-reported",
  "disconnected",
  "manual",
] as const;
export type RetiredReason = (typeof retiredReasons)[number];

/** Why all licenses of a connection at once are in no total: another connector counts for its tenant. */
export const leftOutReasons = [
  "superseded-by-saas-management",
  "superseded-by-microsoft-365",
  "parallel-run",
] as const satisfies readonly RetiredReason[];
export type LeftOutReason = (typeof leftOutReasons)[number];

export const compliances = ["compliant", "at-risk", "unknown", "not-applicable"] as const;
export type Compliance = (typeof compliances)[number];

/** Source: DESIGN §5 Flags. */
export const flags = [
  "expiring",
  "suspended",
  "depends-on-grace",
  "trial",
  "under-consumed",
  "orphan",
  "free-pool",
  "review-free-pool",
  "capacity",
  "contract-mismatch",
  "difference",
] as const;
export type Flag = (typeof flags)[number];

/** Consumers by origin; `errors` counts users whose assignment is in error, whether or not they hold the SKU. Seats. */
export interface AssignedCounts {
  readonly direct: number;
  readonly group: number;
  readonly both: number;
  readonly unknown: number;
  readonly errors: number;
}

export const activities = ["active", "inactive", "neverUsed", "tooNew", "unknown"] as const;
/** What an account's evidence says of a license on a day. Source: DESIGN §5 Activity. */
export type Activity = (typeof activities)[number];

/** Every consumer in exactly one class. Seats. */
export type ActivityCounts = Readonly<Record<Activity, number>>;

/** Microsoft's count against ours. Seats; total = moved + unexplained. Source: DESIGN §5 `difference`. */
export interface Difference {
  readonly total: number;
  readonly moved: number;
  readonly unexplained: number;
}

/** Contract position, apart from compliance. `uncovered` in seats. Source: DESIGN §5. */
export type ContractPosition =
  | { readonly kind: "covered" }
  | { readonly kind: "short"; readonly uncovered: number }
  | { readonly kind: "no-purchase" }
  | { readonly kind: "unknown" };

/** The position of one license on one day, from one set of published snapshots. All quantities in seats. */
export interface LicensePosition {
  readonly evaluatedOn: UtcDay;
  readonly type: LicenseType;
  readonly status: LicenseStatus;
  readonly retiredReason: RetiredReason | null;
  readonly enabled: Quantity;
  readonly expiring: Quantity;
  readonly suspended: Quantity;
  readonly lockedOut: Quantity;
  readonly entitled: Quantity;
  readonly reported: Quantity;
  readonly consumed: Quantity;
  readonly difference: Maybe<Difference>;
  readonly trial: Quantity;
  readonly available: Quantity;
  readonly shortfall: Quantity;
  readonly purchased: Quantity;
  readonly contract: ContractPosition;
  readonly assigned: Maybe<AssignedCounts>;
  readonly activity: Maybe<ActivityCounts>;
  readonly blocked: Quantity;
  readonly guests: Quantity;
  readonly compliance: Compliance;
  readonly flags: readonly Flag[];
}
