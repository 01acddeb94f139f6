import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { withLookups, withPlaces } from "./bulk-plans.ts";

/** A table whose rows go in batches, along an index of (workspace, `owner`, `key`). */
interface BatchedTable {
  readonly table: string;
  readonly owner: "snapshot_id" | "reconciliation_id" | "match_id";
  readonly key: string;
  readonly type: "integer" | "uuid" | "text";
}

const ofSnapshot = (table: string, key: string, type: BatchedTable["type"]): BatchedTable => ({
  table,
  owner: "snapshot_id",
  key,
  type,
});

/** Tables with up to millions of rows of a snapshot. Assignments by account: in the order they were stored. */
export const snapshotTables: readonly BatchedTable[] = [
  ofSnapshot("snapshot_assignments", "user_no", "integer"),
  ofSnapshot("snapshot_users", "user_no", "integer"),
  ofSnapshot("snapshot_sign_ins", "user_id", "uuid"),
  ofSnapshot("snapshot_usage", "upn_key", "text"),
  ofSnapshot("snapshot_usage_evidence", "upn_key", "text"),
  ofSnapshot("snapshot_groups", "group_id", "uuid"),
  ofSnapshot("snapshot_deleted_users", "user_id", "uuid"),
  ofSnapshot("snapshot_unread_users", "user_id", "uuid"),
];

export const opportunityTable: BatchedTable = {
  table: "opportunity_groups",
  owner: "reconciliation_id",
  key: "license_id",
  type: "uuid",
};

/** Of a match of people that nobody looks at. */
export const notFoundTable: BatchedTable = {
  table: "people_not_found",
  owner: "match_id",
  key: "user_no",
  type: "integer",
};

/** A few rows per SKU, subscription or report of the tenant: they go with the snapshot. */
const shortTables = [
  "snapshot_organizations",
  "snapshot_skus",
  "snapshot_terms",
  "snapshot_app_skus",
  "snapshot_subscriptions",
  "snapshot_reports",
] as const;

export interface Batch {
  readonly workspaceId: string;
  /** A snapshot, a reconciliation or a match nobody can reach. */
  readonly ownerId: number;
  /** Where the batch before ended; null = at the beginning. Behind it the index holds what is gone already. */
  readonly from: string | null;
  /** Rows at most. */
  readonly limit: number;
}

/**
 * Removes the next batch of a table's rows. Returns where it ended, or null when nothing is left. Locks only rows nobody
 * reads or writes, in their order in the table.
 */
export async function removeBatch(
  tx: Tx,
  { table, owner, key, type }: BatchedTable,
  batch: Batch,
): Promise<string | null> {
  const name = sql.raw(table);
  const column = sql.raw(key);
  const place: SQL = sql`workspace_id = ${batch.workspaceId} and ${sql.raw(owner)} = ${batch.ownerId}`;
  const from: SQL =
    batch.from === null ? sql`` : sql`and ${column} >= ${batch.from}::${sql.raw(type)}`;
  const [found] = await withLookups(tx, () =>
    tx.execute<{ places: readonly string[]; last: string | null }>(sql`
      select coalesce(jsonb_agg(place::text), '[]') as places,
        (array_agg(key order by n desc))[1]::text as last
      from (
        select ctid as place, ${column} as key, row_number() over () as n from ${name}
        where ${place} ${from} order by ${column} limit ${batch.limit}) rows`),
  );
  if (found === undefined || found.places.length === 0) return null;
  await withPlaces(tx, () =>
    tx.execute(sql`
      delete from ${name}
      where ${place} and ctid = any (array(
        select value::tid from jsonb_array_elements_text(${JSON.stringify(found.places)}::jsonb)))`),
  );
  return found.last;
}

/** Snapshots of a workspace whose rows are to be removed, oldest first. */
export async function listRemovableSnapshots(
  tx: Tx,
  workspaceId: string,
): Promise<readonly number[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from snapshots where workspace_id = ${workspaceId} and state = 'removing' order by id`);
  return rows.map((row) => Number(row.id));
}

/** Removes what is left of a snapshot once its long tables are empty. */
export async function removeSnapshot(
  tx: Tx,
  key: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<void> {
  for (const table of shortTables) {
    await tx.execute(sql`
      delete from ${sql.raw(table)}
      where workspace_id = ${key.workspaceId} and snapshot_id = ${key.snapshotId}`);
  }
  await tx.execute(sql`
    delete from snapshots
    where workspace_id = ${key.workspaceId} and id = ${key.snapshotId} and state = 'removing'`);
}

/** Reconciliations whose opportunities are nobody's any more. One step along the index per reconciliation. */
export async function listLeftReconciliations(
  tx: Tx,
  workspaceId: string,
): Promise<readonly number[]> {
  const next = (after: SQL): SQL => sql`
    select o.reconciliation_id from opportunity_groups o
    where o.workspace_id = ${workspaceId} and o.reconciliation_id > ${after}
    order by o.reconciliation_id limit 1`;
  const rows = await withLookups(tx, () =>
    tx.execute<{ id: number }>(sql`
      with recursive present (id) as (
        (${next(sql`-1`)})
        union all
        select (${next(sql`present.id`)}) from present where present.id is not null)
      select id from present
      where id is not null and not exists (
        select from reconciliations r
        where r.workspace_id = ${workspaceId} and r.opportunities_of = present.id)`),
  );
  return rows.map((row) => row.id);
}
