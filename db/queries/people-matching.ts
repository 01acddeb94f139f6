import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Source } from "#lib/domain/connection";
import { withBulkPlans } from "./bulk-plans.ts";
import type { ConnectionKey } from "./connections.ts";

/** A published directory to look people up in. */
export interface DirectoryOf {
  readonly connectionId: string;
  readonly source: Source;
  readonly snapshotId: number;
  readonly asOf: Date;
}

export interface MatchedPair {
  readonly own: DirectoryOf;
  /** Microsoft's own data of the tenant; null = no other connection has published any. */
  readonly other: DirectoryOf | null;
}

interface DirectoryRow extends Record<string, unknown> {
  readonly connection_id: string;
  readonly source: Source;
  readonly snapshot_id: string;
  readonly as_of: string;
}

const toDirectory = (row: DirectoryRow): DirectoryOf => ({
  connectionId: row.connection_id,
  source: row.source,
  snapshotId: Number(row.snapshot_id),
  asOf: new Date(row.as_of),
});

/** The published directories of a connection's tenant, Microsoft 365 before the deprecated connector. */
export async function findMatchedPair(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
): Promise<MatchedPair | undefined> {
  const rows = await tx.execute<DirectoryRow>(sql`
    select c.id as connection_id, c.source, s.id as snapshot_id, s.as_of
    from connections own
    join connections c on c.workspace_id = own.workspace_id and c.tenant_id = own.tenant_id
      and (c.id = own.id or c.status <> 'disconnected')
    join dataset_epochs e on e.workspace_id = c.workspace_id and e.connection_id = c.id
      and e.dataset = 'directory'
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where own.workspace_id = ${workspaceId} and own.id = ${connectionId}
    order by c.source`);
  const directories = rows.map(toDirectory);
  const own = directories.find((one) => one.connectionId === connectionId);
  if (own === undefined) return undefined;
  return { own, other: directories.find((one) => one.connectionId !== connectionId) ?? null };
}

/** A pair that is to be matched. */
export interface PairToMatch {
  readonly workspaceId: string;
  readonly own: DirectoryOf;
  readonly other: DirectoryOf;
}

/** Connections whose published pair has yet to be matched, of every workspace. Called outside any workspace. */
export async function listPeopleToMatch(tx: Tx): Promise<readonly ConnectionKey[]> {
  const rows = await tx.execute<{ workspace_id: string; connection_id: string }>(
    sql`select workspace_id, connection_id from app.people_to_match()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, connectionId: row.connection_id }));
}

/** Keys in lower case in selects of their own: row-level security keeps functions out of join conditions. */
const people = (workspaceId: string, { snapshotId }: DirectoryOf, which: SQL): SQL => sql`
  select user_no, user_id, lower(user_principal_name) as upn, lower(mail) as mail
  from snapshot_users
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and ${which} offset 0`;

/** Pairs of those left on both sides whose keys are alike and alone on each side. */
const pairs = (own: string, ownKey: string, other: string, otherKey: string): SQL =>
  sql.raw(`
    select o.user_no as own_no, t.user_no as other_no
    from (select ${ownKey} as key, min(user_no) as user_no from ${own}
      where ${ownKey} is not null group by 1 having count(*) = 1) o
    join (select ${otherKey} as key, min(user_no) as user_no from ${other}
      where ${otherKey} is not null group by 1 having count(*) = 1) t on t.key = o.key`);

const left = (all: string, matched: string, no: string): SQL =>
  sql.raw(`select p.* from ${all} p where not exists (
    select from ${matched} m where m.${no} = p.user_no)`);

/**
 * Matches the active accounts of a managed application with Microsoft's: by object id, of the rest by user principal name,
 * of the rest by e-mail, so that a weak match never takes what a strong one needs. A key that several accounts have on
 * either side matches none of them. Stores who is nobody's, and the counts, in one go; does nothing when the pair is
 * matched, or somebody is at it. Returns whether it was. Source: STYLE passes, DESIGN §5 "Other sources", docs/adr/0020.
 */
export async function matchPeople(tx: Tx, pair: PairToMatch): Promise<boolean> {
  const matchId = await beginMatch(tx, pair);
  if (matchId === null) return false;
  await withBulkPlans(tx, () => storeMatch(tx, pair, matchId));
  return true;
}

/** The match to be filled; null when it is there already or being made. */
async function beginMatch(
  tx: Tx,
  { workspaceId, own, other }: PairToMatch,
): Promise<number | null> {
  const place = `people ${workspaceId} ${own.snapshotId} ${other.snapshotId}`;
  const [lock] = await tx.execute<{ taken: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended(${place}, 0)) as taken`);
  if (lock?.taken !== true) return null;
  const [begun] = await tx.execute<{ id: string }>(sql`
    insert into people_matches (workspace_id, connection_id, own_snapshot_id, other_snapshot_id,
      by_object_id, by_user_principal_name, by_mail, unmatched)
    values (${workspaceId}, ${own.connectionId}, ${own.snapshotId}, ${other.snapshotId}, 0, 0, 0, 0)
    on conflict (workspace_id, own_snapshot_id, other_snapshot_id) do nothing
    returning id`);
  return begun === undefined ? null : Number(begun.id);
}

