import type { Database, Tx } from "#db/client";
import type { ImportStore, RunHandle } from "#lib/import/ports";
import { countRun } from "./import-facts.ts";
import { repeating, SupersededError } from "./import-store-fence.ts";
import { writePage } from "./import-store-pages.ts";
import {
  beginRun,
  endRead,
  failRun,
  holdRun,
  listCheckpoints,
  noteWait,
  restartRead,
} from "./import-store-runs.ts";
import { publishRun } from "./publish.ts";

type Run = Pick<RunHandle, "workspaceId" | "runId">;

/**
 * The import pipeline's store on PostgreSQL, each method one transaction in the run's workspace. Deadlocks and
 * serialisation failures are repeated; other database errors are thrown. Source: DESIGN §4.2 to §4.6.
 */
export function createImportStore(db: Database): ImportStore {
  const transaction = <T>(run: Run, work: (tx: Tx) => Promise<T>): Promise<T> =>
    repeating(() => db.inWorkspace(run.workspaceId, work));

  const fenced = async <T>(run: Run, work: (tx: Tx) => Promise<T>): Promise<T | "superseded"> => {
    try {
      return await transaction(run, work);
    } catch (error) {
      if (error instanceof SupersededError) return "superseded";
      throw error;
    }
  };

  const applied = async (run: RunHandle, work: (tx: Tx) => Promise<void>) =>
    (await fenced(run, work)) ?? "applied";

  return {
    begin: async (run) => {
      const begun = await fenced(run, (tx) => beginRun(tx, run));
      return begun === "superseded" ? null : begun;
    },
    checkpoints: (run) => transaction(run, (tx) => listCheckpoints(tx, run)),
    writePage: (run, write) => applied(run, (tx) => writePage(tx, run, write)),
    restartRead: (run, read) => applied(run, (tx) => restartRead(tx, run, read)),
    endRead: (run, read, end) => applied(run, (tx) => endRead(tx, run, read, end)),
    noteWait: (run, read, wait, retries) =>
      applied(run, (tx) => noteWait(tx, run, { read, wait, retries })),
    facts: (run) => fenced(run, (tx) => countRun(tx, run)),
    publish: (run) => fenced(run, (tx) => publishRun(tx, run)),
    hold: (run, hold) => applied(run, (tx) => holdRun(tx, run, hold)),
    fail: (run, failure) => applied(run, (tx) => failRun(tx, run, failure)),
  };
}
