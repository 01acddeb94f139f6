import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SnapshotFigures } from "#lib/import/ports";

/** A run whose reads are complete, and its snapshot. */
export type CountedRun = Pick<RunHandle, "workspaceId" | "runId" | "dataset" | "snapshotId">;

const withoutSkus = { skus: 0, skuIds: [], consumed: 0, reported: 0 };

/**
 * The figures a hold is decided on, from what was counted while pages were written; `consumed` leaves company-wide SKUs
 * out and counts orphans in. `storedRows` in the tables are compared with the same counts elsewhere (import-facts).
 */
export async function snapshotFigures(tx: Tx, run: CountedRun): Promise<SnapshotFigures> {
  const rows = await countCompleteRows(tx, run);
  return run.dataset === "directory"
    ? { rows, ...(await directoryFigures(tx, run)) }
    : { rows, ...withoutSkus };
}

/** Rows of the read that the dataset is counted by: accounts, or rows of all reports that were read. */
async function countCompleteRows(tx: Tx, run: CountedRun): Promise<number> {
  const reads = { directory: "users", "sign-ins": "sign-ins", usage: "report:%" }[run.dataset];
  const [counted] = await tx.execute<{ rows: number }>(sql`
    select coalesce(sum(rows - duplicates), 0)::int as rows from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read like ${reads}
      and state = 'complete'`);
  return counted?.rows ?? 0;
}

/** A report that one side could not read is no loss of rows: such reports are left out on both sides. */
export async function commonUsageRows(
  tx: Tx,
  run: Pick<CountedRun, "workspaceId" | "runId">,
  besideRunId: string,
): Promise<number> {
  const [counted] = await tx.execute<{ rows: number }>(sql`
    select coalesce(sum(c.rows - c.duplicates), 0)::int as rows
    from read_checkpoints c
    join read_checkpoints b on b.workspace_id = c.workspace_id and b.run_id = ${besideRunId}
      and b.read = c.read and b.state = 'complete'
    where c.workspace_id = ${run.workspaceId} and c.run_id = ${run.runId}
      and c.read like 'report:%' and c.state = 'complete'`);
  return counted?.rows ?? 0;
}

/** Of every account that holds a SKU and is not deleted: (sku_no, held), seats per SKU number. */
async function heldSeats(tx: Tx, run: CountedRun): Promise<SQL> {
  const { workspaceId, snapshotId } = run;
  const kept = await tx.execute(sql`
    select 1 from read_checkpoints
    where workspace_id = ${workspaceId} and run_id = ${run.runId} and read = 'users'
      and held is not null`);
  const all =
    kept.length > 0
      ? sql`select key::int, value::int
          from read_checkpoints c cross join jsonb_each_text(c.held)
          where c.workspace_id = ${workspaceId} and c.run_id = ${run.runId} and c.read = 'users'`
      : sql`select sku_no, count(*)::int from snapshot_assignments
          where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and holds
          group by sku_no`;
  return sql`
    select sku_no, sum(n)::int as held from (
      ${all}
      union all
      select seat.sku_no, -1
      from snapshot_deleted_users d
      cross join lateral (
        select t.user_no from snapshot_users t
        where t.workspace_id = d.workspace_id and t.snapshot_id = d.snapshot_id
          and t.user_id = d.user_id offset 0) u
      cross join lateral (
        select t.sku_no from snapshot_assignments t
        where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
          and t.user_no = u.user_no and t.holds offset 0) seat
      where d.workspace_id = ${workspaceId} and d.snapshot_id = ${snapshotId}) seats (sku_no, n)
    group by sku_no having sum(n) > 0`;
}

const listedSkus = (run: CountedRun): SQL => sql`
  select s.sku_no, n.sku_id, s.applies_to, s.consumed_units
  from snapshot_skus s join sku_numbers n on n.workspace_id = s.workspace_id and n.no = s.sku_no
  where s.workspace_id = ${run.workspaceId} and s.snapshot_id = ${run.snapshotId} and s.reading = 2`;

async function directoryFigures(tx: Tx, run: CountedRun): Promise<Omit<SnapshotFigures, "rows">> {
  const [figures] = await tx.execute<{
    sku_ids: readonly string[];
    consumed: number;
    reported: number;
  }>(sql`
    with listed as materialized (${listedSkus(run)}),
    held as materialized (${await heldSeats(tx, run)})
    select
      (select coalesce(jsonb_agg(sku_id order by sku_id), '[]') from listed) as sku_ids,
      (select coalesce(sum(held), 0)::int from held
        where not exists (select from listed where listed.sku_no = held.sku_no
          and listed.applies_to = 'company')) as consumed,
      (select coalesce(sum(consumed_units), 0)::int from listed where applies_to = 'user') as reported`);
  if (figures === undefined) throw new Error("Aggregates always give a row.");
  const { sku_ids: skuIds, consumed, reported } = figures;
  return { skus: skuIds.length, skuIds, consumed, reported };
}

/** SKUs that somebody holds and the second list lacks. Source: fault-catalogue B23. */
export async function countHeldButUnlisted(tx: Tx, run: CountedRun): Promise<number> {
  if (run.dataset !== "directory") return 0;
  const [counted] = await tx.execute<{ skus: number }>(sql`
    with listed as materialized (${listedSkus(run)}),
    held as materialized (${await heldSeats(tx, run)})
    select count(*)::int as skus from held
    where not exists (select from listed where listed.sku_no = held.sku_no)`);
  return counted?.skus ?? 0;
}
