import type { ConnectionStatus } from "./connection.ts";

/** Why a connection's numbers are older than its schedule allows. */
export const overdueReasons = [
  "paused",
  "action-needed",
  "no-worker",
  "import-failed",
  "not-started",
] as const;
export type OverdueReason = (typeof overdueReasons)[number];

export interface Overdue {
  readonly reason: OverdueReason;
  /** When the import was due that did not bring new numbers. */
  readonly dueAt: Date;
}

/** An import that was due this long ago and has not begun is late, ms. */
export const overdueAfterMs = 3_600_000;

/** After this long without a sign of any worker nothing moves, s. Source: UX "Waiting is a place". */
const workerMissedAfter = 60;

/** Failed imports in a row from which on the schedule counts as not kept. One may be Microsoft's bad night. */
const failuresInRow = 2;

export interface OverdueFacts {
  readonly status: ConnectionStatus;
  /** The last run that was due at least `overdueAfterMs` ago while this schedule was in force; null = none yet. */
  readonly dueAt: Date | null;
  /** When the directory was last read that is published. */
  readonly publishedAt: Date | null;
  /** When an import last began or the schedule last met one that went on. */
  readonly startedAt: Date | null;
  readonly importing: boolean;
  /** Directory reads that failed since the last one that did not. */
  readonly failedInRow: number;
  /** Null = no worker ever. */
  readonly workerSeenSecondsAgo: number | null;
}

/**
 * Whether the schedule is not kept, and why; null while it is, also when one import failed, waits for a decision or is
 * still reading: those are told as what they are.
 */
export const findOverdue = (facts: OverdueFacts): Overdue | null => {
  const { status, dueAt, publishedAt, startedAt } = facts;
  if (dueAt === null) return null;
  if (publishedAt !== null && publishedAt >= dueAt) return null;
  const noWorker =
    facts.workerSeenSecondsAgo === null || facts.workerSeenSecondsAgo > workerMissedAfter;
  const because = (reason: OverdueReason): Overdue => ({ reason, dueAt });
  if (startedAt !== null && startedAt >= dueAt) {
    if (facts.importing) return noWorker ? because("no-worker") : null;
    if (facts.failedInRow < failuresInRow) return null;
    return because(status === "action-needed" ? "action-needed" : "import-failed");
  }
  if (status === "paused") return because("paused");
  if (noWorker) return because("no-worker");
  return because(status === "action-needed" ? "action-needed" : "not-started");
};
