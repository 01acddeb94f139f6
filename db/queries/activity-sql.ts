import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type ActivityCutoffs, activityCutoffs } from "#lib/domain/activity";
import { evidenceReports, type UsageReport } from "#lib/domain/import";

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

/**
 * Joins (`s`, `g`) that look up the evidence of an account `u` (user_id, upn_key: its UPN in lower case, made in a select
 * of its own, since row-level security keeps lower() out of index conditions): `evidenceOn` is its latest day (null =
 * none), `covered` whether the sign-ins cover it. Usage was summed up per UPN by the reconciliation. Source: DESIGN §5.
 */
export function evidenceOfAccount({ workspaceId, signInsSnapshotId, usage }: EvidenceScope): {
  readonly joins: SQL;
  readonly evidenceOn: SQL;
  readonly covered: SQL;
} {
  const signIns =
    signInsSnapshotId === null
      ? sql`select null::uuid as user_id, null::date as evidence_on where false`
      : sql`select user_id, evidence_on from snapshot_sign_ins
          where workspace_id = ${workspaceId}::uuid and snapshot_id = ${signInsSnapshotId}::bigint
            and user_id = u.user_id offset 0`;
  const uses =
    usage === null
      ? sql`select null::date as evidence_on where false`
      : sql`select evidence_on from snapshot_usage_evidence
          where workspace_id = ${workspaceId}::uuid and snapshot_id = ${usage.snapshotId}::bigint
            and upn_key = u.upn_key offset 0`;
  return {
    joins: sql`left join lateral (${signIns}) s on true left join lateral (${uses}) g on true`,
    evidenceOn: sql`greatest(s.evidence_on, g.evidence_on)`,
    covered: sql`(s.user_id is not null)`,
  };
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
