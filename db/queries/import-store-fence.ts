import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";

/** Thrown inside a write's transaction to undo it: the run is no longer ours. */
export class SupersededError extends Error {
  constructor() {
    super("The run was taken, cancelled or ended.");
    this.name = "SupersededError";
  }
}

/**
 * Proves that the run is still ours and keeps it so until the transaction ends: a cancel, disconnect or new epoch waits
 * for the write, or the write finds itself superseded. Marks progress at database time. Throws SupersededError.
 * Source: DESIGN §4.2.
 *
 * Lock order everywhere: connection, dataset_epochs, dataset_runs, read_checkpoints. The connection is locked `for no key
 * update`, which lets others insert rows that refer to it, such as a new import while one publishes.
 */
export async function holdEpoch(tx: Tx, run: RunHandle): Promise<void> {
  const held = await tx.execute(sql`
    select 1 from dataset_epochs
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = ${run.dataset} and epoch = ${run.epoch}
    for share`);
  if (held.length !== 1) throw new SupersededError();
  const running = await tx.execute(sql`
    update dataset_runs set progress_at = now()
    where workspace_id = ${run.workspaceId} and id = ${run.runId} and epoch = ${run.epoch}
      and state = 'running'
    returning 1`);
  if (running.length !== 1) throw new SupersededError();
}

/** SQLSTATE of a failed statement, wherever the driver put it; null for other errors. */
function sqlState(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return null;
}

/** serialization_failure and deadlock_detected: nothing was done, the transaction may run again. */
const repeatable: ReadonlySet<string | null> = new Set(["40001", "40P01"]);
const maxRepeats = 3;

/** Runs a transaction again when the database chose it as a victim, at most three times. Source: fault-catalogue A16. */
export async function repeating<T>(transaction: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (repeats === maxRepeats || !repeatable.has(sqlState(error))) throw error;
    }
  }
}
