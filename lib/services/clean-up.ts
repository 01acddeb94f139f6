import type { Tx } from "#db/client";
import { cleanUpChanges } from "#db/queries/change-sets";
import { listLeftMatches, removeMatch } from "#db/queries/people-not-found";
import {
  type Batch,
  listLeftReconciliations,
  listRemovableSnapshots,
  notFoundTable,
  opportunityTable,
  removeBatch,
  removeSnapshot,
  snapshotTables,
} from "#db/queries/removal";
import { type CleanUp, markRemovable } from "#db/queries/snapshots";
import { listStoringWorkspaces } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";

/** Rows of one transaction: well under a second of locks nobody waits for, and of WAL. docs/adr/0008. */
const batchRows = 10_000;

type Part = Pick<WorkerPlatform, "db" | "log">;

/**
 * Removes snapshots and reconciliations nobody can reach any more, workspace by workspace, also where every connection
 * is disconnected; never the current or the previous ones; change records go after 400 days. Goes on where an interrupted one stopped. Returns how many
 * snapshots were given free. Source: DESIGN §4.7, reference/fault-catalogue.md §5.8, docs/adr/0008.
 */
export async function cleanUp(platform: Part, signal: AbortSignal): Promise<number> {
  let snapshots = 0;
  for (const workspaceId of await platform.db.outside((tx) => listStoringWorkspaces(tx))) {
    if (signal.aborted) return snapshots;
    try {
      snapshots += (await cleanUpWorkspace(platform, { workspaceId }, signal)).snapshots;
    } catch (error) {
      platform.log.error("clean-up-failed", { workspaceId }, error);
    }
  }
  return snapshots;
}

/** The clean-up of one workspace. `graceHours`: how long replaced numbers stay for those who read them; 24 by default. */
export async function cleanUpWorkspace(
  { db }: Pick<Part, "db">,
  scope: { readonly workspaceId: string; readonly graceHours?: number },
  signal: AbortSignal,
): Promise<CleanUp> {
  const { workspaceId } = scope;
  const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.inWorkspace(workspaceId, work);
  const marked = await run((tx) => markRemovable(tx, scope));
  for (const ownerId of await run((tx) => listLeftReconciliations(tx, workspaceId))) {
    await emptyTable(run, opportunityTable, { workspaceId, ownerId }, signal);
  }
  for (const matchId of await run((tx) => listLeftMatches(tx, workspaceId))) {
    await emptyTable(run, notFoundTable, { workspaceId, ownerId: matchId }, signal);
    if (signal.aborted) break;
    await run((tx) => removeMatch(tx, { workspaceId, matchId }));
  }
  for (const snapshotId of await run((tx) => listRemovableSnapshots(tx, workspaceId))) {
    for (const table of snapshotTables) {
      await emptyTable(run, table, { workspaceId, ownerId: snapshotId }, signal);
    }
    if (signal.aborted) break;
    await run((tx) => removeSnapshot(tx, { workspaceId, snapshotId }));
  }
  while (!signal.aborted && (await run((tx) => cleanUpChanges(tx, { workspaceId }))));
  return marked;
}

/** Removes an owner's rows batch by batch, until none is left or the program stops. */
async function emptyTable(
  run: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  table: typeof opportunityTable,
  owner: { readonly workspaceId: string; readonly ownerId: number },
  signal: AbortSignal,
): Promise<void> {
  let from: string | null = null;
  while (!signal.aborted) {
    const batch: Batch = { ...owner, from, limit: batchRows };
    from = await run((tx) => removeBatch(tx, table, batch));
    if (from === null) return;
  }
}
