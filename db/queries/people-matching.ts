import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Source } from "#lib/domain/connection";
import type { MatchCounts, NoMatchReason } from "#lib/domain/people-matching";
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

/** An account of a managed application that is nobody's in Microsoft's own data. */
export interface UnmatchedRow {
  readonly userNo: number;
  readonly userId: string;
  readonly displayName: string | null;
  readonly mail: string | null;
  readonly userPrincipalName: string | null;
  readonly seats: number;
  readonly reason: NoMatchReason;
}

export interface Matching {
  readonly counts: MatchCounts;
  readonly rows: readonly UnmatchedRow[];
}

interface MatchingQuery {
  readonly workspaceId: string;
  readonly own: DirectoryOf;
  readonly other: DirectoryOf;
  readonly afterUserNo: number;
  readonly limit: number;
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
 * either side matches none of them. Source: STYLE passes, DESIGN §5 "Other sources".
 */
export async function matchPeople(tx: Tx, query: MatchingQuery): Promise<Matching> {
  const { workspaceId, own, other } = query;
  const [row] = await withBulkPlans(tx, () =>
    tx.execute<{
      by_id: number;
      by_upn: number;
      by_mail: number;
      unmatched: number;
      rows: readonly UnmatchedRow[];
    }>(sql`
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
      page as (select * from rest where user_no > ${query.afterUserNo}
        order by user_no limit ${query.limit})
      select (select count(*)::int from by_id) as by_id, (select count(*)::int from by_upn) as by_upn,
        (select count(*)::int from by_mail) as by_mail, (select count(*)::int from rest) as unmatched,
        coalesce((select jsonb_agg(jsonb_build_object('userNo', u.user_no, 'userId', u.user_id,
          'displayName', u.display_name, 'mail', u.mail, 'userPrincipalName', u.user_principal_name,
          'seats', (select count(*) from snapshot_assignments a
            where a.workspace_id = ${workspaceId} and a.snapshot_id = ${own.snapshotId}
              and a.user_no = page.user_no and a.holds),
          'reason', case
            when coalesce(page.upn, page.mail) is null then 'nothing-to-match'
            when exists (select from theirs_2 t where t.upn = coalesce(page.upn, page.mail))
              or exists (select from theirs_3 t where t.mail = page.mail) then 'several'
            else 'nobody' end) order by page.user_no)
          from page
          join snapshot_users u on u.workspace_id = ${workspaceId} and u.snapshot_id = ${own.snapshotId}
            and u.user_no = page.user_no), '[]') as rows`),
  );
  if (row === undefined) throw new Error("Aggregates always give a row.");
  const { by_id: objectId, by_upn: userPrincipalName, by_mail: mail, unmatched, rows } = row;
  return { counts: { objectId, userPrincipalName, mail, unmatched }, rows };
}
