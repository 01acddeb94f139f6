import type { Dataset } from "#lib/domain/import";
import type { Moment } from "./plan.ts";
import type { ChaosReport, Problem } from "./report.ts";
import type { KillKind } from "./world.ts";

/** Counts while the program runs. */
export interface Tally {
  /** Takes one of the kills that are left; false when there are none. */
  takeKill(kind: KillKind, moment: Moment): boolean;
  readonly killsLeft: () => number;
  /** No further kill: imports under way end, and what was seen so far is reported. */
  stop(): void;
  recovered(ms: number): void;
  imported(datasets: readonly Dataset[], rows: number): void;
  problem(problem: Problem, rows?: number): void;
  report(
    seen: { readonly looks: number; readonly halfSnapshots: readonly string[] },
    died: readonly string[],
  ): ChaosReport;
}

export function createTally(seed: number, kills: number): Tally {
  const startedAt = Date.now();
  const killsByKind = { worker: 0, postgres: 0, "network-microsoft": 0, "network-database": 0 };
  const killsByMoment = { taken: 0, page: 0, "all-read": 0, publishing: 0 };
  const importsByDataset = { directory: 0, "sign-ins": 0, usage: 0 };
  const recoveries: number[] = [];
  const problems: Problem[] = [];
  let [left, done, imports, rowsCompared, differences] = [kills, 0, 0, 0, 0];
  const of = (kind: Problem["kind"]) => problems.filter((problem) => problem.kind === kind).length;
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    killsLeft: () => left,
    stop() {
      left = 0;
    },
    takeKill(kind, moment) {
      if (left === 0) return false;
      left -= 1;
      done += 1;
      killsByKind[kind] += 1;
      killsByMoment[moment.at] += 1;
      return true;
    },
    recovered: (ms) => void recoveries.push(ms),
    imported(datasets, rows) {
      imports += 1;
      rowsCompared += rows;
      for (const dataset of datasets) importsByDataset[dataset] += 1;
    },
    problem(problem, rows = 0) {
      differences += rows;
      problems.push(problem);
    },
    report({ looks, halfSnapshots }, died) {
      const sorted = recoveries.toSorted((a, b) => a - b);
      return {
        seed,
        kills: done,
        imports,
        differences,
        halfSnapshotsSeen: halfSnapshots.length,
        failedRuns: of("failed"),
        stuckRuns: of("stuck"),
        workersDied: died.length,
        looks,
        rowsCompared,
        seconds: seconds(Date.now() - startedAt),
        killsByKind,
        killsByMoment,
        importsByDataset,
        medianRecovery: seconds(sorted[Math.floor(sorted.length / 2)] ?? 0),
        longestRecovery: seconds(sorted.at(-1) ?? 0),
        problems: [
          ...problems,
          ...halfSnapshots.map((where) => ({
            kind: "half-snapshot" as const,
            where,
            details: null,
          })),
          ...died.map((details) => ({ kind: "worker-died" as const, where: "worker", details })),
        ],
      };
    },
  };
}
