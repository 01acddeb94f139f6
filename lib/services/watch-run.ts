import { setTimeout as sleep } from "node:timers/promises";
import { isRunOurs } from "#db/queries/runs";
import type { RunHandle } from "#lib/import/ports";
import type { WorkerPlatform } from "./context.ts";

/** Time between two looks, ms: a cancel has to end the work within 10 s. Source: fault-catalogue A13. */
const lookEveryMs = 4000;

/** Looks of one process come one after the other: they may never take the connections that pages are written with. */
const turns = new WeakMap<object, Promise<unknown>>();

/** Whether the run is still ours; a look that fails says so too. */
export function isStillOurs({ db }: Pick<WorkerPlatform, "db">, run: RunHandle): Promise<boolean> {
  const turn = (turns.get(db) ?? Promise.resolve()).then(() =>
    db.inWorkspace(run.workspaceId, (tx) => isRunOurs(tx, run)).catch(() => true),
  );
  turns.set(db, turn);
  return turn;
}

/** Tells a worker that its run is somebody else's, or nobody's, while it waits for an answer of Microsoft's. */
export interface RunWatch {
  /** Fires when the run was lost. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Looks again and again whether the run is still ours. No write depends on it, each has its fence; it cuts off requests
 * that nobody needs any more.
 */
export function watchRun(platform: Pick<WorkerPlatform, "db">, run: RunHandle): RunWatch {
  const lost = new AbortController();
  const stopped = new AbortController();
  const watch = async () => {
    while (!stopped.signal.aborted && !lost.signal.aborted) {
      await sleep(lookEveryMs, undefined, { signal: stopped.signal, ref: false }).catch(
        () => undefined,
      );
      if (stopped.signal.aborted) return;
      if (!(await isStillOurs(platform, run))) lost.abort();
    }
  };
  void watch();
  return { signal: lost.signal, stop: () => stopped.abort() };
}
