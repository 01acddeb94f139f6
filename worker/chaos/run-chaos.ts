import { runLane } from "./lane.ts";
import { startObserver } from "./observer.ts";
import { startReader } from "./reader.ts";
import type { ChaosReport } from "./report.ts";
import { createTally } from "./tally.ts";
import { createWorld } from "./world.ts";

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  /** Tenants imported at the same time, and worker processes for them. */
  readonly lanes: number;
  readonly workers: number;
  readonly progress: (line: string) => void;
  /** Fires when somebody has seen enough. */
  readonly signal?: AbortSignal;
}

/**
 * Imports simulated tenants while workers, PostgreSQL and the network are killed, until so many kills are done; then
 * lets the imports under way end. Everything it needs is its own and gone afterwards.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { kills, seed, lanes, workers, progress } = options;
  progress(`starting, seed ${seed}`);
  const world = await createWorld(workers);
  const watched = new Set<string>();
  const observer = startObserver(world.installation.db.urls.owner, () => [...watched]);
  const reader = startReader(world.installation);
  const tally = createTally(seed, kills);
  options.signal?.addEventListener("abort", () => tally.stop());
  const dependencies = { world, observer, reader, tally, seed, watched, progress };
  try {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane, dependencies)));
    await reader.close();
    const seen = { looks: reader.looks(), halfSnapshots: reader.halfSnapshots };
    return tally.report(seen, world.crew.died);
  } finally {
    const closed = await Promise.allSettled([reader.close(), observer.close()]);
    closed.push(...(await Promise.allSettled([world.close()])));
    // The figures are worth more than an orderly end.
    for (const end of closed) if (end.status === "rejected") progress(`closing: ${end.reason}`);
  }
}
