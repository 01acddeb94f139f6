import { listEndedConnections } from "#db/queries/workers";
import type { WorkerPlatform } from "./context.ts";

/**
 * Forgets the tokens and credentials this worker keeps in memory of connections that were disconnected, whichever
 * program ended them. Returns how many. Source: docs/security.md "Disconnecting".
 */
export async function forgetEnded({
  db,
  microsoft,
}: Pick<WorkerPlatform, "db" | "microsoft">): Promise<number> {
  const known = microsoft.known();
  if (known.length === 0) return 0;
  const ended = await db.outside((tx) => listEndedConnections(tx, known));
  for (const connectionId of ended) microsoft.forget(connectionId);
  return ended.length;
}
