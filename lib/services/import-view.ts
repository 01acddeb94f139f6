import type { JoinRow } from "#db/queries/import-joins";
import type { ImportRow, ReadRow, RunRow } from "#db/queries/imports";
import type { FailureContext } from "#lib/domain/failure-context";
import {
  activeRunStates,
  type Dataset,
  datasetOf,
  datasets,
  type ImportState,
  readsOf,
  type Stream,
  streams,
} from "#lib/domain/import";
import type {
  AwaitedVerification,
  DatasetItem,
  HoldItem,
  ImportItem,
  ImportJoin,
  StreamItem,
} from "#lib/domain/import-item";
import {
  importState,
  type ReadOutcome,
  type RunOutcome,
  streamState,
} from "#lib/domain/import-state";
import { limitsOf, type ServiceLimit } from "#lib/domain/import-wait";
import { iso, tell } from "./told.ts";

/** A planned read beside its checkpoint; without one it is still queued. */
interface PlannedRead {
  readonly stream: Stream;
  readonly outcome: ReadOutcome;
  readonly row: ReadRow | null;
}

const plannedReads = (run: RunRow): readonly PlannedRead[] =>
  readsOf(run.dataset).map(({ read, stream, need }) => {
    const row = run.reads.find((candidate) => candidate.read === read) ?? null;
    return {
      stream,
      row,
      outcome: {
        need,
        state: row?.state ?? "queued",
        reason: row?.reason ?? null,
        permission: row?.failure?.permission ?? null,
      },
    };
  });

const toOutcome = (run: RunRow): RunOutcome => ({
  dataset: run.dataset,
  state: run.state,
  reads: plannedReads(run).map(({ outcome }) => outcome),
});

/** The import's state, from its runs. Source: DESIGN §4 Run states. */
export const stateOfImport = (
  runs: readonly RunRow[],
  declinedPermissions: readonly string[],
): ImportState => importState(runs.map(toOutcome), declinedPermissions);

/** When the import began and ended: its first run's start, its last run's end; null while any is open. */
export const timesOfImport = (
  runs: readonly RunRow[],
): { readonly startedAt: string | null; readonly finishedAt: string | null } => {
  const starts = runs.flatMap((run) => (run.startedAt === null ? [] : [run.startedAt.getTime()]));
  const ends = runs.flatMap((run) => (run.finishedAt === null ? [] : [run.finishedAt.getTime()]));
  return {
    startedAt: starts.length === 0 ? null : new Date(Math.min(...starts)).toISOString(),
    finishedAt:
      ends.length < runs.length || ends.length === 0
        ? null
        : new Date(Math.max(...ends)).toISOString(),
  };
};

const sum = (reads: readonly PlannedRead[], figure: (row: ReadRow) => number): number =>
  reads.reduce((all, { row }) => all + (row === null ? 0 : figure(row)), 0);

/** Problems are stored as `field: problem`. */
const fieldOfProblem = (problem: string): string => problem.split(":", 1)[0] ?? problem;

const fieldsOf = (
  reads: readonly PlannedRead[],
  names: (row: ReadRow) => readonly string[],
): readonly string[] =>
  [...new Set(reads.flatMap(({ row }) => (row === null ? [] : names(row))))].sort();

const latest = (
  reads: readonly PlannedRead[],
  instant: (row: ReadRow) => Date | null,
): string | null =>
  reads
    .flatMap(({ row }) => (row === null ? [] : (instant(row)?.toISOString() ?? [])))
    .sort()
    .at(-1) ?? null;

/** What runs that are under way wait for. */
export const limitsOfRuns = (runs: readonly RunRow[]): readonly ServiceLimit[] =>
  limitsOf(
    runs
      .filter((run) => activeRunStates.includes(run.state))
      .flatMap((run) =>
        plannedReads(run).map((read) => ({
          name: read.stream,
          limitedUntil: latest([read], (row) => row.limitedUntil),
        })),
      ),
  );

/** A stream's failure: a lost mandatory read before a lost optional one. */
const failingRead = (reads: readonly PlannedRead[]): ReadRow | null => {
  const failing = reads.filter(({ row }) => row?.failure);
  return (failing.find(({ outcome }) => outcome.need === "mandatory") ?? failing[0])?.row ?? null;
};

