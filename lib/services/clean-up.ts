import { cleanUpChanges } from "#db/queries/change-sets";
import { cleanUpSnapshots } from "#db/queries/snapshots";
import { listStoringWorkspaces } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";

/**
 * Removes snapshots and reconciliations nobody can reach any more, workspace by workspace, also where every connection
 * is disconnected; never the current or the previous ones. Change records go after 400 days. Returns how many snapshots went. Source: DESIGN §4.7, reference/fault-catalogue.md §5.8.
 */
export async function cleanUp(
  platform: Pick<WorkerPlatform, "db" | "log">,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (const workspaceId of await platform.db.outside((tx) => listStoringWorkspaces(tx))) {
    if (signal.aborted) return removed;
    try {
      const { snapshots } = await platform.db.inWorkspace(workspaceId, (tx) =>
        cleanUpSnapshots(tx, { workspaceId }),
      );
      removed += snapshots;
      while (!signal.aborted && (await removeChanges(platform, workspaceId)));
    } catch (error) {
      platform.log.error("clean-up-failed", { workspaceId }, error);
    }
  }
  return removed;
}

const removeChanges = (platform: Pick<WorkerPlatform, "db">, workspaceId: string) =>
  platform.db.inWorkspace(workspaceId, (tx) => cleanUpChanges(tx, { workspaceId }));
