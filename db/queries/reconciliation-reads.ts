import { and, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { reconciliations } from "#db/schema/licenses";
import { snapshotReports, snapshots } from "#db/schema/snapshots";
import type { AsOf } from "#lib/domain/read-models";

/** Which connections a list covers. */
export interface ListScope {
  readonly workspaceId: string;
  readonly connectionId?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** The current reconciliations of the scope's connections, ascending: what a fresh list reads. DESIGN §4.6. */
export async function currentReconciliations(tx: Tx, scope: ListScope): Promise<number[]> {
  const rows = await tx
    .select({ id: connections.reconciliationId })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, scope.workspaceId),
        isNotNull(connections.reconciliationId),
        scope.connectionId === undefined ? undefined : eq(connections.id, scope.connectionId),
        scope.tenantId === undefined ? undefined : eq(connections.tenantId, scope.tenantId),
      ),
    );
  return rows.flatMap((row) => (row.id === null ? [] : [row.id])).sort((a, b) => a - b);
}

/** Whether all reconciliations and every snapshot behind them are still stored. */
export async function reconciliationsReadable(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly ids: readonly number[] },
): Promise<boolean> {
  if (scope.ids.length === 0) return true;
  const stored = sql`(select count(*) from ${snapshots} s
    where s.workspace_id = ${reconciliations.workspaceId} and s.state in ('published', 'retired')
      and s.id in (${reconciliations.directorySnapshotId}, ${reconciliations.signInsSnapshotId},
        ${reconciliations.usageSnapshotId}))`;
  const rows = await tx
    .select({
      complete: sql<boolean>`${stored} = num_nonnulls(${reconciliations.directorySnapshotId},
        ${reconciliations.signInsSnapshotId}, ${reconciliations.usageSnapshotId})`,
    })
    .from(reconciliations)
    // In a select from one table Drizzle leaves table names out, which the subquery needs.
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, reconciliations.workspaceId),
        eq(connections.id, reconciliations.connectionId),
      ),
    )
    .where(
      and(
        eq(reconciliations.workspaceId, scope.workspaceId),
        inArray(reconciliations.id, [...scope.ids]),
      ),
    );
  return rows.length === new Set(scope.ids).size && rows.every((row) => row.complete);
}

/** Whether a connection shows another reconciliation by now than one of these. */
export async function reconciliationsReplaced(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly ids: readonly number[] },
): Promise<boolean> {
  if (scope.ids.length === 0) return false;
  const [replaced] = await tx
    .select({ id: reconciliations.id })
    .from(reconciliations)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, reconciliations.workspaceId),
        eq(connections.id, reconciliations.connectionId),
      ),
    )
    .where(
      and(
        eq(reconciliations.workspaceId, scope.workspaceId),
        inArray(reconciliations.id, [...scope.ids]),
        sql`${connections.reconciliationId} is distinct from ${reconciliations.id}`,
      ),
    )
    .limit(1);
  return replaced !== undefined;
}

const snapshotAsOf = (column: SQL) =>
  sql<Date | null>`(select s.as_of from ${snapshots} s
    where s.workspace_id = ${reconciliations.workspaceId} and s.id = ${column})`.mapWith(
    snapshots.asOf,
  );

/**
 * "As of" of each dataset behind a reconciliation, for a select that joins `reconciliations`. Usage is dated by the
 * Report Refresh Date of the active-users report. DESIGN §6.
 */
export const asOfColumns = {
  directoryAsOf: snapshotAsOf(sql`${reconciliations.directorySnapshotId}`),
  signInsAsOf: snapshotAsOf(sql`${reconciliations.signInsSnapshotId}`),
  usageOn: sql<string | null>`(select p.refreshed_on from ${snapshotReports} p
    where p.workspace_id = ${reconciliations.workspaceId}
      and p.snapshot_id = ${reconciliations.usageSnapshotId} and p.report = 'active-users')`,
};

/** The columns of `asOfColumns` as readers see them. */
export const toAsOf = (row: {
  readonly directoryAsOf: Date | null;
  readonly signInsAsOf: Date | null;
  readonly usageOn: string | null;
}): AsOf => ({
  directory: row.directoryAsOf?.toISOString() ?? null,
  signIns: row.signInsAsOf?.toISOString() ?? null,
  usage: row.usageOn === null ? null : `${row.usageOn}T00:00:00.000Z`,
});
