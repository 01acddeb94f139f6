import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type ActivityCutoffs, activityCutoffs } from "#lib/domain/activity";
import { evidenceReports, type UsageReport } from "#lib/domain/import";
import { reportNumber } from "./report-number.ts";

/** Which rows give evidence of use. Null = that source gives none. */
export interface EvidenceScope {
  readonly workspaceId: string;
  readonly signInsSnapshotId: number | null;
  readonly usage: {
    readonly snapshotId: number;
    /** Reports that were read, are not concealed and whose activity is evidence. */
    readonly reports: readonly UsageReport[];
  } | null;
}

const list = (values: readonly (string | number)[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );

/**
 * A select of (user_no, evidence_on, covered), one row per account: the latest day of evidence (null = none) and whether
 * the sign-ins cover the account. `accounts` is a select of (user_no, user_id, upn_key), where upn_key is the UPN in
 * lower case, made in a select of its own: row-level security keeps lower() out of index conditions.
 * Source: DESIGN §5 Activity.
 */
export function accountEvidence(scope: EvidenceScope, accounts: SQL): SQL {
  const { workspaceId, signInsSnapshotId, usage } = scope;
  const reports = usage?.reports.map(reportNumber) ?? [];
  const signIns =
    signInsSnapshotId === null
      ? sql`left join (select null::uuid as user_id, null::date as evidence_on) s on false`
      : sql`left join snapshot_sign_ins s on s.workspace_id = ${workspaceId}::uuid
          and s.snapshot_id = ${signInsSnapshotId}::bigint and s.user_id = a.user_id`;
  const uses =
    usage === null || reports.length === 0
      ? sql`left join (select null::date as last_activity_on) g on false`
      : sql`left join snapshot_usage g on g.workspace_id = ${workspaceId}::uuid
          and g.snapshot_id = ${usage.snapshotId}::bigint and g.upn_key = a.upn_key
          and g.report in (${list(reports)})`;
  return sql`
    select a.user_no, greatest(max(s.evidence_on), max(g.last_activity_on)) as evidence_on,
      count(s.user_id) > 0 as covered
    from (${accounts}) a
    ${signIns}
    ${uses}
    group by a.user_no`;
}

/** Columns the activity of one assignment is decided on; `assignedAt` and `createdAt` are timestamptz. */
export interface ActivityColumns {
  readonly evidenceOn: SQL;
  readonly covered: SQL;
  readonly createdAt: SQL;
  readonly assignedAt: SQL;
}

/** The UTC calendar day of an instant. */
const utcDayOf = (instant: SQL): SQL => sql`(${instant} at time zone 'UTC')::date`;

/** `classifyActivity` of lib/domain/activity in SQL: the first rule that fits. Source: DESIGN §5 Activity, rules 1 to 5. */
export const activityOf = (columns: ActivityColumns, cutoffs: ActivityCutoffs): SQL => sql`case
  when ${columns.evidenceOn} >= ${cutoffs.activeSince}::date then 'active'
  when ${utcDayOf(columns.createdAt)} >= ${cutoffs.newSince}::date
    or ${utcDayOf(columns.assignedAt)} >= ${cutoffs.newSince}::date then 'tooNew'
  when ${columns.evidenceOn} is not null then 'inactive'
  when ${columns.covered} then 'neverUsed'
  else 'unknown' end`;

/** The reports of a usage snapshot that can be joined to accounts and tell of use. */
export async function findEvidenceReports(
  tx: Tx,
  snapshot: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<readonly UsageReport[]> {
  const rows = await tx.execute<{ report: UsageReport }>(sql`
    select report from snapshot_reports
    where workspace_id = ${snapshot.workspaceId} and snapshot_id = ${snapshot.snapshotId}
      and state = 'read' and not concealed`);
  const read = new Set(rows.map((row) => row.report));
  return evidenceReports.filter((report) => read.has(report));
}

/** What a reconciliation's activity rests on, for those who list its assignments. */
export interface ReconciledEvidence {
  readonly scope: EvidenceScope;
  readonly cutoffs: ActivityCutoffs;
}

/** The evidence a reconciliation used; undefined when it is not (or no longer) there. */
export async function findReconciledEvidence(
  tx: Tx,
  key: { readonly workspaceId: string; readonly reconciliationId: number },
): Promise<ReconciledEvidence | undefined> {
  const [row] = await tx.execute<{
    sign_ins: string | null;
    usage: string | null;
    evaluated_on: string;
    window_days: number;
    grace_days: number;
  }>(sql`
    select case when sign_ins_unavailable is null then sign_ins_snapshot_id end as sign_ins,
      case when usage_unavailable is null then usage_snapshot_id end as usage,
      evaluated_on::text, activity_window_days as window_days, grace_days
    from reconciliations
    where workspace_id = ${key.workspaceId} and id = ${key.reconciliationId}`);
  if (row === undefined) return undefined;
  const { workspaceId } = key;
  const snapshotId = row.usage === null ? null : Number(row.usage);
  return {
    scope: {
      workspaceId,
      signInsSnapshotId: row.sign_ins === null ? null : Number(row.sign_ins),
      usage:
        snapshotId === null
          ? null
          : { snapshotId, reports: await findEvidenceReports(tx, { workspaceId, snapshotId }) },
    },
    cutoffs: activityCutoffs({
      evaluatedOn: row.evaluated_on,
      windowDays: row.window_days,
      graceDays: row.grace_days,
    }),
  };
}
