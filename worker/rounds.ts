import { setTimeout as sleep } from "node:timers/promises";
import type { WorkerLog } from "#lib/services/context";

/** Something a worker does again and again. */
export interface Round {
  readonly name: string;
  readonly everySeconds: number;
  readonly work: () => Promise<void>;
}

/**
 * Works a round at once and then every so many seconds until the signal fires; the wait counts from the end of the work,
 * so rounds never overlap. A failing round is logged and tried again.
 */
export async function repeat(round: Round, log: WorkerLog, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await round.work();
    } catch (error) {
      log.error("round-failed", { round: round.name }, error);
    }
    await sleep(round.everySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}
