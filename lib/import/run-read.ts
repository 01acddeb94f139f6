import type { Failure } from "#lib/domain/failure";
import type { Read } from "#lib/domain/import";
import { oneAhead } from "./one-ahead.ts";
import {
  type Checkpoint,
  type CommitPage,
  type ImportSource,
  type ImportStore,
  type ReadEnd,
  ReadError,
  ReadPaused,
  type RowOf,
  type RunHandle,
  type SourcePage,
} from "./ports.ts";
import { createWaitNotes } from "./wait-notes.ts";

/** Microsoft's page tokens expire; an older checkpoint is not worth trying. Source: DESIGN §4.4. */
const checkpointLifetimeMs = 30 * 60_000;

/** Restarts of one read within one working of the run. Source: DESIGN §4.4 "bounded". */
const maxRestarts = 3;

/** A page was committed, or a read ended. */
export interface ReadProgress {
  readonly read: Read;
  readonly pageNo: number;
  readonly last: boolean;
}

export interface RunDependencies {
  readonly source: ImportSource;
  readonly store: ImportStore;
  readonly now: () => Date;
  /** Fires when the worker must stop: the run ends at the page boundary and can be resumed. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Limits of this many milliseconds or more pause the run instead of being sat out. Never by default. */
  readonly pauseFromMs?: number;
}

/** Microsoft wants to be left alone for long: the run goes on from its checkpoints after `until`. */
export interface Pause {
  readonly kind: "paused";
  readonly until: Date;
  /** What is told when nobody wants to wait any longer. */
  readonly failure: Failure;
}

/** How a read went. `stopped`: the signal fired. `superseded`: another worker, a cancel or a disconnect took the run. */
export type ReadOutcome =
  | { readonly kind: "complete" | "superseded" | "stopped" }
  | Pause
  | { readonly kind: "ended"; readonly end: Exclude<ReadEnd, { kind: "restart" }> };

interface Position {
  readonly attempt: number;
  /** Pages committed. */
  readonly pageNo: number;
  readonly cursor: string | null;
}

const expiredTooOften: Failure = {
  class: "upstream",
  code: "expired-page-token-too-often",
  facts: { restarts: maxRestarts },
};

/**
 * Where to go on; null = from the beginning, under a new attempt. A report file cannot be resumed inside (no `next`),
 * and a read that had ended without its rows is tried anew.
 */
const resumePosition = (checkpoint: Checkpoint, now: Date): Position | null => {
  const { attempt, pageNo, next, committedAt, state } = checkpoint;
  if (state === "unavailable" || state === "failed") return null;
  if (pageNo === 0) return { attempt, pageNo, cursor: null };
  if (next === null || committedAt === null) return null;
  const age = now.getTime() - committedAt.getTime();
  return age > checkpointLifetimeMs ? null : { attempt, pageNo, cursor: next };
};

/** Reads one collection to its end, page by page, each committed with its checkpoint. Source: DESIGN §4.3, §4.4. */
export async function runRead(
  dependencies: RunDependencies,
  run: RunHandle,
  checkpoint: Checkpoint,
): Promise<ReadOutcome> {
  const { store, now } = dependencies;
  const { read } = checkpoint;
  let position = resumePosition(checkpoint, now());
  let attempt = checkpoint.attempt;
  for (let restarts = 0; ; restarts += 1) {
    if (position === null) {
      if ((await store.restartRead(run, read)) === "superseded") return { kind: "superseded" };
      attempt += 1;
      position = { attempt, pageNo: 0, cursor: null };
    }
    const outcome = await readFrom(dependencies, run, read, position);
    if (outcome.kind !== "restart") return outcome;
    if (restarts === maxRestarts) {
      return { kind: "ended", end: { kind: "failed", failure: expiredTooOften } };
    }
    position = null;
  }
}

async function readFrom(
  dependencies: RunDependencies,
  run: RunHandle,
  read: Read,
  from: Position,
): Promise<ReadOutcome | { readonly kind: "restart" }> {
  const { source, store, now, signal } = dependencies;
  const own = new AbortController();
  let lost = false;
  const notes = createWaitNotes({
    store,
    run,
    read,
    now,
    onSuperseded: () => {
      lost = true;
      own.abort();
    },
  });
  const pages = source.pages(read, from.cursor, {
    signal: AbortSignal.any([signal, own.signal]),
    onWait: notes.onWait,
    held: () => store.heldByApplication(run),
    ...(dependencies.pauseFromMs === undefined ? {} : { pauseFromMs: dependencies.pauseFromMs }),
  });
  const leave = () => own.abort();
  const prepared = preparePages(store, run, read, oneAhead(pages, leave));
  let { pageNo } = from;
  try {
    for await (const { commit, last } of oneAhead(prepared, leave)) {
      pageNo += 1;
      await notes.settled();
      const { attempt } = from;
      const retries = notes.takeRetries();
      const result = await commit({ attempt, pageNo, retries });
      if (result === "superseded") return { kind: "superseded" };
      dependencies.onProgress?.({ read, pageNo, last });
      if (last) return { kind: "complete" };
      if (signal.aborted) return { kind: "stopped" };
    }
  } catch (error) {
    if (lost) return { kind: "superseded" };
    if (signal.aborted) return { kind: "stopped" };
    if (error instanceof ReadPaused) {
      await notes.settled();
      return { kind: "paused", until: error.until, failure: error.failure };
    }
    if (!(error instanceof ReadError)) throw error;
    await notes.settled();
    return error.end.kind === "restart" ? error.end : { kind: "ended", end: error.end };
  }
  throw new Error(`The source ended ${read} without its last page.`);
}

interface PreparedPage {
  readonly commit: CommitPage;
  readonly last: boolean;
}

/** Pages ready to be written, so that rows are made into statements while the page before is stored. */
async function* preparePages<R extends Read>(
  store: ImportStore,
  run: RunHandle,
  read: R,
  pages: AsyncIterable<SourcePage<RowOf<R>>>,
): AsyncGenerator<PreparedPage, void> {
  for await (const page of pages) {
    const { last } = page;
    yield { commit: await store.preparePage(run, read, page), last };
  }
}
