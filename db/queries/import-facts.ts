import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type Dataset, type Read, usageReports } from "#lib/domain/import";
import type { RunFacts, RunHandle, SnapshotFigures } from "#lib/import/ports";
import { withBulkPlans } from "./bulk-plans.ts";
import { holdEpoch } from "./import-store-fence.ts";

/**
 * Prepares a read-through run for judging: older copies of accounts that came twice go (the last page wins), accounts
 * that are in deletedItems as well are marked, and everything is counted from the tables. Safe to repeat.
 * Throws SupersededError. Source: DESIGN §4.5, fault-catalogue B10, B35.
 */
export async function countRun(tx: Tx, run: RunHandle): Promise<RunFacts> {
  await holdEpoch(tx, run);
  return withBulkPlans(tx, () => count(tx, run));
}

async function count(tx: Tx, run: RunHandle): Promise<RunFacts> {
  if (run.dataset === "directory") {
    await removeOlderCopies(tx, run);
    await markDeleted(tx, run);
  }
  const published = await publishedSnapshot(tx, run);
  return {
    reads: await countReads(tx, run),
    current: await snapshotFigures(tx, run, { snapshotId: run.snapshotId, beside: published }),
    published:
      published === null
        ? null
        : await snapshotFigures(tx, run, { snapshotId: published, beside: run.snapshotId }),
    heldButUnlisted: await countHeldButUnlisted(tx, run),
  };
}

async function removeOlderCopies(tx: Tx, run: RunHandle): Promise<void> {
  await tx.execute(sql`
    with older as materialized (
      select user_no from (
        select user_no, row_number() over (partition by user_id order by user_no desc) as copy
        from snapshot_users
        where workspace_id = ${run.workspaceId} and snapshot_id = ${run.snapshotId}
      ) copies where copy > 1),
    assignments as (
      delete from snapshot_assignments a using older
      where a.workspace_id = ${run.workspaceId} and a.snapshot_id = ${run.snapshotId}
        and a.user_no = older.user_no),
    users as (
      delete from snapshot_users u using older
      where u.workspace_id = ${run.workspaceId} and u.snapshot_id = ${run.snapshotId}
        and u.user_no = older.user_no
      returning 1)
    update read_checkpoints set duplicates = duplicates + (select count(*) from users)
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = 'users'
      and exists (select from older)`);
}

async function markDeleted(tx: Tx, run: RunHandle): Promise<void> {
  await tx.execute(sql`
    update snapshot_users u set deleted = true
    from snapshot_deleted_users d
    where u.workspace_id = ${run.workspaceId} and u.snapshot_id = ${run.snapshotId}
      and d.workspace_id = u.workspace_id and d.snapshot_id = u.snapshot_id
      and d.user_id = u.user_id and not u.deleted`);
}

