import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { findEvidenceReports } from "./activity-sql.ts";
import { withLookups } from "./bulk-plans.ts";
import { reportNumber } from "./report-number.ts";

/**
 * Sums up a usage snapshot per UPN when it is published, or, one that an earlier version published, the first time
 * anything is reconciled on it: which of its reports give evidence is settled by then, so that every reconciliation joins
 * one row per account instead of one per report. The caller has locked the connection. Source: DESIGN §5 Activity, docs/adr/0008.
 */
export async function storeUsageEvidence(
  tx: Tx,
  snapshot: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<void> {
  const { workspaceId, snapshotId } = snapshot;
  if (await isSummedUp(tx, snapshot)) return;
  const reports = (await findEvidenceReports(tx, snapshot)).map(reportNumber);
  const mailbox = reportNumber("mailbox");
  await tx.execute(sql`
    insert into snapshot_usage_evidence (workspace_id, snapshot_id, upn_key, evidence_on,
      storage_bytes, has_archive)
    select ${workspaceId}::uuid, ${snapshotId}::bigint, upn_key,
      max(last_activity_on) filter (where report = any (${`{${reports.join(",")}}`}::smallint[])),
      max(storage_bytes) filter (where report = ${mailbox}),
      bool_or(has_archive) filter (where report = ${mailbox})
    from snapshot_usage
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}
    group by upn_key`);
}

/** Whether `storeUsageEvidence` was there; a snapshot without rows never is. */
export async function isSummedUp(
  tx: Tx,
  { workspaceId, snapshotId }: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<boolean> {
  const there = await withLookups(tx, () =>
    tx.execute(sql`
      select 1 from snapshot_usage_evidence
      where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}
      order by upn_key limit 1`),
  );
  return there.length > 0;
}
