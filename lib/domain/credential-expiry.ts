import { daysBetween } from "./utc-day.ts";

/** How near a credential's end is, the furthest first. */
export const expiryStages = ["60-days", "30-days", "7-days", "1-day", "expired"] as const;
export type ExpiryStage = (typeof expiryStages)[number];

const daysOfStage: Readonly<Record<Exclude<ExpiryStage, "expired">, number>> = {
  "60-days": 60,
  "30-days": 30,
  "7-days": 7,
  "1-day": 1,
};

/** UTC calendar days until the credential's last day; negative once that is past. */
export const daysLeft = (expiresAt: Date, now: Date): number =>
  daysBetween(now.toISOString().slice(0, 10), expiresAt.toISOString().slice(0, 10));

/** The stage a credential has reached; null while more than 60 days are left. Expired to the instant, not to the day. */
export const expiryStage = (expiresAt: Date, now: Date): ExpiryStage | null => {
  if (expiresAt.getTime() <= now.getTime()) return "expired";
  const left = daysLeft(expiresAt, now);
  return stagesNearestFirst.find((stage) => left <= daysOfStage[stage]) ?? null;
};

/**
 * The stage of a credential that was made for a known time: a stage it was born into is no news, so a token of 30 days is
 * told 7 days before its end, and one of 90 days like any other.
 */
export const expiryStageSince = (madeAt: Date, expiresAt: Date, now: Date): ExpiryStage | null => {
  const stage = expiryStage(expiresAt, now);
  if (stage === null || stage === "expired") return stage;
  return daysLeft(expiresAt, madeAt) > daysOfStage[stage] ? stage : null;
};

const stagesNearestFirst = ["1-day", "7-days", "30-days", "60-days"] as const;

/**
 * Orders credentials by what has to be done: the expired, then those at another stage of their end, both by date, then those whose end nobody knows,
 * then the rest by date.
 */
export const byUrgency = (one: Ending, other: Ending): number =>
  rankOf(one) - rankOf(other) || (one.expiresAt ?? "").localeCompare(other.expiresAt ?? "");

interface Ending {
  /** ISO UTC; null = not known. */
  readonly expiresAt: string | null;
  readonly stage: ExpiryStage | null;
}

const rankOf = ({ expiresAt, stage }: Ending): number => {
  if (stage !== null) return stage === "expired" ? 0 : 1;
  return expiresAt === null ? 2 : 3;
};
