import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { snapshotAssignments, snapshotGroups, snapshotUsers } from "#db/schema/snapshots";
import type { Activity } from "#lib/domain/license";
import { accountEvidence, activityOf, type ReconciledEvidence } from "./activity-sql.ts";
import { type Origin, originOf } from "./assignment-origin.ts";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValue } from "./keyset.ts";
import { matchesText } from "./license-search.ts";

export const assignmentSorts = ["name", "account"] as const;
export type AssignmentSort = (typeof assignmentSorts)[number];

export interface AssignmentFilter {
  readonly activity?: Activity | undefined;
  readonly origin?: Origin | undefined;
  readonly blocked?: boolean | undefined;
  readonly guest?: boolean | undefined;
  /** Rows whose assignment is in error, whether or not they hold the SKU. */
  readonly error?: boolean | undefined;
  readonly search?: string | undefined;
}

/** One user and one SKU as stored; activity by the rules of the reconciliation. */
export interface AssignmentRow {
  readonly userNo: number;
  readonly userId: string;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly department: string | null;
  readonly country: string | null;
  readonly jobTitle: string | null;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly origin: Origin;
  readonly groupIds: readonly string[];
  readonly inError: boolean;
  readonly error: string | null;
  readonly assignedAt: string | null;
  readonly createdAt: string | null;
  readonly activity: Activity;
  readonly evidenceOn: string | null;
  readonly after: After;
}

export interface AssignmentQuery {
  readonly workspaceId: string;
  /** The directory snapshot and SKU number of one license in one reconciliation. */
  readonly snapshotId: number;
  readonly skuNo: number;
  readonly evidence: ReconciledEvidence;
  readonly filter: AssignmentFilter;
  readonly sort: AssignmentSort;
  readonly descending: boolean;
  readonly after: After | null;
  readonly limit: number;
}

const sortKeys: Record<AssignmentSort, Omit<SortKey, "descending">> = {
  name: { expression: sql`${snapshotUsers.displayName}`, type: "text" },
  account: { expression: sql`${snapshotAssignments.userNo}`, type: "number" },
};

const blocked = sql`(${snapshotUsers.accountEnabled} is false)`;
const guest = sql`coalesce(${snapshotUsers.userType} = 'Guest', false)`;

const is = (condition: SQL, wanted: boolean | undefined): SQL | undefined =>
  wanted === undefined ? undefined : wanted ? condition : sql`not ${condition}`;

/** Accounts that are deleted consume nothing and are not listed. */
const conditions = (query: AssignmentQuery, key: SortKey, id: SQL): SQL | undefined => {
  const { filter } = query;
  return and(
    eq(snapshotAssignments.workspaceId, query.workspaceId),
    eq(snapshotAssignments.snapshotId, query.snapshotId),
    eq(snapshotAssignments.skuNo, query.skuNo),
    eq(snapshotUsers.deleted, false),
    filter.error === true
      ? eq(snapshotAssignments.inError, true)
      : and(
          eq(snapshotAssignments.holds, true),
          filter.error === undefined ? undefined : eq(snapshotAssignments.inError, false),
        ),
    filter.origin === undefined ? undefined : sql`${originOf} = ${filter.origin}`,
    is(blocked, filter.blocked),
    is(guest, filter.guest),
    filter.search === undefined
      ? undefined
      : matchesText(filter.search, [
          sql`${snapshotUsers.displayName}`,
          sql`${snapshotUsers.userPrincipalName}`,
        ]),
    keysetAfter(key, id, "integer", query.after),
  );
};

const userJoin = sql`${snapshotUsers.workspaceId} = ${snapshotAssignments.workspaceId}
  and ${snapshotUsers.snapshotId} = ${snapshotAssignments.snapshotId}
  and ${snapshotUsers.userNo} = ${snapshotAssignments.userNo}`;

/** What activity and order are decided on, and no more: a filter by activity goes over every holder. */
const selectCandidates = (query: AssignmentQuery, key: SortKey, limit: number | null): SQL => {
  const id = sql`${snapshotAssignments.userNo}`;
  return sql`
    select ${snapshotAssignments.userNo} as user_no, ${snapshotUsers.userId} as user_id,
      lower(${snapshotUsers.userPrincipalName}) as upn_key, ${snapshotUsers.createdAt} as created_at,
      ${snapshotAssignments.assignedAt} as assigned_at, ${sortValue(key)} as sort_value
    from ${snapshotAssignments} join ${snapshotUsers} on ${userJoin}
    where ${conditions(query, key, id)}
    ${limit === null ? sql`offset 0` : sql`order by ${keysetOrder(key, id)} limit ${limit}`}`;
};

