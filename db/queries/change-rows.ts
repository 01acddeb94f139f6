import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type ChangeKind, changeNumber } from "#lib/domain/change";

/** Two directory snapshots of one connection, the later compared with the earlier. */
export interface Compared {
  readonly workspaceId: string;
  readonly before: number;
  readonly after: number;
}

/** A change of a SKU is about nobody. */
export const nobody = "00000000-0000-0000-0000-000000000000";

const kind = (name: ChangeKind): SQL => sql.raw(`${changeNumber(name)}::smallint`);

/** Who consumes what in a snapshot, and whether their sign-in is blocked. Source: DESIGN §5 `consumed`. */
const seatsOf = (workspaceId: string, snapshotId: number): SQL => sql`
  select u.user_id, a.sku_no, (u.account_enabled is false) as blocked
  from snapshot_assignments a
  join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
    and u.user_no = a.user_no
  where a.workspace_id = ${workspaceId} and a.snapshot_id = ${snapshotId}
    and a.holds and not u.deleted`;

/**
 * Compares the seats of two snapshots by one full outer join into `changed_seats`, a table of this transaction: pairs of
 * account and SKU that only one of them has, and pairs whose account was blocked or unblocked. The table gets statistics,
 * so that what follows is planned by how much has changed.
 */
export async function compareSeats(tx: Tx, { workspaceId, before, after }: Compared) {
  await tx.execute(sql`
    create temporary table changed_seats (
      user_id uuid not null, sku_no integer not null, had boolean not null, has boolean not null,
      blocked boolean) on commit drop`);
  await tx.execute(sql`
    insert into changed_seats
    select coalesce(o.user_id, n.user_id), coalesce(o.sku_no, n.sku_no), o.user_id is not null,
      n.user_id is not null, n.blocked
    from (${seatsOf(workspaceId, before)}) o
    full join (${seatsOf(workspaceId, after)}) n on n.user_id = o.user_id and n.sku_no = o.sku_no
    where o.user_id is null or n.user_id is null or o.blocked <> n.blocked`);
  await tx.execute(sql`analyze changed_seats`);
  // Off for rows without statistics; these have some, and few changes are looked up one by one.
  await tx.execute(sql`select set_config('enable_nestloop', 'on', true)`);
}

/** Ends the use of `changed_seats`: a transaction may publish several connections. */
export async function dropChangedSeats(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table changed_seats`);
}

/**
 * Rows of `changed_seats` that pass a condition on `m`, as (kind, sku_no, user_id, before, after, display_name,
 * user_principal_name). Who is gone is named as the directory before named them: no later one does.
 */
export const seatChanges = ({ workspaceId, before, after }: Compared, condition: SQL): SQL => sql`
  select case
      when m.had and m.has and m.blocked then ${kind("account-blocked")}
      when m.had and m.has then ${kind("account-unblocked")}
      when m.had and present.user_id is null then ${kind("account-deleted")}
      when m.had then ${kind("seat-lost")}
      when past.user_id is null then ${kind("account-created")}
      else ${kind("seat-gained")} end as kind,
    m.sku_no, m.user_id, null::integer as before, null::integer as after,
    case when m.had and present.user_id is null then past.display_name end as display_name,
    case when m.had and present.user_id is null then past.user_principal_name end as user_principal_name
  from changed_seats m
  left join snapshot_users past on past.workspace_id = ${workspaceId}
    and past.snapshot_id = ${before} and past.user_id = m.user_id and not past.deleted
  left join snapshot_users present on present.workspace_id = ${workspaceId}
    and present.snapshot_id = ${after} and present.user_id = m.user_id and not present.deleted
  where ${condition}`;

/** Units as a license has them: one missing of several is 0, all missing unknown. Source: DESIGN §5. */
const listedSkus = (workspaceId: string, snapshotId: number): SQL => sql`
  select sku_no,
    case when units_reported then coalesce(enabled, 0) end as enabled,
    case when units_reported then coalesce(expiring, 0) end as expiring,
    case when units_reported then coalesce(suspended, 0) end as suspended
  from snapshot_skus
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and reading = 2`;

/** SKUs that came or went, with their enabled units, and units that moved; columns as `seatChanges`. Seats. */
export const skuChanges = ({ workspaceId, before, after }: Compared): SQL => sql`
  select c.kind, coalesce(o.sku_no, n.sku_no) as sku_no, ${nobody}::uuid as user_id, c.before, c.after,
    null::text as display_name, null::text as user_principal_name
  from (${listedSkus(workspaceId, before)}) o
  full join (${listedSkus(workspaceId, after)}) n on n.sku_no = o.sku_no
  cross join lateral (
    select ${kind("sku-gone")} as kind, o.enabled as before, null::integer as after
      where n.sku_no is null
    union all
    select ${kind("sku-new")}, null, n.enabled where o.sku_no is null
    union all
    select u.kind, u.before, u.after
      from (values
        (${kind("units-enabled")}, o.enabled, n.enabled),
        (${kind("units-expiring")}, o.expiring, n.expiring),
        (${kind("units-suspended")}, o.suspended, n.suspended)) as u (kind, before, after)
      where o.sku_no is not null and n.sku_no is not null and u.before is distinct from u.after
  ) c`;
