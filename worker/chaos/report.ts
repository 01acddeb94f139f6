import type { Dataset } from "#lib/domain/import";
import type { Difference } from "./differences.ts";
import type { Moment } from "./plan.ts";
import type { KillKind } from "./world.ts";

/** What is known of something that must not be, with where to look for it again. */
export interface Problem {
  readonly kind: "difference" | "failed" | "stuck" | "half-snapshot" | "worker-died";
  readonly where: string;
  readonly details: unknown;
}

/** The result of a run; figures first, as `--json` prints it. */
export interface ChaosReport {
  readonly seed: number;
  readonly kills: number;
  readonly imports: number;
  /** Rows that were not as the tenant has them. */
  readonly differences: number;
  readonly halfSnapshotsSeen: number;
  /** Runs that ended without publishing, and runs without progress for two minutes. */
  readonly failedRuns: number;
  readonly stuckRuns: number;
  /** Processes that ended without being killed. */
  readonly workersDied: number;
  readonly looks: number;
  readonly rowsCompared: number;
  readonly seconds: number;
  readonly killsByKind: Readonly<Record<KillKind, number>>;
  readonly killsByMoment: Readonly<Record<Moment["at"], number>>;
  readonly importsByDataset: Readonly<Record<Dataset, number>>;
  /** From a kill to the next sign of progress of the run it was aimed at, seconds. */
  readonly medianRecovery: number;
  readonly longestRecovery: number;
  readonly problems: readonly Problem[];
}

/** At most so many rows of a difference are told one by one. */
const toldRows = 10;

export const differenceProblem = (where: string, found: readonly Difference[]): Problem => ({
  kind: "difference",
  where,
  details: found.slice(0, toldRows),
});

/** Whether readers were lied to, or somebody would have had to get up at night. */
export const isClean = (report: ChaosReport): boolean =>
  report.differences === 0 &&
  report.halfSnapshotsSeen === 0 &&
  report.failedRuns === 0 &&
  report.stuckRuns === 0 &&
  report.workersDied === 0;
