import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type Read, usageReports } from "#lib/domain/import";
import type { RunFacts, RunHandle, SnapshotFigures } from "#lib/import/ports";
import { listChangedLinks } from "./app-skus.ts";
import { findBesideFigures } from "./beside-figures.ts";
import { withBulkPlans, withLookups, withPlaces } from "./bulk-plans.ts";
import { holdEpoch } from "./import-store-fence.ts";
import { commonUsageRows, countHeldButUnlisted, snapshotFigures } from "./snapshot-figures.ts";
import { carryUnreadUsers } from "./unread-users.ts";

/**
 * Prepares a read-through run for judging: accounts that were set aside keep what they held, those that are in deletedItems
 * as well are marked, and the rows of every read are counted in the tables. Safe to repeat. Throws SupersededError. Source: DESIGN §4.5, fault-catalogue B10, B35.
 */
export async function countRun(tx: Tx, run: RunHandle): Promise<RunFacts> {
  await holdEpoch(tx, run);
  return withBulkPlans(tx, () => count(tx, run));
}

async function count(tx: Tx, run: RunHandle): Promise<RunFacts> {
  const published = await findPublished(tx, run);
  if (run.dataset === "directory") {
    if (published !== null) await carryUnreadUsers(tx, run, published.snapshotId);
    await markDeleted(tx, run);
  }
  return {
    reads: await countReads(tx, run),
    ...(await compare(tx, run, published)),
    heldButUnlisted: await countHeldButUnlisted(tx, run),
    beside: await findBesideFigures(tx, run),
    links:
      run.dataset !== "directory" || published === null
        ? []
        : await listChangedLinks(tx, { ...run, publishedId: published.snapshotId }),
  };
}

async function markDeleted(tx: Tx, run: RunHandle): Promise<void> {
  const [found] = await withLookups(tx, () =>
    tx.execute<{ places: readonly string[] }>(sql`
      select coalesce(jsonb_agg(u.place::text), '[]') as places
      from snapshot_deleted_users d
      cross join lateral (
        select t.ctid as place, t.deleted from snapshot_users t
        where t.workspace_id = ${run.workspaceId} and t.snapshot_id = ${run.snapshotId}
          and t.user_id between d.user_id and d.user_id order by t.user_id) u
      where d.workspace_id = ${run.workspaceId} and d.snapshot_id = ${run.snapshotId}
        and not u.deleted`),
  );
  const places = found?.places ?? [];
  if (places.length === 0) return;
  await withPlaces(tx, () =>
    tx.execute(sql`
      update snapshot_users set deleted = true
      where workspace_id = ${run.workspaceId} and snapshot_id = ${run.snapshotId}
        and ctid = any (array(
          select value::tid from jsonb_array_elements_text(${JSON.stringify(places)}::jsonb)))`),
  );
}

interface PublishedSnapshot {
  readonly snapshotId: number;
  readonly runId: string;
  readonly figures: SnapshotFigures | null;
}

async function findPublished(tx: Tx, run: RunHandle): Promise<PublishedSnapshot | null> {
  const [row] = await tx.execute<{
    id: string;
    run_id: string;
    figures: SnapshotFigures | null;
  }>(sql`
    select s.id, s.run_id, s.figures
    from dataset_epochs e
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.workspace_id = ${run.workspaceId} and e.connection_id = ${run.connectionId}
      and e.dataset = ${run.dataset}`);
  return row === undefined
    ? null
    : { snapshotId: Number(row.id), runId: row.run_id, figures: row.figures };
}

/** Usage rows are compared over the reports that both have. */
async function compare(
  tx: Tx,
  run: RunHandle,
  published: PublishedSnapshot | null,
): Promise<Pick<RunFacts, "current" | "published">> {
  const current = await snapshotFigures(tx, run);
  if (published === null) return { current, published };
  const before = { ...run, ...published };
  const figures = published.figures ?? (await snapshotFigures(tx, before));
  if (run.dataset !== "usage") return { current, published: figures };
  return {
    current: { ...current, rows: await commonUsageRows(tx, run, before.runId) },
    published: { ...figures, rows: await commonUsageRows(tx, before, run.runId) },
  };
}

interface ReadCount extends Record<string, unknown> {
  readonly read: Read;
  readonly rows: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly refreshed_on: string | null;
}

/** Complete reads whose rows have a table: what was written against what is there. */
async function countReads(tx: Tx, run: RunHandle): Promise<RunFacts["reads"]> {
  const rows = await tx.execute<ReadCount>(sql`
    with stored (read, n) as (${sql.join(storedRows(run), sql` union all `)})
    select c.read, c.rows, coalesce(s.n, 0)::int as stored, c.duplicates, c.quarantined, c.refreshed_on
    from read_checkpoints c left join stored s on s.read = c.read
    where c.workspace_id = ${run.workspaceId} and c.run_id = ${run.runId}
      and c.state = 'complete' and c.read <> 'report-settings'`);
  return rows.map((row) => ({
    read: row.read,
    manifestRows: row.rows,
    storedRows: row.stored,
    duplicates: row.duplicates,
    quarantined: row.quarantined,
    refreshedOn: row.refreshed_on,
  }));
}

/**
 * Selects of (read, rows stored), one per table of the dataset. Each names the snapshot itself: joined to it, the planner
 * would read every snapshot of the workspace.
 */
function storedRows(run: RunHandle): SQL[] {
  const where = sql`where workspace_id = ${run.workspaceId} and snapshot_id = ${run.snapshotId}`;
  const of = (read: Read, table: string): SQL =>
    sql`select ${read}::text, count(*) from ${sql.raw(table)} ${where}`;
  switch (run.dataset) {
    case "directory":
      return [
        of("organization", "snapshot_organizations"),
        sql`select case reading when 1 then 'subscribed-skus-first' else 'subscribed-skus-second' end, count(*)
          from snapshot_skus ${where} group by reading`,
        sql`select 'users', (select count(*) from snapshot_users ${where})
          - (select count(*) from snapshot_unread_users ${where} and seats_as_of is not null)`,
        of("company-subscriptions", "snapshot_subscriptions"),
        of("groups", "snapshot_groups"),
        of("deleted-users", "snapshot_deleted_users"),
      ];
    case "sign-ins":
      return [of("sign-ins", "snapshot_sign_ins")];
    case "usage":
      return [
        sql`select 'report:' || (${JSON.stringify(usageReports)}::jsonb ->> report::int), count(*)
          from snapshot_usage ${where} group by report`,
      ];
    default:
      return run.dataset satisfies never;
  }
}
