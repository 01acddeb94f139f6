import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  type ChangeKind,
  changeKindAt,
  changeKinds,
  changeNumber,
  changeSubject,
} from "#lib/domain/change";
import { productName } from "#lib/domain/product-name";
import { nobody } from "./change-rows.ts";
import type { After } from "./keyset.ts";

/** One change with what it is of; `count` seats where no person is named. Before and after in units. */
export interface ChangeRow {
  readonly setId: number;
  readonly importId: string | null;
  /** When the changed directory was published (UTC). */
  readonly at: string;
  readonly kind: ChangeKind;
  readonly skuNo: number;
  readonly skuId: string;
  readonly licenseId: string | null;
  readonly productName: string;
  readonly userId: string | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly count: number;
  readonly before: number | null;
  readonly after: number | null;
  /** Where a list in this row's order goes on. */
  readonly position: After;
}

/** Whose changes are listed, and in which order: an import's by kind and license, else the newest first. */
export type ChangeScope =
  | { readonly of: "set"; readonly setId: number; readonly skuId?: string | undefined }
  | {
      readonly of: "license";
      /** Null: its changes are those of the number its seats are kept under. */
      readonly skuId: string | null;
      readonly skuNo: number | null;
      readonly source: string;
      readonly tenantId: string;
    }
  | {
      readonly of: "account";
      /** Any connection of the account's tenant and source. */
      readonly connectionId: string;
      readonly userId: string;
    };

export interface ChangeQuery {
  readonly workspaceId: string;
  readonly scope: ChangeScope;
  readonly kind?: ChangeKind | undefined;
  /** Whether people are listed; else their seats are counted. */
  readonly people: boolean;
  readonly after: After | null;
  readonly limit: number;
}

/** Safe: positions in `changeKinds` are ours, and none comes from a caller. */
const seatKinds = sql.raw(
  changeKinds
    .filter((kind) => changeSubject(kind) === "seat")
    .map(changeNumber)
    .join(),
);
const nobodyLiteral = sql.raw(`'${nobody}'::uuid`);

/** Up to `limit` changes. Names are of the connection's present directory, else as its last one had them. */
export async function listChangeRows(tx: Tx, query: ChangeQuery): Promise<readonly ChangeRow[]> {
  const { workspaceId, scope } = query;
  const order =
    scope.of === "set"
      ? sql`g.kind, g.sku_no, g.user_id`
      : sql`g.change_set_id desc, g.kind, g.sku_no, g.user_id`;
  const rows = await tx.execute<SelectedChange>(sql`
    with page as materialized (
      select * from (${scope.of === "account" ? ofAccount(query, scope) : byCounts(query)}) g
      order by ${order} limit ${query.limit})
    select g.change_set_id, i.import_id, s.created_at, g.kind, g.sku_no, n.sku_id, l.id as license_id,
      l.product_name, t.display_name as table_name, coalesce(k.part_number, n.name) as part_number, g.user_id, g.count,
      coalesce(u.display_name, g.display_name, x.display_name) as display_name,
      coalesce(u.user_principal_name, g.user_principal_name, x.user_principal_name) as user_principal_name,
      g.before, g.after
    from page g
    join change_sets s on s.workspace_id = ${workspaceId} and s.id = g.change_set_id
    join connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
    join sku_numbers n on n.workspace_id = s.workspace_id and n.no = g.sku_no
    left join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
    left join snapshot_skus a on c.source = 'saas-management' and a.workspace_id = s.workspace_id
      and a.snapshot_id = r.snapshot_id and a.reading = 2 and a.sku_no = g.sku_no
    left join licenses l on l.workspace_id = s.workspace_id and l.source = c.source
      and l.tenant_id = c.tenant_id and l.external_id = coalesce(a.external_id, 'sku:' || n.name, n.sku_id::text)
    left join products t on t.sku_id = n.sku_id
    left join lateral (
      select import_id from import_runs where workspace_id = s.workspace_id and run_id = s.run_id
      order by adopted limit 1) i on true
    left join lateral (
      select part_number from snapshot_skus
      where workspace_id = s.workspace_id and snapshot_id = r.snapshot_id and reading = 2
        and sku_no = g.sku_no) k on l.id is null
    left join dataset_epochs e on e.workspace_id = s.workspace_id
      and e.connection_id = s.connection_id and e.dataset = 'directory'
    left join lateral (
      select display_name, user_principal_name from snapshot_users
      where workspace_id = s.workspace_id and user_id = g.user_id and not deleted
        and snapshot_id in (e.snapshot_id, r.snapshot_id)
      order by snapshot_id desc limit 1) u on true
    left join lateral (
      select display_name, user_principal_name from changes
      where workspace_id = s.workspace_id and user_id = g.user_id and user_id <> ${nobodyLiteral}
        and kind in (${changeNumber("account-deleted")}, ${changeNumber("account-unread")})
      order by change_set_id desc limit 1) x on u.display_name is null and g.display_name is null
    order by ${order}`);
  return rows.map(toRow);
}

/**
 * Changes by way of their counts, which are few: the rows of each (set, kind, SKU) are found in the key's own order. A
 * first directory has counts of seats only.
 */
