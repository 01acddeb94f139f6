import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";
import { withLookups, withPlaces } from "./bulk-plans.ts";
import { type SeatCounts, seatKeyOf } from "./seat-traits.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** Accounts that were stored before, and what they held. */
export interface OlderCopies {
  readonly accounts: number;
  /** Sum of their content hashes; null when one has none. */
  readonly digest: string | null;
  readonly held: SeatCounts;
}

interface FoundCopies extends OlderCopies, Record<string, unknown> {
  /** Where their rows are. */
  readonly user_places: readonly string[];
  readonly seat_places: readonly string[];
}

/** Removes accounts (a JSON list with `userId`) that an earlier page brought, with what they held. */
export async function removeOlderCopies(
  tx: Tx,
  place: Place,
  accounts: string,
): Promise<OlderCopies> {
  const older = await withLookups(tx, () => findOlderCopies(tx, place, accounts));
  await withPlaces(tx, async () => {
    await deletePlaces(tx, place, "snapshot_users", older.user_places);
    await deletePlaces(tx, place, "snapshot_assignments", older.seat_places);
  });
  return older;
}

async function deletePlaces(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  table: "snapshot_users" | "snapshot_assignments",
  places: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    delete from ${sql.raw(table)}
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}
      and ctid = any (array(
        select value::tid from jsonb_array_elements_text(${JSON.stringify(places)}::jsonb)))`);
}

async function findOlderCopies(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  accounts: string,
): Promise<FoundCopies> {
  const [older] = await tx.execute<FoundCopies>(sql`
    with u as materialized (
      select found.* from jsonb_to_recordset(${accounts}::jsonb) as id("userId" uuid)
      cross join lateral (
        select t.ctid as place, t.user_no, t.content_hash, t.account_enabled, t.user_type
        from snapshot_users t
        where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
          and t.user_id between id."userId" and id."userId" order by t.user_id) found),
    seats as materialized (
      select held.place, ${seatKeyOf(sql`held`, sql`u`)} as key from u
      cross join lateral (
        select t.ctid as place, t.sku_no, t.holds, t.direct, t.group_ids, t.in_error
        from snapshot_assignments t
        where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
          and t.user_no between u.user_no and u.user_no order by t.user_no) held)
    select (select count(*)::int from u) as accounts,
      (select case when count(content_hash) = count(*) then coalesce(sum(content_hash), 0)::text end
        from u) as digest,
      (select coalesce(jsonb_object_agg(key, n), '{}') from (
        select key, count(*) as n from seats group by key) counted) as held,
      (select coalesce(jsonb_agg(place::text), '[]') from u) as user_places,
      (select coalesce(jsonb_agg(place::text), '[]') from seats) as seat_places`);
  if (older === undefined) throw new Error("Aggregates always give a row.");
  return older;
}