async function publishedSnapshot(tx: Tx, run: RunHandle): Promise<number | null> {
  const [epoch] = await tx.execute<{ snapshot_id: string | null }>(sql`
    select snapshot_id from dataset_epochs
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = ${run.dataset}`);
  return epoch?.snapshot_id ? Number(epoch.snapshot_id) : null;
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
        of("users", "snapshot_users"),
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

/** Seats that somebody holds of SKUs the second list lacks, as a number of SKUs. Source: fault-catalogue B23. */
async function countHeldButUnlisted(tx: Tx, run: RunHandle): Promise<number> {
  if (run.dataset !== "directory") return 0;
  const [held] = await tx.execute<{ skus: number }>(sql`
    select count(distinct a.sku_no)::int as skus
    from snapshot_assignments a
    join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
      and u.user_no = a.user_no
    where a.workspace_id = ${run.workspaceId} and a.snapshot_id = ${run.snapshotId}
      and a.holds and not u.deleted
      and not exists (
        select from snapshot_skus s
        where s.workspace_id = a.workspace_id and s.snapshot_id = a.snapshot_id
          and s.reading = 2 and s.sku_no = a.sku_no)`);
  return held?.skus ?? 0;
}

interface Pair {
  readonly snapshotId: number;
  /** The snapshot it is compared with; usage rows are counted over the reports both have. */
  readonly beside: number | null;
}

/** The figures a hold is decided on. `consumed` leaves company-wide SKUs out and counts orphans in. */
async function snapshotFigures(
  tx: Tx,
  run: { readonly workspaceId: string; readonly dataset: Dataset },
  pair: Pair,
): Promise<SnapshotFigures> {
  const { workspaceId } = run;
  const none = { skus: 0, skuIds: [], consumed: 0, reported: 0 };
  switch (run.dataset) {
    case "directory":
      return directoryFigures(tx, workspaceId, pair.snapshotId);
    case "sign-ins":
      return { ...none, rows: await countSignIns(tx, workspaceId, pair.snapshotId) };
    case "usage":
      return { ...none, rows: await countUsage(tx, workspaceId, pair) };
    default:
      return run.dataset satisfies never;
  }
}

async function directoryFigures(
  tx: Tx,
  workspaceId: string,
  snapshotId: number,
): Promise<SnapshotFigures> {
  const [figures] = await tx.execute<{
    rows: number;
    skus: readonly string[];
    consumed: number;
    reported: number;
  }>(sql`
    with listed as (
      select s.sku_no, n.sku_id, s.applies_to, s.consumed_units
      from snapshot_skus s join sku_numbers n on n.workspace_id = s.workspace_id and n.no = s.sku_no
      where s.workspace_id = ${workspaceId} and s.snapshot_id = ${snapshotId} and s.reading = 2)
    select
      (select count(*)::int from snapshot_users u
        where u.workspace_id = ${workspaceId} and u.snapshot_id = ${snapshotId}) as rows,
      (select coalesce(jsonb_agg(sku_id order by sku_id), '[]') from listed) as skus,
      (select count(*)::int from snapshot_assignments a
        join snapshot_users u on u.workspace_id = a.workspace_id
          and u.snapshot_id = a.snapshot_id and u.user_no = a.user_no
        where a.workspace_id = ${workspaceId} and a.snapshot_id = ${snapshotId}
          and a.holds and not u.deleted
          and not exists (select from listed where listed.sku_no = a.sku_no
            and listed.applies_to = 'company')) as consumed,
      (select coalesce(sum(consumed_units), 0)::int from listed where applies_to = 'user') as reported`);
  if (figures === undefined) throw new Error("Aggregates always give a row.");
  return {
    rows: figures.rows,
    skus: figures.skus.length,
    skuIds: figures.skus,
    consumed: figures.consumed,
    reported: figures.reported,
  };
}

async function countSignIns(tx: Tx, workspaceId: string, snapshotId: number): Promise<number> {
  const [counted] = await tx.execute<{ rows: number }>(sql`
    select count(*)::int as rows from snapshot_sign_ins
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}`);
  return counted?.rows ?? 0;
}

/** A report that one side could not read is no loss of rows: such reports are left out on both sides. */
async function countUsage(tx: Tx, workspaceId: string, pair: Pair): Promise<number> {
  const reports = JSON.stringify(usageReports);
  const [counted] = await tx.execute<{ rows: number }>(sql`
    with read_reports as (
      select s.id as snapshot_id, substr(c.read, 8) as report
      from snapshots s
      join read_checkpoints c on c.workspace_id = s.workspace_id and c.run_id = s.run_id
      where s.workspace_id = ${workspaceId} and s.id in (${pair.snapshotId}, ${pair.beside ?? pair.snapshotId})
        and c.read like 'report:%' and c.state = 'complete'),
    common as (
      select report from read_reports group by report
      having count(*) = ${pair.beside === null ? 1 : 2})
    select count(*)::int as rows
    from snapshot_usage u join common on common.report = ${reports}::jsonb ->> u.report::int
    where u.workspace_id = ${workspaceId} and u.snapshot_id = ${pair.snapshotId}`);
  return counted?.rows ?? 0;
}
