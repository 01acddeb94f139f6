import type { Tx } from "#db/client";
import { type ReconcileCause, recomputeReconciliation } from "#db/queries/reconcile";
import { listReconciledConnections } from "#db/queries/workers";

/**
 * Reconciles every connection of a workspace that has published data anew, in the caller's transaction: a change of
 * prices, purchases, exclusions or settings and its consequences are seen together or not at all. Returns how many.
 * Source: DESIGN §4.8.
 */
export async function recomputeWorkspace(
  tx: Tx,
  change: { readonly workspaceId: string; readonly cause: ReconcileCause },
): Promise<number> {
  // Always in the same order: two changes at once wait for each other instead of deadlocking.
  const connections = await listReconciledConnections(tx, change.workspaceId);
  for (const { connectionId } of connections) {
    await recomputeReconciliation(tx, { ...change, connectionId });
  }
  return connections.length;
}
