import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { parallelRuns } from "#db/schema/contracts";
import type { SwitchObstacle, SwitchScope } from "#lib/domain/switching";

/** A switch that was asked for N days ahead. */
export interface ParallelRunRow extends SwitchScope {
  readonly id: string;
  readonly keptTenantIds: readonly string[];
  readonly retiredTenantIds: readonly string[];
  readonly days: number;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly switchAt: Date;
  /** Why it was not switched when it was due. */
  readonly obstacle: SwitchObstacle | null;
}

const columns = {
  id: parallelRuns.id,
  by: parallelRuns.bySource,
  tenantId: parallelRuns.tenantId,
  keptTenantIds: parallelRuns.keptTenantIds,
  retiredTenantIds: parallelRuns.retiredTenantIds,
  days: parallelRuns.days,
  startedBy: parallelRuns.startedBy,
  startedAt: parallelRuns.startedAt,
  switchAt: parallelRuns.switchAt,
  obstacle: parallelRuns.obstacle,
};

const ofKey = (key: { readonly workspaceId: string; readonly id: string }) =>
  and(eq(parallelRuns.workspaceId, key.workspaceId), eq(parallelRuns.id, key.id));

/** The workspace's parallel runs, the earliest switch first. */
export const listParallelRuns = (
  tx: Tx,
  key: { readonly workspaceId: string },
): Promise<readonly ParallelRunRow[]> =>
  tx
    .select(columns)
    .from(parallelRuns)
    .where(eq(parallelRuns.workspaceId, key.workspaceId))
    .orderBy(parallelRuns.switchAt, parallelRuns.id);

/** Starts or moves the scope's parallel run; the switch is due `days` from now by the database's clock. */
export async function saveParallelRun(
  tx: Tx,
  run: SwitchScope & {
    readonly workspaceId: string;
    readonly keptTenantIds: readonly string[];
    readonly retiredTenantIds: readonly string[];
    readonly days: number;
    readonly startedBy: string;
  },
): Promise<ParallelRunRow> {
  await deleteParallelRunOf(tx, run);
  const [row] = await tx
    .insert(parallelRuns)
    .values({
      workspaceId: run.workspaceId,
      bySource: run.by,
      tenantId: run.tenantId,
      keptTenantIds: [...run.keptTenantIds],
      retiredTenantIds: [...run.retiredTenantIds],
      days: run.days,
      startedBy: run.startedBy,
      switchAt: sql`now() + make_interval(days => ${run.days})`,
    })
    .returning(columns);
  if (row === undefined) throw new Error("A parallel run was just stored.");
  return row;
}

/** Ends the parallel run of a scope, if there is one. */
export async function deleteParallelRunOf(
  tx: Tx,
  scope: SwitchScope & { readonly workspaceId: string },
): Promise<void> {
  await tx
    .delete(parallelRuns)
    .where(
      and(
        eq(parallelRuns.workspaceId, scope.workspaceId),
        eq(parallelRuns.bySource, scope.by),
        scope.tenantId === null
          ? isNull(parallelRuns.tenantId)
          : eq(parallelRuns.tenantId, scope.tenantId),
      ),
    );
}

/** The run as it stands; undefined for an unknown id and for another workspace's. */
export async function findParallelRun(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
): Promise<ParallelRunRow | undefined> {
  const [row] = await tx.select(columns).from(parallelRuns).where(ofKey(key));
  return row;
}

/** Locks a run whose switch is due; undefined when another worker has it, or it is not due any more. */
export async function takeDueParallelRun(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
): Promise<ParallelRunRow | undefined> {
  const [row] = await tx
    .select(columns)
    .from(parallelRuns)
    .where(and(ofKey(key), sql`${parallelRuns.switchAt} <= now()`))
    .for("update", { skipLocked: true });
  return row;
}

/** Notes why the switch could not be made. */
export async function recordObstacle(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
  obstacle: SwitchObstacle,
): Promise<void> {
  await tx.update(parallelRuns).set({ obstacle }).where(ofKey(key));
}

/** Parallel runs of every workspace whose switch is due. */
export async function listDueParallelRuns(
  tx: Tx,
): Promise<readonly { readonly workspaceId: string; readonly id: string }[]> {
  const rows = await tx.execute<{ workspace_id: string; id: string }>(
    sql`select workspace_id, id from app.parallel_runs_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, id: row.id }));
}