function byCounts(query: ChangeQuery): SQL {
  const { workspaceId, kind, people, limit } = query;
  const counted = sql`(c.kind in (${seatKinds}) and ${people ? sql`s.first` : sql`true`})`;
  return sql`
    select c.change_set_id, c.kind, c.sku_no, d.*
    from change_counts c
    join change_sets s on s.workspace_id = c.workspace_id and s.id = c.change_set_id
    cross join lateral (
      select d.user_id, 1 as count, d.before, d.after, d.display_name, d.user_principal_name
      from (
        select * from changes
        where workspace_id = c.workspace_id and change_set_id = c.change_set_id
          and kind = c.kind and sku_no = c.sku_no and not ${counted}
          and ${rowsAfter(query)}
        order by user_id limit ${limit}) d
      union all
      select ${nobodyLiteral}, c.count, null, null, null, null
      where ${counted} and ${countsAfter(query)}) d
    where c.workspace_id = ${workspaceId}
      and ${kind === undefined ? sql`true` : sql`c.kind = ${changeNumber(kind)}`}
      and ${scopeOf(query)}`;
}

function scopeOf({ workspaceId, scope }: ChangeQuery): SQL {
  const sku = (skuId: string): SQL => sql`c.sku_no in (
    select no from sku_numbers where workspace_id = ${workspaceId} and sku_id = ${skuId}::uuid)`;
  switch (scope.of) {
    case "set":
      return sql`c.change_set_id = ${scope.setId} and ${
        scope.skuId === undefined ? sql`true` : sku(scope.skuId)
      }`;
    case "license":
      return sql`s.state = 'published' and ${
        scope.skuId === null ? sql`c.sku_no = ${scope.skuNo}::integer` : sku(scope.skuId)
      } and s.connection_id in (
        select id from connections where workspace_id = ${workspaceId}
          and source = ${scope.source} and tenant_id = ${scope.tenantId}::uuid)`;
    case "account":
      return sql`false`;
    default:
      return scope satisfies never;
  }
}

function ofAccount(query: ChangeQuery, scope: ChangeScope & { readonly of: "account" }): SQL {
  const { workspaceId, kind } = query;
  return sql`
    select c.change_set_id, c.kind, c.sku_no, c.user_id, 1 as count, c.before, c.after,
      c.display_name, c.user_principal_name
    from changes c
    join change_sets s on s.workspace_id = c.workspace_id and s.id = c.change_set_id
      and s.state = 'published'
    where c.workspace_id = ${workspaceId} and c.user_id = ${scope.userId}::uuid
      and c.user_id <> ${nobodyLiteral} and s.connection_id in (
        select o.id from connections o
        join connections t on t.workspace_id = o.workspace_id and t.source = o.source
          and t.tenant_id = o.tenant_id
        where t.workspace_id = ${workspaceId} and t.id = ${scope.connectionId})
      and ${kind === undefined ? sql`true` : sql`c.kind = ${changeNumber(kind)}`}
      and ${countsAfter(query)}`;
}

/** The keys of a position: the set, the kind and the SKU of the row a page ended with. */
const keysOf = (after: After): readonly [set: number, kind: number, sku: number] => {
  const [set = 0, kind = 0, sku = 0] = after.key.split(".").map(Number);
  return [set, kind, sku];
};

/** Rows of one (set, kind, SKU) after the position: all, where that comes later in the order. */
function rowsAfter({ after }: ChangeQuery): SQL {
  if (after === null) return sql`true`;
  const [set, kind, sku] = keysOf(after);
  const same = sql`(c.change_set_id, c.kind, c.sku_no) = (${set}::bigint, ${kind}::smallint, ${sku}::integer)`;
  return sql`(${same} or ${laterThan(after)})
    and user_id >= case when ${same} then ${after.id}::uuid else ${nobodyLiteral} end
    and not (${same} and user_id = ${after.id}::uuid)`;
}

/** Whether (set, kind, SKU) as a whole comes after the position. */
const countsAfter = ({ after }: ChangeQuery): SQL =>
  after === null ? sql`true` : laterThan(after);

const laterThan = (after: After): SQL => {
  const [set, kind, sku] = keysOf(after);
  return sql`(-c.change_set_id, c.kind, c.sku_no) > (${-set}::bigint, ${kind}::smallint, ${sku}::integer)`;
};

interface SelectedChange extends Record<string, unknown> {
  readonly change_set_id: string;
  readonly import_id: string | null;
  readonly created_at: string;
  readonly kind: number;
  readonly sku_no: number;
  readonly sku_id: string;
  readonly license_id: string | null;
  readonly product_name: string | null;
  readonly table_name: string | null;
  readonly part_number: string | null;
  readonly user_id: string;
  readonly count: number;
  readonly display_name: string | null;
  readonly user_principal_name: string | null;
  readonly before: number | null;
  readonly after: number | null;
}

const toRow = (row: SelectedChange): ChangeRow => ({
  setId: Number(row.change_set_id),
  importId: row.import_id,
  at: new Date(row.created_at).toISOString(),
  kind: changeKindAt(row.kind),
  skuNo: row.sku_no,
  skuId: row.sku_id,
  licenseId: row.license_id,
  productName: nameOf(row),
  userId: row.user_id === nobody ? null : row.user_id,
  displayName: row.display_name,
  userPrincipalName: row.user_principal_name,
  count: row.count,
  before: row.before,
  after: row.after,
  position: { key: [row.change_set_id, row.kind, row.sku_no].join("."), id: row.user_id },
});

/** The license's name; of a SKU that has none yet, the name it would get. */
export const nameOf = (row: {
  readonly sku_id: string;
  readonly product_name: string | null;
  readonly table_name: string | null;
  readonly part_number: string | null;
}): string =>
  row.product_name ??
  productName({ skuId: row.sku_id, partNumber: row.part_number, tableName: row.table_name }).name;
