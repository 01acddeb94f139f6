import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";
import { withLookups } from "./bulk-plans.ts";
import { lookUpNoted, notedColumns, readNoted } from "./noted-evidence.ts";
import { seatKeyOf } from "./seat-traits.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** Notes accounts of the list whose rows were set aside. */
export async function insertUnreadUsers(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  userIds: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    insert into snapshot_unread_users (workspace_id, snapshot_id, user_id)
    select ${workspaceId}::uuid, ${snapshotId}::bigint, id::uuid
    from jsonb_array_elements_text(${JSON.stringify(userIds)}::jsonb) id
    on conflict do nothing`);
}

/**
 * Takes over, from the published directory, accounts that this read lists without telling what they hold: as that one
 * has them, with their seats, and as of when those were really read. Whom another page of this read told of needs
 * nothing; whom the published directory does not have stays unread. The read's sums move with the rows. Safe to repeat.
 * Source: fault-catalogue B31, docs/adr/0021.
 */
export async function carryUnreadUsers(
  tx: Tx,
  run: Pick<RunHandle, "workspaceId" | "runId" | "snapshotId">,
  publishedId: number,
): Promise<void> {
  const { workspaceId, snapshotId } = run;
  const before = await countCarried(tx, run);
  const noted = lookUpNoted(workspaceId, await readNoted(tx, run));
  const accountIn = (snapshot: number) => sql`
    select t.* from snapshot_users t
    where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshot}
      and t.user_id between r.user_id and r.user_id order by t.user_id`;
  await withLookups(tx, () =>
    tx.execute(sql`
      with known as materialized (
        select p.*, coalesce(b.seats_as_of, s.as_of) as seats_as_of
        from snapshot_unread_users r
        cross join lateral (${accountIn(publishedId)}) p
        join snapshots s on s.workspace_id = ${workspaceId} and s.id = ${publishedId}
        left join snapshot_unread_users b on b.workspace_id = ${workspaceId}
          and b.snapshot_id = ${publishedId} and b.user_id = r.user_id
        where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId}
          and r.seats_as_of is null
          and not exists (select from (${accountIn(snapshotId)}) read_now)),
      accounts as materialized (
        select k.*, lower(k.user_principal_name) as upn_key,
          c.rows + ${before}::int + row_number() over () as new_no
        from known k
        join read_checkpoints c on c.workspace_id = ${workspaceId} and c.run_id = ${run.runId}
          and c.read = 'users'),
      users as (
        insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, content_hash, user_id,
          user_principal_name, display_name, mail, account_enabled, user_type, created_at,
          usage_location, country, city, department, job_title, company_name, office_location,
          employee_id, employee_type, on_premises_synced, ${notedColumns})
        select a.workspace_id, ${snapshotId}::bigint, 0, a.new_no, a.content_hash, a.user_id,
          a.user_principal_name, a.display_name, a.mail, a.account_enabled, a.user_type, a.created_at,
          a.usage_location, a.country, a.city, a.department, a.job_title, a.company_name,
          a.office_location, a.employee_id, a.employee_type, a.on_premises_synced,
          ${noted.values}
        from accounts a ${noted.joins}),
      seats as materialized (
        select u.new_no, u.account_enabled, u.user_type, held.*
        from accounts u
        cross join lateral (
          select t.* from snapshot_assignments t
          where t.workspace_id = ${workspaceId} and t.snapshot_id = ${publishedId}
            and t.user_no between u.user_no and u.user_no order by t.user_no) held),
      assignments as (
        insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct,
          group_ids, in_error, error, assigned_at, disabled_plan_ids)
        select workspace_id, ${snapshotId}::bigint, sku_no, new_no, holds, direct, group_ids, in_error,
          error, assigned_at, disabled_plan_ids
        from seats),
      marked as (
        update snapshot_unread_users r set seats_as_of = a.seats_as_of
        from accounts a
        where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId}
          and r.user_id = a.user_id)
      update read_checkpoints c set
        digest = c.digest + (
          select case when count(content_hash) = count(*) then coalesce(sum(content_hash), 0) end
          from accounts),
        held = case when c.held is not null then (
          select coalesce(jsonb_object_agg(key, n), '{}') from (
            select key, sum(seats) as n from (
              select key, value::int as seats from jsonb_each_text(c.held)
              union all
              select ${seatKeyOf(sql`s`, sql`s`)}, 1 from seats s) both_of
            group by key) summed) end
      where c.workspace_id = ${workspaceId} and c.run_id = ${run.runId} and c.read = 'users'
        and exists (select from accounts)`),
  );
}

/** Accounts of a directory that are in it as an earlier one had them. */
export async function countCarried(tx: Tx, place: Place): Promise<number> {
  const [row] = await tx.execute<{ carried: number }>(sql`
    select count(*)::int as carried from snapshot_unread_users
    where workspace_id = ${place.workspaceId} and snapshot_id = ${place.snapshotId}
      and seats_as_of is not null`);
  return row?.carried ?? 0;
}

/**
 * How many accounts of a directory's list at most are not in it, since their rows could not be understood and no earlier
 * directory had them: what they hold is not known.
 */
export async function countUnknownUsers(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
): Promise<number> {
  const [row] = await withLookups(tx, () =>
    tx.execute<{ unknown: number }>(sql`
      select greatest(0, c.quarantined - (
        select count(*) from snapshot_unread_users r
        cross join lateral (
          select 1 from snapshot_users t
          where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
            and t.user_id between r.user_id and r.user_id order by t.user_id) in_it
        where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId}))::int as unknown
      from snapshots s
      join read_checkpoints c on c.workspace_id = s.workspace_id and c.run_id = s.run_id
      where s.workspace_id = ${workspaceId} and s.id = ${snapshotId} and c.read = 'users'
        and c.quarantined > 0`),
  );
  return row?.unknown ?? 0;
}

/** An account whose licenses could not be read; `seatsAsOf` null = never. */
export interface UnreadUser {
  readonly userId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly seatsAsOf: string | null;
}

/** Unread accounts of a directory, those that were never read first, then by id. Whom another page told of is left out. */
export async function listUnreadUsers(
  tx: Tx,
  { workspaceId, snapshotId, limit }: Place & { readonly limit: number },
): Promise<readonly UnreadUser[]> {
  if (limit === 0) return [];
  const rows = await tx.execute<{
    user_id: string;
    display_name: string | null;
    user_principal_name: string | null;
    seats_as_of: string | null;
  }>(sql`
    select r.user_id, u.display_name, u.user_principal_name, r.seats_as_of
    from snapshot_unread_users r
    left join snapshot_users u on u.workspace_id = r.workspace_id
      and u.snapshot_id = r.snapshot_id and u.user_id = r.user_id
    where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId}
      and (r.seats_as_of is not null or u.user_id is null)
    order by r.seats_as_of is not null, r.user_id
    limit ${limit}`);
  return rows.map((row) => ({
    userId: row.user_id,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
    seatsAsOf: row.seats_as_of === null ? null : new Date(row.seats_as_of).toISOString(),
  }));
}

/** Seats of a SKU that are as an earlier directory had them, and when the oldest of them was read. */
export async function carriedSeats(
  tx: Tx,
  { workspaceId, snapshotId, skuNo }: Place & { readonly skuNo: number },
): Promise<{ readonly carried: number; readonly carriedAsOf: string | null }> {
  const [row] = await tx.execute<{ carried: number; as_of: string | null }>(sql`
    select count(*)::int as carried, min(r.seats_as_of) as as_of
    from snapshot_unread_users r
    join snapshot_users u on u.workspace_id = r.workspace_id and u.snapshot_id = r.snapshot_id
      and u.user_id = r.user_id and not u.deleted
    join snapshot_assignments a on a.workspace_id = u.workspace_id and a.snapshot_id = u.snapshot_id
      and a.user_no = u.user_no and a.sku_no = ${skuNo} and a.holds
    where r.workspace_id = ${workspaceId} and r.snapshot_id = ${snapshotId}
      and r.seats_as_of is not null`);
  const asOf = row?.as_of ?? null;
  return {
    carried: row?.carried ?? 0,
    carriedAsOf: asOf === null ? null : new Date(asOf).toISOString(),
  };
}
