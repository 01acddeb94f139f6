import { recomputeReconciliation } from "#db/queries/reconcile";
import { listConnectedWorkspaces, listReconciledConnections } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";

type Part = Pick<WorkerPlatform, "db" | "log">;

/**
 * The daily recompute: what was evaluated on an earlier UTC day is evaluated on today, one connection per transaction.
 * Later rounds of the day find nothing to do; two workers at the same moment at worst compute it twice. Returns how many
 * were recomputed.
 * Source: DESIGN §4.8.
 */
export async function recomputeDaily(platform: Part, signal: AbortSignal): Promise<number> {
  let recomputed = 0;
  const workspaces = await platform.db.outside((tx) => listConnectedWorkspaces(tx));
  for (const workspaceId of workspaces) {
    const connections = await platform.db.inWorkspace(workspaceId, (tx) =>
      listReconciledConnections(tx, workspaceId),
    );
    for (const { connectionId, stale } of connections) {
      if (signal.aborted) return recomputed;
      if (stale && (await recomputeOne(platform, workspaceId, connectionId))) recomputed += 1;
    }
  }
  return recomputed;
}

/** A connection that cannot be recomputed does not keep the others from it. */
async function recomputeOne(
  { db, log }: Part,
  workspaceId: string,
  connectionId: string,
): Promise<boolean> {
  try {
    const id = await db.inWorkspace(workspaceId, (tx) =>
      recomputeReconciliation(tx, { workspaceId, connectionId, cause: "daily" }),
    );
    return id !== null;
  } catch (error) {
    log.error("recompute-failed", { workspaceId, connectionId }, error);
    return false;
  }
}
