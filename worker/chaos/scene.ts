import type { World } from "./world.ts";

/** What a stuck run is found in: open runs and their jobs, who waits for whom, and what the workers wrote last. */
export async function describeScene({ installation, crew }: World): Promise<unknown> {
  const { ownerSql } = installation.db;
  const [runs, verifications, jobs, waiting] = await Promise.all([
    ownerSql`select * from dataset_runs where state in ('queued', 'running')`,
    ownerSql`select * from verifications where state not in ('succeeded', 'failed')`,
    ownerSql`
      select name, state, data, retry_count, start_after, created_on, started_on, heartbeat_on
      from pgboss.job where state in ('created', 'retry', 'active')`,
    ownerSql`
      select pid, application_name, pg_blocking_pids(pid) as blocked_by from pg_stat_activity
      where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
  ]);
  return { at: new Date(), runs, verifications, jobs, waiting, logs: crew.logs() };
}
