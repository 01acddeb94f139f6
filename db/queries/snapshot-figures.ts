import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SnapshotFigures } from "#lib/import/ports";
import { withLookups } from "./bulk-plans.ts";

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

type SeatsPerSku = Readonly<Record<string, number>>;

/** Seats per SKU number, held by accounts that are not deleted. */
async function countHeld(tx: Tx, run: CountedRun): Promise<SeatsPerSku> {
  const all = (await keptSeats(tx, run)) ?? (await countSeats(tx, run));
  const deleted = await withLookups(tx, () => seatsOfDeleted(tx, run));
  return Object.fromEntries(
    Object.entries(all)
      .map(([no, seats]) => [no, seats - (deleted[no] ?? 0)] as const)
      .filter(([, seats]) => seats > 0),
  );
}

async function keptSeats(tx: Tx, run: CountedRun): Promise<SeatsPerSku | null> {
  const [row] = await tx.execute<{ held: SeatsPerSku | null }>(sql`
    select held from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = 'users'`);
  return row?.held ?? null;
}

async function countSeats(tx: Tx, run: CountedRun): Promise<SeatsPerSku> {
  const [row] = await tx.execute<{ held: SeatsPerSku }>(sql`
    select coalesce(jsonb_object_agg(sku_no, n), '{}') as held from (
      select sku_no, count(*) as n from snapshot_assignments
      where workspace_id = ${run.workspaceId} and snapshot_id = ${run.snapshotId} and holds
      group by sku_no) counted`);
  return row?.held ?? {};
}

/** What accounts hold that are in deletedItems as well. */
async function seatsOfDeleted(tx: Tx, run: CountedRun): Promise<SeatsPerSku> {
  const place = sql`t.workspace_id = ${run.workspaceId} and t.snapshot_id = ${run.snapshotId}`;
  const [row] = await tx.execute<{ held: SeatsPerSku }>(sql`
    select coalesce(jsonb_object_agg(sku_no, n), '{}') as held from (
      select seat.sku_no, count(*) as n
      from snapshot_deleted_users d
      cross join lateral (
        select t.user_no from snapshot_users t
        where ${place} and t.user_id between d.user_id and d.user_id order by t.user_id) u
      cross join lateral (
        select t.sku_no, t.holds from snapshot_assignments t
        where ${place} and t.user_no between u.user_no and u.user_no order by t.user_no) seat
      where d.workspace_id = ${run.workspaceId} and d.snapshot_id = ${run.snapshotId} and seat.holds
      group by seat.sku_no) counted`);
  return row?.held ?? {};
}

const heldSeats = (seats: SeatsPerSku): SQL => sql`
  held as materialized (
    select key::int as sku_no, value::int as held from jsonb_each_text(${JSON.stringify(seats)}::jsonb))`;

/** A license of an application keeps its own id when it comes to stand for another SKU. */
const listedSkus = (run: CountedRun): SQL => sql`
  select s.sku_no, coalesce(s.external_id, n.sku_id::text) as sku_id, s.applies_to, s.consumed_units
  from snapshot_skus s join sku_numbers n on n.workspace_id = s.workspace_id and n.no = s.sku_no
  where s.workspace_id = ${run.workspaceId} and s.snapshot_id = ${run.snapshotId} and s.reading = 2`;

async function directoryFigures(tx: Tx, run: CountedRun): Promise<Omit<SnapshotFigures, "rows">> {
  const [figures] = await tx.execute<{
    sku_ids: readonly string[];
    consumed: number;
    reported: number;
  }>(sql`
    with listed as materialized (${listedSkus(run)}),
    ${heldSeats(await countHeld(tx, run))}
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
    ${heldSeats(await countHeld(tx, run))}
    select count(*)::int as skus from held
    where not exists (select from listed where listed.sku_no = held.sku_no)`);
  return counted?.skus ?? 0;
}
