import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import type { ConnectionKey } from "#db/queries/connections";
import {
  ensureNightlyCheck,
  findTimeZone,
  listDueChecks,
  recordCheckAsked,
  removeOldChecks,
  takeDueCheck,
} from "#db/queries/nightly-checks";
import { requestUnlessOpen } from "#db/queries/verification-requests";
import { nightlyCheck } from "#lib/domain/nightly-check";
import { nextRun } from "#lib/domain/schedule";
import type { Platform, WorkerPlatform } from "./context.ts";
import { isLockTimeout } from "./database-fault.ts";

/** A connection that has just been verified is not looked at again within the hour, ms. */
const settleMs = 3_600_000;

type Part = Pick<Platform, "db" | "queue"> & Pick<WorkerPlatform, "log">;

/** Gives a connection that was verified for the first time its nightly check. Later calls change nothing. */
export async function giveNightlyCheck(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
): Promise<void> {
  const key = { workspaceId, connectionId };
  const after = new Date((await databaseNow(tx)).getTime() + settleMs);
  await ensureNightlyCheck(tx, key, await nextCheck(tx, key, after));
}

/**
 * Asks for the checks that are due, each connection in a transaction of its own: whoever locks the row asks and sets the
 * next night in one step, so that any number of workers ask once. Nights missed while nothing ran, or while the
 * connection was paused, are caught up by one check; one that is under way already serves. Checks of a season ago go. Returns how many were asked
 * for.
 */
export async function askNightlyChecks(platform: Part, signal: AbortSignal): Promise<number> {
  let asked = 0;
  for (const key of await platform.db.outside((tx) => listDueChecks(tx))) {
    if (signal.aborted) return asked;
    if (await askOne(platform, key)) asked += 1;
  }
  return asked;
}

/** A connection that cannot be served now waits for the next round and keeps no other from it. */
async function askOne(platform: Part, key: ConnectionKey): Promise<boolean> {
  const { workspaceId, connectionId } = key;
  try {
    return await platform.db.inWorkspace(workspaceId, async (tx) => {
      if (!(await takeDueCheck(tx, key))) return false;
      const id = await requestUnlessOpen(tx, {
        ...key,
        kind: "check",
        requestedBy: "Nightly check",
      });
      if (id !== undefined) {
        await platform.queue.send(tx, "verification", { workspaceId, id }, id);
      }
      await recordCheckAsked(tx, key, await nextCheck(tx, key, await databaseNow(tx)));
      await removeOldChecks(tx, key);
      return id !== undefined;
    });
  } catch (error) {
    if (!isLockTimeout(error))
      platform.log.error("nightly-check-left-due", { connectionId }, error);
    return false;
  }
}

const nextCheck = async (tx: Tx, key: ConnectionKey, after: Date): Promise<Date> =>
  nextRun(nightlyCheck(key.connectionId, (await findTimeZone(tx, key)) ?? "UTC"), after);