interface Selected extends Record<string, unknown> {
  readonly user_no: number;
  readonly user_id: string;
  readonly user_principal_name: string | null;
  readonly display_name: string | null;
  readonly department: string | null;
  readonly country: string | null;
  readonly job_title: string | null;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly origin: Origin;
  readonly group_ids: string[] | null;
  readonly in_error: boolean;
  readonly error: string | null;
  readonly assigned_at: string | null;
  readonly created_at: string | null;
  readonly activity: Activity;
  readonly evidence_on: string | null;
  readonly sort_text: string;
}

/**
 * One page of a license's assignments. Activity follows the SQL the reconciliation was computed with, so that each
 * class lists as many rows as the license counts; it is computed for the page alone unless it is filtered by.
 */
export async function listAssignmentRows(
  tx: Tx,
  query: AssignmentQuery,
): Promise<readonly AssignmentRow[]> {
  const key: SortKey = { ...sortKeys[query.sort], descending: query.descending };
  const wanted = query.filter.activity;
  const candidates = selectCandidates(query, key, wanted === undefined ? query.limit : null);
  const accounts = sql`select user_no, user_id, upn_key from candidates`;
  const activity = activityOf(
    {
      evidenceOn: sql`e.evidence_on`,
      covered: sql`e.covered`,
      createdAt: sql`c.created_at`,
      assignedAt: sql`c.assigned_at`,
    },
    query.evidence.cutoffs,
  );
  const direction = sql.raw(query.descending ? "desc" : "asc");
  const rows = await tx.execute<Selected>(sql`
    with candidates as materialized (${candidates}),
    page as materialized (
      select c.user_no, c.sort_value, e.evidence_on, ${activity} as activity
      from candidates c join (${accountEvidence(query.evidence.scope, accounts)}) e
        on e.user_no = c.user_no
      ${wanted === undefined ? sql`` : sql`where ${activity} = ${wanted}`}
      order by c.sort_value ${direction}, c.user_no ${direction}
      limit ${query.limit})
    select page.user_no, page.activity, page.evidence_on::text as evidence_on,
      page.sort_value::text as sort_text, ${snapshotUsers.userId} as user_id,
      ${snapshotUsers.userPrincipalName} as user_principal_name, ${snapshotUsers.displayName} as display_name,
      ${snapshotUsers.department} as department,
      coalesce(${snapshotUsers.country}, ${snapshotUsers.usageLocation}) as country,
      ${snapshotUsers.jobTitle} as job_title, ${blocked} as blocked, ${guest} as guest,
      ${originOf} as origin, ${snapshotAssignments.groupIds} as group_ids,
      ${snapshotAssignments.inError} as in_error, ${snapshotAssignments.error} as error,
      ${snapshotAssignments.assignedAt} as assigned_at, ${snapshotUsers.createdAt} as created_at
    from page
    join ${snapshotAssignments} on ${snapshotAssignments.workspaceId} = ${query.workspaceId}
      and ${snapshotAssignments.snapshotId} = ${query.snapshotId}
      and ${snapshotAssignments.skuNo} = ${query.skuNo}
      and ${snapshotAssignments.userNo} = page.user_no
    join ${snapshotUsers} on ${userJoin}
    order by page.sort_value ${direction}, page.user_no ${direction}`);
  return rows.map(toRow);
}

const toRow = (row: Selected): AssignmentRow => ({
  userNo: row.user_no,
  userId: row.user_id,
  userPrincipalName: row.user_principal_name,
  displayName: row.display_name,
  department: row.department,
  country: row.country,
  jobTitle: row.job_title,
  blocked: row.blocked,
  guest: row.guest,
  origin: row.origin,
  groupIds: row.group_ids ?? [],
  inError: row.in_error,
  error: row.error,
  assignedAt: toIso(row.assigned_at),
  createdAt: toIso(row.created_at),
  activity: row.activity,
  evidenceOn: row.evidence_on,
  after: { key: row.sort_text, id: String(row.user_no) },
});

const toIso = (instant: string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

/** Names of groups as the snapshot has them; groups it lacks are not in the map. */
export async function listGroupNames(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly snapshotId: number;
    readonly groupIds: readonly string[];
  },
): Promise<ReadonlyMap<string, string>> {
  if (query.groupIds.length === 0) return new Map();
  const rows = await tx
    .select({ id: snapshotGroups.groupId, name: snapshotGroups.displayName })
    .from(snapshotGroups)
    .where(
      and(
        eq(snapshotGroups.workspaceId, query.workspaceId),
        eq(snapshotGroups.snapshotId, query.snapshotId),
        inArray(snapshotGroups.groupId, [...query.groupIds]),
      ),
    );
  return new Map(rows.flatMap((row) => (row.name === null ? [] : [[row.id, row.name]])));
}
