import { compareChanges as compareOne } from "#db/queries/change-record";
import { listSetsToCompare } from "#db/queries/change-sets";
import type { WorkerPlatform } from "./context.ts";

/**
 * Finds what every published directory changed that nobody has found yet, one publish per transaction: right after the
 * publish, and in rounds what a killed worker left or a person published. Two workers at once do no harm. Returns how
 * many were compared. Source: docs/adr/0017.
 */
export async function compareChanges(
  { db, log }: Pick<WorkerPlatform, "db" | "log">,
  signal: AbortSignal,
): Promise<number> {
  let compared = 0;
  for (const set of await db.outside((tx) => listSetsToCompare(tx))) {
    if (signal.aborted) break;
    try {
      if (await db.inWorkspace(set.workspaceId, (tx) => compareOne(tx, set))) compared += 1;
    } catch (error) {
      // One that cannot be compared does not keep the others from it, and is tried again.
      log.error("compare-failed", { ...set }, error);
    }
  }
  return compared;
}
