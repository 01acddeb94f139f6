import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { MatchCounts, NoMatchReason } from "#lib/domain/people-matching";
import { withLookups } from "./bulk-plans.ts";
import { matchesText } from "./license-search.ts";
import type { DirectoryOf } from "./people-matching.ts";

/** A pair of directories that was matched. */
export interface PeopleMatch {
  readonly id: number;
  readonly counts: MatchCounts;
}

/** The match of a pair of published directories; undefined while it has yet to be made. */
export async function findPeopleMatch(
  tx: Tx,
  pair: {
    readonly workspaceId: string;
    readonly own: Pick<DirectoryOf, "snapshotId">;
    readonly other: Pick<DirectoryOf, "snapshotId">;
  },
): Promise<PeopleMatch | undefined> {
  const [row] = await tx.execute<{
    id: string;
    by_object_id: number;
    by_user_principal_name: number;
    by_mail: number;
    unmatched: number;
  }>(sql`
    select id, by_object_id, by_user_principal_name, by_mail, unmatched from people_matches
    where workspace_id = ${pair.workspaceId} and own_snapshot_id = ${pair.own.snapshotId}
      and other_snapshot_id = ${pair.other.snapshotId}`);
  if (row === undefined) return undefined;
  return {
    id: Number(row.id),
    counts: {
      objectId: row.by_object_id,
      userPrincipalName: row.by_user_principal_name,
      mail: row.by_mail,
      unmatched: row.unmatched,
    },
  };
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

interface PageQuery {
  readonly workspaceId: string;
  readonly matchId: number;
  /** 0 = from the beginning. */
  readonly afterUserNo: number;
  readonly search: string | undefined;
  readonly limit: number;
}

/** The select of a page, to be run as a lookup: it steps along the key from the row before. */
export function pageOfPeopleNotFound(query: PageQuery): SQL {
  const columns = ["display_name", "user_principal_name", "mail"].map((name) => sql.raw(name));
  const found = query.search === undefined ? sql`` : sql`and ${matchesText(query.search, columns)}`;
  return sql`
    select user_no, user_id, display_name, mail, user_principal_name, seats, reason
    from people_not_found
    where workspace_id = ${query.workspaceId} and match_id = ${query.matchId}
      and user_no > ${query.afterUserNo} ${found}
    order by user_no limit ${query.limit}`;
}

/** Rows of a match behind an account, in the order they were read; those whose name or addresses contain the text. */
export async function listPeopleNotFound(
  tx: Tx,
  query: PageQuery,
): Promise<readonly UnmatchedRow[]> {
  const rows = await withLookups(tx, () =>
    tx.execute<{
      user_no: number;
      user_id: string;
      display_name: string | null;
      mail: string | null;
      user_principal_name: string | null;
      seats: number;
      reason: NoMatchReason;
    }>(pageOfPeopleNotFound(query)),
  );
  return rows.map((row) => ({
    userNo: row.user_no,
    userId: row.user_id,
    displayName: row.display_name,
    mail: row.mail,
    userPrincipalName: row.user_principal_name,
    seats: row.seats,
    reason: row.reason,
  }));
}

/**
 * Matches nobody looks at: replaced by a newer one of their connection, or of a snapshot that is being removed. Their rows
 * go bit by bit.
 */
export async function listLeftMatches(tx: Tx, workspaceId: string): Promise<readonly number[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select m.id from people_matches m
    where m.workspace_id = ${workspaceId} and (
      exists (select from people_matches n
        where n.workspace_id = m.workspace_id and n.connection_id = m.connection_id and n.id > m.id)
      or exists (
        select from (values (m.own_snapshot_id), (m.other_snapshot_id)) side (id)
        where not exists (select from snapshots s
          where s.workspace_id = m.workspace_id and s.id = side.id and s.state <> 'removing')))
    order by m.id`);
  return rows.map((row) => Number(row.id));
}

/** Removes a match once its rows are gone. */
export async function removeMatch(
  tx: Tx,
  key: { readonly workspaceId: string; readonly matchId: number },
): Promise<void> {
  await tx.execute(sql`
    delete from people_matches where workspace_id = ${key.workspaceId} and id = ${key.matchId}`);
}
