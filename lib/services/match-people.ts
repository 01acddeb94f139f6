import {
  findMatchedPair,
  listPeopleToMatch,
  matchPeople as matchOne,
} from "#db/queries/people-matching";
import type { WorkerPlatform } from "./context.ts";

/**
 * Matches the people of every managed application whose published directory, or the one of its tenant they are looked up
 * in, is newer than the last match, one pair per transaction: right after a publish, and in rounds what a killed worker
 * left, a person published or a disconnected connection changed. Two workers at once do no harm. Returns how many were
 * matched. Source: docs/adr/0020.
 */
export async function matchPeople(
  { db, log }: Pick<WorkerPlatform, "db" | "log">,
  signal: AbortSignal,
): Promise<number> {
  let matched = 0;
  for (const key of await db.outside((tx) => listPeopleToMatch(tx))) {
    if (signal.aborted) break;
    const { workspaceId } = key;
    try {
      const done = await db.inWorkspace(workspaceId, async (tx) => {
        const pair = await findMatchedPair(tx, key);
        if (pair === undefined || pair.other === null) return false;
        return matchOne(tx, { workspaceId, own: pair.own, other: pair.other });
      });
      if (done) matched += 1;
    } catch (error) {
      // One pair that cannot be matched does not keep the others from it, and is tried again.
      log.error("match-failed", { ...key }, error);
    }
  }
  return matched;
}
