import { listPackageConnections } from "#db/queries/package-arrivals";
import { listConnectedWorkspaces } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";
import { settlePackages } from "./settle-packages.ts";

type Part = Pick<WorkerPlatform, "db" | "log">;

/**
 * Looks whether packages of the deprecated connector still come, workspace by workspace. Any number of workers may do so at
 * once: what is found again changes nothing. Returns how many connections were looked at.
 */
export async function watchPackages(platform: Part, signal: AbortSignal): Promise<number> {
  const { db, log } = platform;
  let looked = 0;
  for (const workspaceId of await db.outside((tx) => listConnectedWorkspaces(tx))) {
    try {
      const connectionIds = await db.inWorkspace(workspaceId, (tx) =>
        listPackageConnections(tx, workspaceId),
      );
      for (const connectionId of connectionIds) {
        if (signal.aborted) return looked;
        await db.inWorkspace(workspaceId, (tx) =>
          settlePackages(tx, { workspaceId, connectionId }),
        );
        looked += 1;
      }
    } catch (error) {
      // The next round looks again.
      log.error("package-watch-failed", { workspaceId }, error);
    }
  }
  return looked;
}
