import { type SQL, sql } from "drizzle-orm";
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
 * The parts `fence` and `running` of a WITH clause: `running` has a row when the run is still ours, and keeps it so until
 * the transaction ends: a cancel, disconnect or new epoch waits for the write, or the write finds itself superseded. Marks
 * progress at database time. Source: DESIGN §4.2.
 *
 * Lock order everywhere: connection, dataset_epochs, dataset_runs, read_checkpoints; each part asks for the row of the one
 * before, and with it for its lock. The connection is locked `for no key update`, which lets others insert rows that refer
 * to it, such as a new import while one publishes.
 */
export const stillRunning = (run: RunHandle): SQL => sql`
  fence as materialized (
    select 1 from dataset_epochs
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = ${run.dataset} and epoch = ${run.epoch}
    for share),
  running as (
    update dataset_runs set progress_at = now()
    where workspace_id = ${run.workspaceId} and id = ${run.runId} and epoch = ${run.epoch}
      and state = 'running' and exists (select from fence)
    returning 1)`;

/** Proves that the run is still ours and keeps it so until the transaction ends. Throws SupersededError. */
export async function holdEpoch(tx: Tx, run: RunHandle): Promise<void> {
  const running = await tx.execute(sql`with ${stillRunning(run)} select 1 from running`);
  if (running.length !== 1) throw new SupersededError();
}

/** What the database said of a failed statement, wherever the driver put it; null for other errors. */
function sqlFault(error: unknown): { readonly state: string; readonly constraint: unknown } | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!("code" in cause) || typeof cause.code !== "string") continue;
    return { state: cause.code, constraint: "constraint_name" in cause && cause.constraint_name };
  }
  return null;
}

/** A row was refused since the unique index of this name has its key already; the transaction is over. */
export const isTaken = (error: unknown, index: string): boolean => {
  const fault = sqlFault(error);
  return fault?.state === "23505" && fault.constraint === index;
};

/** serialization_failure and deadlock_detected: nothing was done, the transaction may run again. */
const repeatable: ReadonlySet<string | undefined> = new Set(["40001", "40P01"]);
const maxRepeats = 3;

/** Runs a transaction again when the database chose it as a victim, at most three times. Source: fault-catalogue A16. */
export async function repeating<T>(transaction: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (repeats === maxRepeats || !repeatable.has(sqlFault(error)?.state)) throw error;
    }
  }
}