const toStream = (name: Stream, run: RunRow, context: FailureContext): StreamItem => {
  const reads = plannedReads(run).filter(({ stream }) => stream === name);
  const failing = failingRead(reads);
  const state = streamState(
    reads.map(({ outcome }) => outcome),
    run.state,
  );
  // A read whose first page is limited has nothing yet: it still counts as queued.
  const waits = state === "running" || state === "queued";
  return {
    name,
    state,
    rows: sum(reads, (row) => row.rows),
    pages: sum(reads, (row) => row.pages),
    quarantined: sum(reads, (row) => row.quarantined),
    quarantinedFields: fieldsOf(reads, (row) => Object.keys(row.problems).map(fieldOfProblem)),
    unexpectedFields: fieldsOf(reads, (row) => row.unexpected),
    retries: sum(reads, (row) => row.retries),
    limitedUntil: waits ? latest(reads, (row) => row.limitedUntil) : null,
    pacedUntil: waits ? latest(reads, (row) => row.pacedUntil) : null,
    reason: reads.find(({ row }) => row?.reason)?.row?.reason ?? null,
    error: tell(failing?.failure ?? null, { ...context, read: failing?.read ?? null }),
  };
};

/** The streams an import reads, in the order of `streams`; those without a run in it are left out. */
const toStreams = (runs: readonly RunRow[], context: FailureContext): readonly StreamItem[] => {
  const byDataset = new Map<Dataset, RunRow>(runs.map((run) => [run.dataset, run]));
  return streams.flatMap((name) => {
    const run = byDataset.get(datasetOf(name));
    return run === undefined ? [] : [toStream(name, run, { ...context, dataset: run.dataset })];
  });
};

const toHold = (run: RunRow): HoldItem | null => {
  if (run.hold === null) return null;
  const figures = ({ rows, skus, consumed, reported }: HoldItem["after"]) => ({
    rows,
    skus,
    consumed,
    reported,
  });
  const { reasons, before, after, beside = null, links = [] } = run.hold;
  return {
    reasons,
    before: before === null ? null : figures(before),
    after: figures(after),
    beside,
    links,
  };
};

const toDataset = (run: RunRow, context: FailureContext): DatasetItem => ({
  name: run.dataset,
  runId: run.id,
  state: run.state,
  adopted: run.adopted,
  startedAt: iso(run.startedAt),
  finishedAt: iso(run.finishedAt),
  publishedAt: iso(run.publishedAt),
  decidedBy: run.decidedBy,
  error: tell(run.failure, { ...context, dataset: run.dataset }),
  hold: toHold(run),
  awaitsVerification: awaitedBy(run),
});

/** Over for a run as soon as either of the two is. */
function awaitedBy({ state: runState, verification }: RunRow): AwaitedVerification | null {
  if (verification === null || !activeRunStates.includes(runState)) return null;
  const { state, nextAttemptAt } = verification;
  switch (state) {
    case "queued":
    case "running":
    case "waiting":
      return { state, nextAttemptAt: iso(nextAttemptAt) };
    case "succeeded":
    case "failed":
      return null;
    default:
      return state satisfies never;
  }
}

const toJoin = ({ trigger, requestedBy, joinedAt }: JoinRow): ImportJoin => ({
  trigger,
  requestedBy,
  at: joinedAt.toISOString(),
});

/** An import as people follow it, without what only its own page looks up. */
export const toImportItem = (
  row: ImportRow,
  { runs, joins }: { readonly runs: readonly RunRow[]; readonly joins: readonly JoinRow[] },
  context: FailureContext,
  more: Pick<ImportItem, "preview" | "unread" | "expectedUsers" | "workerSeenSecondsAgo">,
): ImportItem => ({
  id: row.id,
  connectionId: row.connectionId,
  connectionName: row.connectionName,
  state: stateOfImport(runs, row.declinedPermissions),
  trigger: row.trigger,
  requestedBy: row.requestedBy,
  joinedBy: joins.map(toJoin),
  createdAt: row.createdAt.toISOString(),
  ...timesOfImport(runs),
  streams: toStreams(runs, context),
  datasets: datasets.flatMap((name) =>
    runs.filter((run) => run.dataset === name).map((run) => toDataset(run, context)),
  ),
  ...more,
});
