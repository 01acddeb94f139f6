import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SnapshotFigures } from "#lib/import/ports";
import { countSeats } from "./seat-counts.ts";
import { alikeSeats, hasTraits, seatTrait } from "./seat-traits.ts";
import { countCarried } from "./unread-users.ts";

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
  const rows = counted?.rows ?? 0;
  return run.dataset === "directory" ? rows + (await countCarried(tx, run)) : rows;
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

/** Holders per SKU number among accounts that are not deleted. */
export async function countHeld(
  tx: Tx,
  run: CountedRun,
): Promise<Readonly<Record<string, number>>> {
  const held: Record<string, number> = {};
  for (const { skuNo, traits, seats } of alikeSeats(await countSeats(tx, run))) {
    if (hasTraits(traits, seatTrait.holds)) held[skuNo] = (held[skuNo] ?? 0) + seats;
  }
  return held;
}

const heldSeats = (seats: Readonly<Record<string, number>>): SQL => sql`
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
    reported: number | null;
  }>(sql`
    with listed as materialized (${listedSkus(run)}),
    ${heldSeats(await countHeld(tx, run))}
    select
      (select coalesce(jsonb_agg(sku_id order by sku_id), '[]') from listed) as sku_ids,
      (select coalesce(sum(held), 0)::int from held
        where not exists (select from listed where listed.sku_no = held.sku_no
          and listed.applies_to = 'company')) as consumed,
      (select sum(consumed_units)::int from listed where applies_to = 'user') as reported`);
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
