import type { Activity, UtcDay } from "./license.ts";
import { firstReason, known, type Maybe, type UnavailableReason, unknown } from "./quantity.ts";
import { addDays, daysBetween, latestDay } from "./utc-day.ts";

/** Evidence older than this many days before the evaluation day counts as stale. Source: DESIGN §5 Activity. */
export const staleAfterDays = 10;

/**
 * From this day Microsoft records successful sign-ins, so that a date without one is a failed attempt.
 * Source: DESIGN §5 Activity, reference/microsoft-graph.md §3.5.
 */
const successfulSignInsSince: UtcDay = "2023-12-01";

/** signInActivity of one account as UTC days; null = absent (see `toUtcDay`). */
export interface SignInDays {
  readonly lastSuccessfulAt: UtcDay | null;
  readonly lastInteractiveAt: UtcDay | null;
  readonly lastNonInteractiveAt: UtcDay | null;
}

/**
 * The day of the last sign-in that is evidence of use. The interactive and non-interactive dates also count failed
 * attempts: each is evidence only when there is no successful one and it is before 2023-12-01.
 * Source: DESIGN §5 Activity, fault-catalogue B37.
 */
export const signInEvidence = (days: SignInDays): UtcDay | null =>
  days.lastSuccessfulAt ??
  latestDay(
    [days.lastInteractiveAt, days.lastNonInteractiveAt].filter(
      (day) => day !== null && day < successfulSignInsSince,
    ),
  );

/** Two days that carry the whole rule, so that SQL can compare with them as well. Both are inclusive. */
export interface ActivityCutoffs {
  /** Evidence on this day or later is `active`. */
  readonly activeSince: UtcDay;
  /** An account created, or a license assigned, on this day or later is younger than the grace. */
  readonly newSince: UtcDay;
}

/**
 * Evidence exactly `windowDays` old is active; an account exactly `graceDays` old is not younger than that.
 * Source: DESIGN §5 Activity, fault-catalogue B36.
 */
export const activityCutoffs = (input: {
  readonly evaluatedOn: UtcDay;
  readonly windowDays: number;
  readonly graceDays: number;
}): ActivityCutoffs => ({
  activeSince: addDays(input.evaluatedOn, -input.windowDays),
  newSince: addDays(input.evaluatedOn, 1 - input.graceDays),
});

/** What the account and its assignment say. */
export interface ActivityFacts {
  /** Latest evidence from every usable source; null = none. */
  readonly evidence: UtcDay | null;
  /** Day the account was created; null counts as old. */
  readonly createdOn: UtcDay | null;
  /** Earliest day of the assignment's working rows; null counts as old. */
  readonly assignedOn: UtcDay | null;
  /** The sign-ins snapshot is usable and has this account. */
  readonly signInsCover: boolean;
  readonly cutoffs: ActivityCutoffs;
}

/** The account's activity for one license, first rule that fits. Source: DESIGN §5 Activity, rules 1 to 5. */
export const classifyActivity = (facts: ActivityFacts): Activity => {
  const { evidence, cutoffs } = facts;
  const isNew = (day: UtcDay | null): boolean => day !== null && day >= cutoffs.newSince;
  if (evidence !== null && evidence >= cutoffs.activeSince) return "active";
  if (isNew(facts.createdOn) || isNew(facts.assignedOn)) return "tooNew";
  if (evidence !== null) return "inactive";
  return facts.signInsCover ? "neverUsed" : "unknown";
};

/** How sign-ins, or usage, stand for a connection. */
export interface EvidenceSource {
  /**
   * The published snapshot; null before the first. `asOf`: the day a sign-ins snapshot was read, the Report Refresh
   * Date of the active-users report for usage (null = the file gave none). `concealed`: names cannot be joined.
   */
  readonly snapshot: { readonly asOf: UtcDay | null; readonly concealed: boolean } | null;
  /** Why the latest attempt got nothing, where that is known; null when it succeeded or was never made. */
  readonly unavailable: UnavailableReason | null;
}

/**
 * The day a source's evidence reaches to on the evaluation day, or the first reason why it gives none. A snapshot that
 * is fresh stays usable although a later attempt was refused. Source: DESIGN §5 Activity, fault-catalogue B18, B20, B38.
 */
export const usableSource = (source: EvidenceSource, evaluatedOn: UtcDay): Maybe<UtcDay> => {
  const { snapshot, unavailable } = source;
  if (snapshot === null) return unknown(unavailable ?? "not-imported");
  const stale = snapshot.asOf === null || daysBetween(snapshot.asOf, evaluatedOn) > staleAfterDays;
  if (snapshot.asOf !== null && !stale && !snapshot.concealed) return known(snapshot.asOf);
  const own: UnavailableReason = snapshot.concealed ? "concealed" : "stale";
  return unknown(unavailable === null ? own : firstReason([own, unavailable]));
};

/** Which sources a license's activity rests on. At least one is true. */
export interface ActivityBasis {
  readonly signIns: boolean;
  readonly usage: boolean;
}

/** What activity can rest on; with neither source the first fitting reason of the two. Source: DESIGN §5, B38. */
export const activityBasis = (
  signIns: Maybe<UtcDay>,
  usage: Maybe<UtcDay>,
): Maybe<ActivityBasis> =>
  signIns.kind === "unknown" && usage.kind === "unknown"
    ? unknown(firstReason([signIns.reason, usage.reason]))
    : known({ signIns: signIns.kind === "known", usage: usage.kind === "known" });
