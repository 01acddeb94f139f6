import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** What a clean-up removed, or gave free to be removed. */
export interface CleanUp {
  readonly reconciliations: number;
  readonly snapshots: number;
}

/**
 * Gives free what nobody can reach any more in a workspace: reconciliations replaced more than `graceHours` ago go, except
 * each connection's current and previous one; then snapshots that no reconciliation left, no pointer, no decision and no
 * comparison needs, and those of runs that ended unpublished more than 24 hours ago, are marked to be removed. Never the current or
 * the previous snapshot. Short: the rows of both go later, batch by batch, so that who reads a list looks whether its
 * reconciliation is still there after reading. Source: reference/fault-catalogue.md §5.8, docs/adr/0008.
 */
export async function markRemovable(
  tx: Tx,
  input: { readonly workspaceId: string; readonly graceHours?: number },
): Promise<CleanUp> {
  const { workspaceId, graceHours = 24 } = input;
  const reconciliations = await deleteOldReconciliations(tx, workspaceId, graceHours);
  const marked = await tx.execute(sql`
    with kept as (
      select id, row_number() over (partition by connection_id, dataset order by published_at desc, id desc) as age
      from snapshots where workspace_id = ${workspaceId} and state in ('published', 'retired')),
    old as (
      select s.id from snapshots s
      left join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
      where s.workspace_id = ${workspaceId} and s.state not in ('held', 'removing')
        and not exists (select from kept where kept.id = s.id and kept.age <= 2)
        and not exists (select from dataset_epochs e
          where e.workspace_id = s.workspace_id and e.snapshot_id = s.id)
        and not exists (select from reconciliations c
          where c.workspace_id = s.workspace_id
            and s.id in (c.directory_snapshot_id, c.sign_ins_snapshot_id, c.usage_snapshot_id))
        and not exists (select from change_sets d
          where d.workspace_id = s.workspace_id and d.state = 'comparing'
            and s.id in (d.before_snapshot_id, d.after_snapshot_id))
        and (s.state = 'retired' or r.id is null
          or (r.state not in ('queued', 'running') and r.finished_at < now() - interval '24 hours'))
      order by s.id
      for update of s skip locked)
    update snapshots s set state = 'removing' from old
    where s.workspace_id = ${workspaceId} and s.id = old.id
    returning 1`);
  return { reconciliations, snapshots: marked.length };
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

/** A snapshot that nobody can reach. Its rows are removed by the next clean-up. Source: DESIGN §4.6. */
export async function abandonSnapshot(
  tx: Tx,
  key: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<void> {
  await tx.execute(sql`
    update snapshots set state = 'removing'
    where workspace_id = ${key.workspaceId} and id = ${key.snapshotId}`);
}
