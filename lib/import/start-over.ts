import type { Checkpoint, RunHandle } from "./ports.ts";
import type { RunDependencies } from "./run-read.ts";

/**
 * A run whose last page is older than this is of another time: its worker was away for hours, or the database was
 * restored from a backup. Far longer than any wait Microsoft asks for. Source: reference/fault-catalogue.md A21.
 */
const untouchedMs = 6 * 3_600_000;

const hasBegun = ({ state, pageNo }: Checkpoint): boolean => state !== "queued" || pageNo > 0;

/** Whether nothing was committed for hours, by the last page there is. */
export function isOfAnotherTime(checkpoints: readonly Checkpoint[], now: Date): boolean {
  const committed = checkpoints.flatMap(({ committedAt }) => committedAt?.getTime() ?? []);
  return committed.length > 0 && now.getTime() - Math.max(...committed) > untouchedMs;
}

/**
 * Gives up what such a run has read, complete lists included, so that it reads everything anew and publishes one tenant
 * of one time. A run that was worked on lately is left as it is.
 */
export async function startOverWhenOld(
  { store, now }: RunDependencies,
  run: RunHandle,
): Promise<"current" | "superseded"> {
  const checkpoints = await store.checkpoints(run);
  if (!isOfAnotherTime(checkpoints, now())) return "current";
  for (const { read } of checkpoints.filter(hasBegun)) {
    if ((await store.restartRead(run, read)) === "superseded") return "superseded";
  }
  return "current";
}
