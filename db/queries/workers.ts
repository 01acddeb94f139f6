import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** Says that a worker is alive (database time). Called every few seconds outside any workspace. */
export async function beatWorker(tx: Tx, workerId: string): Promise<void> {
  await tx.execute(sql`select app.worker_beat(${workerId}::uuid)`);
}

const sessionPrefix = "seatledger-worker ";

/** Names a worker's database sessions, so that others know whose they are. */
export const workerSessionName = (workerId: string): string => sessionPrefix + workerId;

/** Shown itself for the last time this long ago, a worker counts as lost. Beats come every 5 s. */
const lostAfter = "20 seconds";

/** A worker that has just come back may be behind with its beat; what it began since is left alone. */
const openFor = "10 seconds";

/**
 * Ends the sessions in which a lost worker (hung, or cut off from us) left a transaction open, and says how many. Its
 * locks would keep its runs from the next worker: a session that waits for the rest of a statement is ended neither by
 * `idle_in_transaction_session_timeout` nor by `statement_timeout`. A worker that comes back finds its epoch lost.
 * Source: DESIGN §4.7, fault-catalogue A9.
 */
export async function endLostSessions(tx: Tx): Promise<number> {
  const ended = await tx.execute<{ ended: boolean }>(sql`
    select pg_terminate_backend(a.pid) as ended
    from workers w
    join pg_stat_activity a on a.application_name = ${sessionPrefix} || w.id
    where a.datname = current_database() and a.usename = current_user
      and w.seen_at < now() - ${lostAfter}::interval
      and a.xact_start < now() - ${openFor}::interval`);
  return ended.filter((row) => row.ended).length;
}

/** Seconds since any worker showed itself; null = never. Source: DESIGN §7 step 4. */
export async function secondsSinceWorkerSeen(tx: Tx): Promise<number | null> {
  const [row] = await tx.execute<{ seconds: number | null }>(
    sql`select app.worker_seen() as seconds`,
  );
  return row?.seconds ?? null;
}

/** Those of the connections that are disconnected or gone. Called outside any workspace. */
export async function listEndedConnections(
  tx: Tx,
  connectionIds: readonly string[],
): Promise<readonly string[]> {
  if (connectionIds.length === 0) return [];
  const rows = await tx.execute<{ connection_id: string }>(
    sql`select connection_id from app.ended_connections(${sql.param(connectionIds)}::uuid[])`,
  );
  return rows.map((row) => row.connection_id);
}

/** Workspaces with a connection whose numbers go on: what the daily recompute goes through. */
export async function listConnectedWorkspaces(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.execute<{ workspace_id: string }>(
    sql`select workspace_id from app.workspaces_with_connections()`,
  );
  return rows.map((row) => row.workspace_id);
}

/** Workspaces that store anything read, those without a connection included: what the clean-up goes through. */
export async function listStoringWorkspaces(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.execute<{ workspace_id: string }>(
    sql`select workspace_id from app.workspaces_with_snapshots()`,
  );
  return rows.map((row) => row.workspace_id);
}

/** Connections of a workspace that have a reconciliation; `stale` = its day is not today (UTC, database time). */
export async function listReconciledConnections(
  tx: Tx,
  workspaceId: string,
): Promise<readonly { readonly connectionId: string; readonly stale: boolean }[]> {
  const rows = await tx.execute<{ id: string; stale: boolean }>(sql`
    select c.id, r.evaluated_on < (now() at time zone 'UTC')::date as stale
    from connections c
    join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    where c.workspace_id = ${workspaceId} and c.status <> 'disconnected'
    order by c.id`);
  return rows.map((row) => ({ connectionId: row.id, stale: row.stale }));
}
