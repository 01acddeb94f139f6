import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";

/**
 * Writes down how each report of a usage run was read, from its checkpoints. Names count as concealed when the tenant's
 * setting says so or the file looks like it. Source: DESIGN §4.4, fault-catalogue B18.
 */
export async function storeReports(
  tx: Tx,
  run: Pick<RunHandle, "workspaceId" | "runId" | "dataset" | "snapshotId">,
): Promise<void> {
  if (run.dataset !== "usage") return;
  await tx.execute(sql`
    insert into snapshot_reports (workspace_id, snapshot_id, report, state, reason, refreshed_on,
      concealed, rows)
    select c.workspace_id, ${run.snapshotId}::bigint, substr(c.read, 8),
      case c.state when 'complete' then 'read' when 'unavailable' then 'unavailable' else 'failed' end,
      c.reason, c.refreshed_on::date,
      coalesce(c.concealed, false) or coalesce(setting.concealed, false), c.rows - c.duplicates
    from read_checkpoints c
    left join read_checkpoints setting on setting.workspace_id = c.workspace_id
      and setting.run_id = c.run_id and setting.read = 'report-settings'
    where c.workspace_id = ${run.workspaceId} and c.run_id = ${run.runId}
      and c.read like 'report:%'
    on conflict (workspace_id, snapshot_id, report) do nothing`);
}
