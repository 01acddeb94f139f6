import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  type ChangeKind,
  changeKindAt,
  changesKeptDays,
  type DepartmentChange,
} from "#lib/domain/change";
import type { Source } from "#lib/domain/connection";
import { nameOf } from "./change-reads.ts";

/** What one import's directory changed, or would change while it is held. */
export interface ChangeSet {
  readonly id: number;
  readonly connectionId: string;
  readonly state: "proposed" | "comparing" | "published";
  readonly first: boolean;
  readonly previousAsOf: string | null;
  readonly asOf: string;
  readonly departments: readonly DepartmentChange[];
}

/** The change set of an import; a proposed one only while its read is held. Undefined when there is none. */
export async function findChangeSet(
  tx: Tx,
  key: { readonly workspaceId: string; readonly importId: string },
): Promise<ChangeSet | undefined> {
  const [row] = await tx.execute<{
    id: string;
    connection_id: string;
    state: ChangeSet["state"];
    first: boolean;
    previous_as_of: string | null;
    as_of: string;
    departments: readonly DepartmentChange[] | null;
  }>(sql`
    select s.id, s.connection_id, s.state, s.first, s.previous_as_of, s.as_of, s.departments
    from import_runs i
    join change_sets s on s.workspace_id = i.workspace_id and s.run_id = i.run_id
    join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
    where i.workspace_id = ${key.workspaceId} and i.import_id = ${key.importId} and not i.adopted
      and (s.state <> 'proposed' or r.state = 'suspect')`);
  if (row === undefined) return undefined;
  return {
    id: Number(row.id),
    connectionId: row.connection_id,
    state: row.state,
    first: row.first,
    previousAsOf: row.previous_as_of === null ? null : new Date(row.previous_as_of).toISOString(),
    asOf: new Date(row.as_of).toISOString(),
    departments: row.departments ?? [],
  };
}

/** Publishes whose changes are still to be found, of every workspace, the oldest first. Called outside any workspace. */
export async function listSetsToCompare(
  tx: Tx,
): Promise<readonly { readonly workspaceId: string; readonly setId: number }[]> {
  const rows = await tx.execute<{ workspace_id: string; set_id: string }>(
    sql`select workspace_id, set_id from app.changes_to_compare()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, setId: Number(row.set_id) }));
}

/** Whether changes of any of a tenant's connections of a source are still to be found. */
export async function isComparing(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly source: Source; readonly tenantId: string },
): Promise<boolean> {
  const found = await tx.execute(sql`
    select 1 from change_sets s
    join connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
    where s.workspace_id = ${scope.workspaceId} and s.state = 'comparing'
      and c.source = ${scope.source} and c.tenant_id = ${scope.tenantId}::uuid
    limit 1`);
  return found.length > 0;
}

/** How many changes of a kind a license has in a set. Seats for kinds about seats. */
export interface ChangeCountRow {
  readonly kind: ChangeKind;
  readonly skuId: string;
  readonly licenseId: string | null;
  readonly productName: string;
  readonly count: number;
}

/** All counts of a set, in the order of the kinds, then the largest first. */
export async function listChangeCounts(
  tx: Tx,
  key: { readonly workspaceId: string; readonly setId: number },
): Promise<readonly ChangeCountRow[]> {
  const rows = await tx.execute<{
    kind: number;
    sku_id: string;
    license_id: string | null;
    product_name: string | null;
    table_name: string | null;
    part_number: string | null;
    count: number;
  }>(sql`
    select c.kind, n.sku_id, l.id as license_id, l.product_name, t.display_name as table_name,
      coalesce(k.part_number, n.name) as part_number, c.count
    from change_counts c
    join change_sets s on s.workspace_id = c.workspace_id and s.id = c.change_set_id
    join connections o on o.workspace_id = s.workspace_id and o.id = s.connection_id
    join sku_numbers n on n.workspace_id = c.workspace_id and n.no = c.sku_no
    left join products t on t.sku_id = n.sku_id
    left join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
    left join snapshot_skus k on k.workspace_id = s.workspace_id
      and k.snapshot_id = r.snapshot_id and k.reading = 2 and k.sku_no = c.sku_no
    left join licenses l on l.workspace_id = c.workspace_id and l.source = o.source
      and l.tenant_id = o.tenant_id and l.external_id = coalesce(
        case when o.source = 'saas-management' then k.external_id end, 'sku:' || n.name, n.sku_id::text)
    where c.workspace_id = ${key.workspaceId} and c.change_set_id = ${key.setId}
    order by c.kind, c.count desc, c.sku_no`);
  return rows.map((row) => ({
    kind: changeKindAt(row.kind),
    skuId: row.sku_id,
    licenseId: row.license_id,
    productName: nameOf(row),
    count: row.count,
  }));
}

/** Rows a clean-up removes in one transaction. */
const batchRows = 5_000;

/**
 * Removes one batch of change records past their days, and of proposals whose hold is decided: rows first, then the set
 * that has none left. Small transactions: readers and publishes wait for none. Returns whether there is more to do.
 */
export async function cleanUpChanges(
  tx: Tx,
  input: { readonly workspaceId: string; readonly keptDays?: number },
): Promise<boolean> {
  const { workspaceId, keptDays = changesKeptDays } = input;
  const [old] = await tx.execute<{ id: string }>(sql`
    select s.id from change_sets s
    where s.workspace_id = ${workspaceId}
      and (s.created_at < now() - ${keptDays}::int * interval '1 day'
        or (s.state = 'proposed' and not exists (
          select from dataset_runs r
          where r.workspace_id = s.workspace_id and r.id = s.run_id and r.state = 'suspect')))
    order by s.id limit 1 for update skip locked`);
  if (old === undefined) return false;
  const removed = await tx.execute(sql`
    delete from changes where ctid in (
      select ctid from changes
      where workspace_id = ${workspaceId} and change_set_id = ${old.id} limit ${batchRows})
      and workspace_id = ${workspaceId}
    returning 1`);
  if (removed.length === batchRows) return true;
  await tx.execute(sql`
    delete from change_sets where workspace_id = ${workspaceId} and id = ${old.id}`);
  return true;
}
