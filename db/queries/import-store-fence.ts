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
 * Proves that the run still has its epoch and keeps it so until the transaction ends: a cancel, disconnect or new epoch
 * waits for the write, or the write finds itself superseded. Throws SupersededError. Source: DESIGN §4.2.
 *
 * Lock order everywhere: connection, dataset_epochs, dataset_runs, read_checkpoints.
 */
export async function holdEpoch(tx: Tx, run: RunHandle): Promise<void> {
  const held = await tx.execute(sql`
    select 1
    from dataset_epochs e
    join dataset_runs r on r.workspace_id = e.workspace_id and r.connection_id = e.connection_id
      and r.dataset = e.dataset
    where e.workspace_id = ${run.workspaceId} and e.connection_id = ${run.connectionId}
      and e.dataset = ${run.dataset} and e.epoch = ${run.epoch}
      and r.id = ${run.runId} and r.epoch = ${run.epoch} and r.state = 'running'
    for share of e`);
  if (held.length !== 1) throw new SupersededError();
}

/** Marks progress at database time. Throws SupersededError when the run has ended meanwhile. */
export async function markProgress(tx: Tx, run: RunHandle): Promise<void> {
  const marked = await tx.execute(sql`
    update dataset_runs set progress_at = now()
    where workspace_id = ${run.workspaceId} and id = ${run.runId}
      and epoch = ${run.epoch} and state = 'running'
    returning 1`);
  if (marked.length !== 1) throw new SupersededError();
}

/** SQLSTATE of a failed statement, wherever the driver put it; null for other errors. */
export function sqlState(error: unknown): string | null {
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
