import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { withBulkPlans } from "./bulk-plans.ts";

const rowTables = [
  "snapshot_assignments",
  "snapshot_users",
  "snapshot_organizations",
  "snapshot_skus",
  "snapshot_subscriptions",
  "snapshot_groups",
  "snapshot_deleted_users",
  "snapshot_sign_ins",
  "snapshot_usage",
  "snapshot_reports",
] as const;

const inIds = (column: SQL, ids: readonly number[]): SQL =>
  sql`${column} in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;

/** Deletes snapshots with their rows. The caller knows that nobody reads them. */
export async function deleteSnapshotRows(
  tx: Tx,
  workspaceId: string,
  snapshotIds: readonly number[],
): Promise<void> {
  if (snapshotIds.length > 0) {
    await withBulkPlans(tx, () => deleteAll(tx, workspaceId, snapshotIds));
  }
}

async function deleteAll(
  tx: Tx,
  workspaceId: string,
  snapshotIds: readonly number[],
): Promise<void> {
  for (const table of rowTables) {
    await tx.execute(sql`
      delete from ${sql.raw(table)}
      where workspace_id = ${workspaceId} and ${inIds(sql`snapshot_id`, snapshotIds)}`);
  }
  await tx.execute(sql`
    delete from snapshots where workspace_id = ${workspaceId} and ${inIds(sql`id`, snapshotIds)}`);
}

/** What a clean-up removed. */
export interface CleanUp {
  readonly reconciliations: number;
  readonly snapshots: number;
}

/**
 * Removes what nobody can reach any more in a workspace: reconciliations replaced more than `graceHours` ago except each
 * connection's current and previous one, then snapshots that no reconciliation left, no pointer and no decision needs,
 * and rows of runs that ended unpublished more than 24 hours ago. Never the current or the previous snapshot.
 * Source: reference/fault-catalogue.md §5.8.
 */
export async function cleanUpSnapshots(
  tx: Tx,
  input: { readonly workspaceId: string; readonly graceHours?: number },
): Promise<CleanUp> {
  const { workspaceId, graceHours = 24 } = input;
  const reconciliations = await deleteOldReconciliations(tx, workspaceId, graceHours);
  const old = await tx.execute<{ id: string }>(sql`
    with kept as (
      select id, row_number() over (partition by connection_id, dataset order by published_at desc, id desc) as age
      from snapshots where workspace_id = ${workspaceId} and state in ('published', 'retired'))
    select s.id from snapshots s
    left join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
    where s.workspace_id = ${workspaceId} and s.state <> 'held'
      and not exists (select from kept where kept.id = s.id and kept.age <= 2)
      and not exists (select from dataset_epochs e
        where e.workspace_id = s.workspace_id and e.snapshot_id = s.id)
      and not exists (select from reconciliations c
        where c.workspace_id = s.workspace_id
          and s.id in (c.directory_snapshot_id, c.sign_ins_snapshot_id, c.usage_snapshot_id))
      and (s.state = 'retired' or r.id is null
        or (r.state not in ('queued', 'running') and r.finished_at < now() - interval '24 hours'))
    for update of s`);
  const ids = old.map((row) => Number(row.id));
  await deleteSnapshotRows(tx, workspaceId, ids);
  return { reconciliations, snapshots: ids.length };
}

async function deleteOldReconciliations(
  tx: Tx,
  workspaceId: string,
  graceHours: number,
): Promise<number> {
  const gone = await tx.execute(sql`
    with aged as (
      select r.id, row_number() over (partition by r.connection_id order by r.id desc) as age,
        lead(r.created_at) over (partition by r.connection_id order by r.id) as replaced_at
      from reconciliations r where r.workspace_id = ${workspaceId})
    delete from reconciliations r using aged
    where r.workspace_id = ${workspaceId} and r.id = aged.id and aged.age > 2
      and aged.replaced_at < now() - ${graceHours}::int * interval '1 hour'
      and not exists (select from connections c
        where c.workspace_id = r.workspace_id and c.reconciliation_id = r.id)
    returning 1`);
  return gone.length;
}
