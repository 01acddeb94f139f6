import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** Says that a worker is alive (database time). Called every few seconds outside any workspace. */
export async function beatWorker(tx: Tx, workerId: string): Promise<void> {
  await tx.execute(sql`select app.worker_beat(${workerId}::uuid)`);
}

/** Seconds since any worker showed itself; null = never. Source: DESIGN §7 step 4. */
export async function secondsSinceWorkerSeen(tx: Tx): Promise<number | null> {
  const [row] = await tx.execute<{ seconds: number | null }>(
    sql`select app.worker_seen() as seconds`,
  );
  return row?.seconds ?? null;
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
