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

/** Accounts of a snapshot that count. Deleted ones consume nothing. Source: DESIGN §5 `consumed`. */
const accountsOf = (workspaceId: string, snapshotId: number): SQL => sql`
  select user_id, user_no, account_enabled is false as blocked, display_name, user_principal_name,
    created_at, content_hash
  from snapshot_users
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and not deleted`;

/**
 * Seats of the accounts in `accounts`, which has a snapshot's numbers in `no`. They are picked as rows are read, by a
 * condition: of a join the planner would expect so much that the next one has a thousand empty batches.
 */
const heldIn = (workspaceId: string, snapshotId: number, no: "old_no" | "new_no"): SQL => sql`(
  select user_no, sku_no from snapshot_assignments
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and holds
    and (user_no in (select ${sql.raw(no)} from accounts)) is true)`;

/**
 * Whether rows of a directory's list of accounts were set aside of which nobody knows whose they are: an account that is
 * not in it may be there all the same.
 */
const hasUnreadAccounts = (workspaceId: string, snapshotId: number): SQL => sql`exists (
  select 1 from snapshots s
  join read_checkpoints c on c.workspace_id = s.workspace_id and c.run_id = s.run_id
  where s.workspace_id = ${workspaceId} and s.id = ${snapshotId}
    and c.read = 'users' and c.quarantined > (
      select count(*) from snapshot_unread_users u
      where u.workspace_id = ${workspaceId} and u.snapshot_id = ${snapshotId}))`;

/** Whether the list named the account without what it holds. */
const isUnreadIn = (workspaceId: string, snapshotId: number, userId: SQL): SQL => sql`exists (
  select 1 from snapshot_unread_users r
  where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId} and r.user_id = ${userId})`;

const isDeletedIn = (workspaceId: string, snapshotId: number, userId: SQL): SQL => sql`exists (
  select 1 from snapshot_deleted_users d
  where d.workspace_id = ${workspaceId} and d.snapshot_id = ${snapshotId} and d.user_id = ${userId})`;

/**
 * Compares the seats of two snapshots into `changed_seats`, a table of this transaction. Accounts are joined by their ids;
 * those with the same content hash on both sides hold the same, and only the seats of the others are looked at. An account
 * stored before hashes were kept counts as another. Every join goes over all rows by hash, so that nothing rests on
 * statistics of rows that are too new to have some. Who is gone is named as the directory before named them: no later one
 * does. A deletion is concluded from two lists that were understood whole; where rows of one were set aside, an account
 * that is missing from it counts as deleted only by Microsoft's own list of the deleted.
 */
export async function compareSeats(tx: Tx, { workspaceId, before, after }: Compared) {
  await tx.execute(sql`
    create temporary table changed_seats (
      kind smallint not null, sku_no integer not null, user_id uuid not null, display_name text,
      user_principal_name text) on commit drop`);
  await tx.execute(sql`
    with accounts as materialized (
      select coalesce(o.user_id, n.user_id) as user_id, o.user_no as old_no, n.user_no as new_no,
        o.blocked as was_blocked, n.blocked, n.created_at,
        case when n.user_id is null then o.display_name end as display_name,
        case when n.user_id is null then o.user_principal_name end as user_principal_name
      from (${accountsOf(workspaceId, before)}) o
      full join (${accountsOf(workspaceId, after)}) n on n.user_id = o.user_id
      where (o.content_hash = n.content_hash) is not true),
    old_seats as (
      select a.*, h.sku_no from ${heldIn(workspaceId, before, "old_no")} h
      join accounts a on a.old_no = h.user_no),
    sides as (
      select ${hasUnreadAccounts(workspaceId, after)} as unread_now,
        ${hasUnreadAccounts(workspaceId, before)} as unread_before,
        (select as_of from snapshots where workspace_id = ${workspaceId} and id = ${before}) as as_of),
    new_seats as (
      select a.user_id, a.old_no, a.created_at, h.sku_no from ${heldIn(workspaceId, after, "new_no")} h
      join accounts a on a.new_no = h.user_no)
    insert into changed_seats
    select case
        when n.user_id is null and o.new_no is null
          and (s.unread_now or ${isUnreadIn(workspaceId, after, sql`o.user_id`)})
          and not ${isDeletedIn(workspaceId, after, sql`o.user_id`)} then ${kind("account-unread")}
        when n.user_id is null and o.new_no is null then ${kind("account-deleted")}
        when n.user_id is null then ${kind("seat-lost")}
        when o.user_id is null and n.old_no is null
          and (s.unread_before and n.created_at < s.as_of
            or ${isUnreadIn(workspaceId, before, sql`n.user_id`)})
          and not ${isDeletedIn(workspaceId, before, sql`n.user_id`)} then ${kind("account-read-again")}
        when o.user_id is null and n.old_no is null then ${kind("account-created")}
        when o.user_id is null then ${kind("seat-gained")}
        when o.blocked then ${kind("account-blocked")}
        else ${kind("account-unblocked")} end,
      coalesce(o.sku_no, n.sku_no), coalesce(o.user_id, n.user_id), o.display_name,
      o.user_principal_name
    from old_seats o
    full join new_seats n on n.user_id = o.user_id and n.sku_no = o.sku_no
    cross join sides s
    where o.user_id is null or n.user_id is null or o.was_blocked <> o.blocked`);
}

/** Ends the use of `changed_seats`: a transaction may publish several connections. */
export async function dropChangedSeats(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table changed_seats`);
}

/** All of `changed_seats`, in the columns of `skuChanges`. */
export const seatChanges = sql`
  select kind, sku_no, user_id, null::integer as before, null::integer as after, display_name,
    user_principal_name
  from changed_seats`;

/** Units as a license has them: one missing of several is 0, all missing unknown. Source: DESIGN §5. */
const listedSkus = (workspaceId: string, snapshotId: number): SQL => sql`
  select sku_no,
    case when units_reported then coalesce(enabled, 0) end as enabled,
    case when units_reported then coalesce(expiring, 0) end as expiring,
    case when units_reported then coalesce(suspended, 0) end as suspended
  from snapshot_skus
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and reading = 2`;

/**
 * SKUs that came or went, with their enabled units, and units that moved, as (kind, sku_no, user_id, before, after,
 * display_name, user_principal_name). Seats.
 */
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
