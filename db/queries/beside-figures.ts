import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { countsDisagree } from "#lib/domain/disagreement";
import type { BesideFigures } from "#lib/domain/hold";
import type { RunHandle } from "#lib/import/ports";
import { countHeld } from "./snapshot-figures.ts";

/** Older counts of another source say nothing about a read of today. */
const freshDays = 10;

type CountedRun = Pick<
  RunHandle,
  "workspaceId" | "connectionId" | "runId" | "dataset" | "snapshotId"
>;

interface Pair extends Record<string, unknown> {
  readonly source: BesideFigures["source"];
  /** The read's own connection, as published; null before its first. */
  readonly own: number | null;
  readonly other: number;
}

/** The read's connection and Microsoft's own data of the tenant: Microsoft 365 where it is connected. */
async function findPair(tx: Tx, run: CountedRun): Promise<Pair | undefined> {
  const [pair] = await tx.execute<Pair>(sql`
    select c.source, own.reconciliation_id as own, c.reconciliation_id as other
    from connections own
    join connections c on c.workspace_id = own.workspace_id and c.tenant_id = own.tenant_id
      and c.id <> own.id and c.status <> 'disconnected'
    join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    join snapshots s on s.workspace_id = r.workspace_id and s.id = r.directory_snapshot_id
    where own.workspace_id = ${run.workspaceId} and own.id = ${run.connectionId}
      and own.source = 'saas-management' and s.as_of > now() - ${freshDays}::int * interval '1 day'
    order by c.source limit 1`);
  return pair;
}

/**
 * A read of SaaS Management beside what Microsoft's own data of the tenant counts: seats of the SKUs that both know. Null
 * for other sources, without a fresh count, when the accounts name no SKU at all, and where the figures that are published
 * disagreed as much, which somebody has decided.
 */
export async function findBesideFigures(tx: Tx, run: CountedRun): Promise<BesideFigures | null> {
  if (run.dataset !== "directory") return null;
  const pair = await findPair(tx, run);
  if (pair === undefined) return null;
  const held = await countHeld(tx, run);
  if (Object.keys(held).length === 0) return null;
  const [sums] = await tx.execute<{
    consumed: number | null;
    counted: number | null;
    published: number | null;
  }>(sql`
    with seats as (
      select key::int as no, value::int as seats from jsonb_each_text(${JSON.stringify(held)}::jsonb)),
    ours as (
      select n.sku_id, coalesce(max(seats.seats), 0) as consumed
      from (select no from seats
        union select s.sku_no from snapshot_skus s where s.workspace_id = ${run.workspaceId}
          and s.snapshot_id = ${run.snapshotId} and s.reading = 2) known
      join sku_numbers n on n.workspace_id = ${run.workspaceId} and n.no = known.no and n.name is null
      left join seats on seats.no = known.no
      group by n.sku_id)
    select sum(ours.consumed)::int as consumed, sum(theirs.consumed)::int as counted,
      sum(before.consumed)::int as published
    from ours
    join (${consumedBySku(run, pair.other)}) theirs on theirs.sku_id = ours.sku_id
    left join (${consumedBySku(run, pair.own)}) before on before.sku_id = ours.sku_id`);
  const { consumed = null, counted = null, published = null } = sums ?? {};
  if (consumed === null || counted === null) return null;
  return published !== null && countsDisagree(published, counted)
    ? null
    : { source: pair.source, consumed, counted };
}

const consumedBySku = (run: CountedRun, reconciliationId: number | null): SQL => sql`
  select l.sku_id, sum(p.consumed) as consumed
  from license_positions p join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
  where p.workspace_id = ${run.workspaceId} and p.reconciliation_id = ${reconciliationId}::int
    and p.consumed is not null and l.sku_id is not null
  group by l.sku_id`;
