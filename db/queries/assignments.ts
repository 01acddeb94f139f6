import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { shownName, snapshotGroups, snapshots } from "#db/schema/snapshots";
import type { Activity } from "#lib/domain/license";
import { activityOf, evidenceOfAccount, type ReconciledEvidence } from "./activity-sql.ts";
import { type Origin, originOf } from "./assignment-origin.ts";
import type { AssignmentShape } from "./assignment-shape.ts";
import { withLookups } from "./bulk-plans.ts";
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
  /** Decides how the rows are found, never which. */
  readonly shape: AssignmentShape;
}

const sortKeys: Record<AssignmentSort, Omit<SortKey, "descending">> = {
  name: { expression: sql.raw(`(${shownName})`), type: "text", complete: true },
  account: { expression: sql.raw("user_no"), type: "number", complete: true },
};

const blocked = sql.raw("(account_enabled is false)");
const guest = sql.raw("(user_type is not distinct from 'Guest')");

const is = (condition: SQL, wanted: boolean | undefined): SQL | undefined =>
  wanted === undefined ? undefined : wanted ? condition : sql`not ${condition}`;

/** Accounts that are deleted consume nothing and are not listed. */
const accountConditions = ({ workspaceId, snapshotId, filter }: AssignmentQuery): SQL | undefined =>
  and(
    sql`workspace_id = ${workspaceId}::uuid and snapshot_id = ${snapshotId}::bigint and not deleted`,
    is(blocked, filter.blocked),
    is(guest, filter.guest),
    filter.search === undefined
      ? undefined
      : matchesText(filter.search, [sql.raw("display_name"), sql.raw("user_principal_name")]),
  );

const assignmentConditions = ({
  workspaceId,
  snapshotId,
  skuNo,
  filter,
}: AssignmentQuery): SQL | undefined =>
  and(
    // As a range, so that no index is right but the one on (sku_no, user_no): see withLookups.
    sql`workspace_id = ${workspaceId}::uuid and snapshot_id = ${snapshotId}::bigint
      and sku_no between ${skuNo}::integer and ${skuNo}::integer`,
    filter.error === true
      ? sql`in_error`
      : and(sql`holds`, filter.error === undefined ? undefined : sql`not in_error`),
    filter.origin === undefined ? undefined : sql`${originOf} = ${filter.origin}`,
  );

/** A select of accounts as `u`. */
const accounts = (query: AssignmentQuery, more: SQL | undefined): SQL => sql`
  select user_no, user_id, lower(user_principal_name) as upn_key, created_at,
    ${sortValue(keyOf({ ...query, sort: "name" }))} as name
  from snapshot_users where ${and(accountConditions(query), more)}`;

/** A select of assignments as `a`. */
const assignments = (query: AssignmentQuery, more: SQL | undefined): SQL => sql`
  select sku_no, user_no, assigned_at from snapshot_assignments
  where ${and(assignmentConditions(query), more)}`;

const accountOfAssignment = sql.raw("user_no between a.user_no and a.user_no");
const assignmentOfAccount = sql.raw("user_no between u.user_no and u.user_no");

const keyOf = ({ sort, descending }: AssignmentQuery): SortKey => ({
  ...sortKeys[sort],
  descending,
});

/** Assignments with their accounts, read in the order of the shape. `offset 0` keeps each select to itself. */
function candidates(query: AssignmentQuery): SQL {
  const key = keyOf(query);
  const id = sql.raw("user_no");
  const after = keysetAfter(key, id, "integer", query.after);
  const direction = sql.raw(query.descending ? "desc" : "asc");
  switch (query.shape) {
    case "by-name":
      return sql`(${accounts(query, after)} order by ${keysetOrder(key, id)} offset 0) u
        cross join lateral (${assignments(query, assignmentOfAccount)} order by sku_no, user_no offset 0) a`;
    case "accounts":
      return sql`(${accounts(query, after)} order by user_no offset 0) u
        cross join lateral (${assignments(query, assignmentOfAccount)} order by sku_no, user_no offset 0) a`;
    case "by-account":
      return sql`(${assignments(query, after)} order by sku_no ${direction}, user_no ${direction} offset 0) a
        cross join lateral (${accounts(query, accountOfAssignment)} order by user_no offset 0) u`;
    case "holders":
      return sql`(${assignments(query, undefined)} order by sku_no, user_no offset 0) a
        cross join lateral (${accounts(query, and(accountOfAssignment, after))} order by user_no offset 0) u`;
    default:
      return query.shape satisfies never;
  }
}

const orders: Record<AssignmentSort, readonly [string, string]> = {
  name: ["u.name", "u.user_no"],
  // The license is the same in all rows; that it leads the order is what the index says too.
  account: ["a.sku_no", "a.user_no"],
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
  const { workspaceId, snapshotId, skuNo, evidence, filter } = query;
  const { joins, evidenceOn, covered } = evidenceOfAccount(evidence.scope);
  const columns = {
    evidenceOn,
    covered,
    createdAt: sql.raw("u.created_at"),
    assignedAt: sql.raw("a.assigned_at"),
  };
  const activity = activityOf(columns, evidence.cutoffs);
  const direction = query.descending ? "desc" : "asc";
  const order = sql.raw(orders[query.sort].map((column) => `${column} ${direction}`).join(", "));
  const rows = await withLookups(tx, () =>
    tx.execute<Selected>(sql`
      with page as materialized (
        select row_number() over () as place, p.* from (
          select u.user_no, u.upn_key, ${query.sort === "name" ? sql`u.name` : sql`u.user_no`}::text as sort_text
          from ${candidates(query)}
          ${filter.activity === undefined ? sql`` : sql`${joins} where ${activity} = ${filter.activity}`}
          order by ${order} limit ${query.limit}) p)
      select u.user_no, u.sort_text, ${evidenceOn}::text as evidence_on, ${activity} as activity,
        u.user_id, u.user_principal_name, u.display_name, u.department, u.country, u.job_title,
        u.blocked, u.guest, u.created_at, a.*
      from page
      cross join lateral (
        select page.user_no, page.upn_key, page.sort_text, user_id, user_principal_name, display_name,
          department, coalesce(country, usage_location) as country, job_title, created_at,
          ${blocked} as blocked, ${guest} as guest
        from snapshot_users
        where workspace_id = ${workspaceId}::uuid and snapshot_id = ${snapshotId}::bigint
          and user_no between page.user_no and page.user_no
        order by user_no offset 0) u
      cross join lateral (
        select ${originOf} as origin, group_ids, in_error, error, assigned_at
        from snapshot_assignments
        where workspace_id = ${workspaceId}::uuid and snapshot_id = ${snapshotId}::bigint
          and sku_no = ${skuNo}::integer and user_no between page.user_no and page.user_no
        order by user_no offset 0) a
      ${joins}
      order by page.place`),
  );
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

/** Accounts of a published directory; null when they were not counted. */
export async function countSnapshotAccounts(
  tx: Tx,
  key: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<number | null> {
  const [row] = await tx
    .select({ rows: snapshots.rows })
    .from(snapshots)
    .where(and(eq(snapshots.workspaceId, key.workspaceId), eq(snapshots.id, key.snapshotId)));
  return row?.rows ?? null;
}

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