async function storeMatch(
  tx: Tx,
  { workspaceId, own, other }: PairToMatch,
  matchId: number,
): Promise<void> {
  await tx.execute(sql`
    with own as materialized (${people(workspaceId, own, sql`account_enabled is distinct from false`)}),
    theirs as materialized (${people(workspaceId, other, sql`not deleted`)}),
    by_id as materialized (
      select own.user_no as own_no, theirs.user_no as other_no
      from own join theirs on theirs.user_id = own.user_id),
    own_2 as materialized (${left("own", "by_id", "own_no")}),
    theirs_2 as materialized (${left("theirs", "by_id", "other_no")}),
    by_upn as materialized (${pairs("own_2", "coalesce(upn, mail)", "theirs_2", "upn")}),
    own_3 as materialized (${left("own_2", "by_upn", "own_no")}),
    theirs_3 as materialized (${left("theirs_2", "by_upn", "other_no")}),
    by_mail as materialized (${pairs("own_3", "mail", "theirs_3", "mail")}),
    rest as materialized (${left("own_3", "by_mail", "own_no")}),
    upns as materialized (select distinct upn as key from theirs_2 where upn is not null),
    mails as materialized (select distinct mail as key from theirs_3 where mail is not null),
    seats as materialized (
      select user_no, count(*)::int as seats from snapshot_assignments
      where workspace_id = ${workspaceId} and snapshot_id = ${own.snapshotId} and holds
      group by user_no),
    stored as (
      insert into people_not_found (workspace_id, match_id, user_no, user_id, display_name,
        user_principal_name, mail, seats, reason)
      select ${workspaceId}::uuid, ${matchId}::bigint, u.user_no, u.user_id, u.display_name,
        u.user_principal_name, u.mail, coalesce(seats.seats, 0),
        case when coalesce(rest.upn, rest.mail) is null then 'nothing-to-match'
          when upns.key is not null or mails.key is not null then 'several'
          else 'nobody' end
      from rest
      join (select user_no, user_id, display_name, user_principal_name, mail from snapshot_users
        where workspace_id = ${workspaceId} and snapshot_id = ${own.snapshotId} offset 0) u
        on u.user_no = rest.user_no
      left join seats on seats.user_no = rest.user_no
      left join upns on upns.key = coalesce(rest.upn, rest.mail)
      left join mails on mails.key = rest.mail)
    update people_matches set
      by_object_id = (select count(*) from by_id),
      by_user_principal_name = (select count(*) from by_upn),
      by_mail = (select count(*) from by_mail),
      unmatched = (select count(*) from rest)
    where workspace_id = ${workspaceId} and id = ${matchId}`);
}
