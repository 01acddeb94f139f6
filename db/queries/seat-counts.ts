import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";
import { largeRows, withLookups } from "./bulk-plans.ts";
import { type SeatCounts, seatKeyOf, withoutSeats } from "./seat-traits.ts";

type Counted = Pick<RunHandle, "workspaceId" | "runId" | "snapshotId">;

/**
 * Seats of a directory's accounts that are not deleted, by SKU and traits: as they were counted while pages were written,
 * or from the rows where that cannot be told. Runs with bulk plans. Source: docs/adr/0008.
 */
export async function countSeats(tx: Tx, run: Counted): Promise<SeatCounts> {
  const all = (await keptSeats(tx, run)) ?? (await countStored(tx, run));
  return withoutSeats(all, await withLookups(tx, () => seatsOfDeleted(tx, run)));
}

async function keptSeats(tx: Tx, run: Counted): Promise<SeatCounts | null> {
  const [row] = await tx.execute<{ held: SeatCounts | null }>(sql`
    select held from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = 'users'`);
  return row?.held ?? null;
}

/** A select of (key): one row per seat. */
async function countKeys(tx: Tx, keys: SQL): Promise<SeatCounts> {
  const [row] = await tx.execute<{ held: SeatCounts }>(sql`
    select coalesce(jsonb_object_agg(key, n), '{}') as held
    from (select key, count(*) as n from (${keys}) seats group by key) counted`);
  return row?.held ?? {};
}

const countStored = (tx: Tx, { workspaceId, snapshotId }: Counted): Promise<SeatCounts> =>
  countKeys(
    tx,
    sql`
      select ${seatKeyOf(sql`a`, sql`u`)} as key
      from ${largeRows(
        "snapshot_assignments",
        ["sku_no", "user_no", "holds", "direct", "group_ids", "in_error"],
        sql`workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}`,
      )} a
      join (
        select user_no, account_enabled, user_type from snapshot_users
        where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}) u on u.user_no = a.user_no`,
  );

/** What accounts hold that are in deletedItems as well. */
const seatsOfDeleted = (tx: Tx, { workspaceId, snapshotId }: Counted): Promise<SeatCounts> => {
  const place = sql`t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}`;
  return countKeys(
    tx,
    sql`
      select ${seatKeyOf(sql`a`, sql`u`)} as key
      from snapshot_deleted_users d
      cross join lateral (
        select t.user_no, t.account_enabled, t.user_type from snapshot_users t
        where ${place} and t.user_id between d.user_id and d.user_id order by t.user_id) u
      cross join lateral (
        select t.sku_no, t.holds, t.direct, t.group_ids, t.in_error from snapshot_assignments t
        where ${place} and t.user_no between u.user_no and u.user_no order by t.user_no) a
      where d.workspace_id = ${workspaceId} and d.snapshot_id = ${snapshotId}`,
  );
};
