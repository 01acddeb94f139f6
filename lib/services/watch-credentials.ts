import { listCredentialed, recordAppCredential } from "#db/queries/credential-health";
import { listOrganisationRows } from "#db/queries/saas-organisations";
import { listConnectedWorkspaces } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";
import { settleAppExpiry, settleExpiry } from "./settle-expiry.ts";
import { settleOrganisationExpiry } from "./settle-organisation.ts";

type Part = Pick<WorkerPlatform, "db" | "log" | "appCredentials">;

/**
 * Looks how near every credential of the installation is to its end, its own apps' included, workspace by workspace. Any
 * number of workers may do so at once: what is found again changes nothing. Returns how many credentials were looked at.
 */
export async function watchCredentials(platform: Part, signal: AbortSignal): Promise<number> {
  const { db, log } = platform;
  for (const app of platform.appCredentials) {
    await db.outside((tx) => recordAppCredential(tx, app));
  }
  let looked = 0;
  for (const workspaceId of await db.outside((tx) => listConnectedWorkspaces(tx))) {
    try {
      const connectionIds = await db.inWorkspace(workspaceId, async (tx) => {
        await settleAppExpiry(tx, workspaceId);
        for (const { id: organisationId } of await listOrganisationRows(tx, workspaceId)) {
          await settleOrganisationExpiry(tx, { workspaceId, organisationId });
        }
        return listCredentialed(tx, workspaceId);
      });
      for (const connectionId of connectionIds) {
        if (signal.aborted) return looked;
        await db.inWorkspace(workspaceId, (tx) => settleExpiry(tx, { workspaceId, connectionId }));
        looked += 1;
      }
    } catch (error) {
      // The next round looks again.
      log.error("credential-watch-failed", { workspaceId }, error);
    }
  }
  return looked;
}
