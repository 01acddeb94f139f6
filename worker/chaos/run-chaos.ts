import { runLane } from "./lane.ts";
import { startObserver } from "./observer.ts";
import { startReader } from "./reader.ts";
import type { ChaosReport } from "./report.ts";
import { createTally } from "./tally.ts";
import { createWorld, type World } from "./world.ts";

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  /** Tenants imported at the same time, and worker processes for them. */
  readonly lanes: number;
  readonly workers: number;
  readonly progress: (line: string) => void;
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
  const dependencies = { world, observer, reader, tally, seed, watched, progress };
  try {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane, dependencies)));
    await reader.close();
    const seen = { looks: reader.looks(), halfSnapshots: reader.halfSnapshots };
    const report = tally.report(seen, world.crew.died);
    if (report.stuckRuns > 0) progress(await scene(world));
    return report;
  } finally {
    await reader.close().catch(() => undefined);
    await observer.close().catch(() => undefined);
    await world.close();
  }
}

/** What a stuck run leaves behind: who holds its locks, its job, and what the workers wrote last. */
async function scene({ installation, crew }: World): Promise<string> {
  const { ownerSql } = installation.db;
  const runs = await ownerSql`select * from dataset_runs where state in ('queued', 'running')`;
  const jobs = await ownerSql`select * from pgboss.job where state <> 'completed'`;
  const backends = await ownerSql`
    select pid, usename, application_name, state, wait_event_type, wait_event, xact_start,
      state_change, pg_blocking_pids(pid) as blocked_by, query
    from pg_stat_activity where datname = current_database()`;
  return JSON.stringify({ runs, jobs, backends, logs: crew.logs() }, null, 1);
}
