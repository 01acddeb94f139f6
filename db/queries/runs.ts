import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { datasetEpochs, datasetRuns, readCheckpoints } from "#db/schema/imports";
import type { Failure } from "#lib/domain/failure";
import type { Dataset, RunState } from "#lib/domain/import";

/** A dataset run, as the worker finds it. */
export interface WorkerRun {
  readonly runId: string;
  readonly connectionId: string;
  readonly dataset: Dataset;
  readonly state: RunState;
}

interface RunScope {
  readonly workspaceId: string;
  readonly runId: string;
}

interface ConnectionScope {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** Undefined for an unknown run. */
export async function findRun(tx: Tx, scope: RunScope): Promise<WorkerRun | undefined> {
  const [row] = await tx
    .select({
      runId: datasetRuns.id,
      connectionId: datasetRuns.connectionId,
      dataset: datasetRuns.dataset,
      state: datasetRuns.state,
    })
    .from(datasetRuns)
    .where(and(eq(datasetRuns.workspaceId, scope.workspaceId), eq(datasetRuns.id, scope.runId)));
  return row;
}

/** Whether the run is still that of the worker who took this epoch. Without a lock: it may be lost a moment later. */
export async function isRunOurs(
  tx: Tx,
  run: RunScope & { readonly epoch: number },
): Promise<boolean> {
  const rows = await tx
    .select({ id: datasetRuns.id })
    .from(datasetRuns)
    .where(
      and(
        eq(datasetRuns.workspaceId, run.workspaceId),
        eq(datasetRuns.id, run.runId),
        eq(datasetRuns.epoch, run.epoch),
        eq(datasetRuns.state, "running"),
      ),
    );
  return rows.length === 1;
}

/** A directory was read: the connection works again. True when the status changed. */
export async function recordConnectionWorks(tx: Tx, scope: ConnectionScope): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({ status: "ready", problem: null, updatedAt: sql`now()` })
    .where(
      and(
        eq(connections.workspaceId, scope.workspaceId),
        eq(connections.id, scope.connectionId),
        eq(connections.status, "action-needed"),
      ),
    )
    .returning({ id: connections.id });
  return rows.length === 1;
}

/** Failure codes that mean Microsoft's answer pointed somewhere we do not go. Source: reference/fault-catalogue.md §4 SSRF. */
const refusedLinkCodes = ["link-refused", "report-host-refused"];

/** Links of this run that were refused: for the security audit. */
export async function listRefusedLinks(
  tx: Tx,
  scope: RunScope,
): Promise<readonly { readonly read: string; readonly failure: Failure }[]> {
  const rows = await tx
    .select({ read: readCheckpoints.read, failure: readCheckpoints.failure })
    .from(readCheckpoints)
    .where(
      and(
        eq(readCheckpoints.workspaceId, scope.workspaceId),
        eq(readCheckpoints.runId, scope.runId),
        inArray(sql`${readCheckpoints.failure} ->> 'code'`, refusedLinkCodes),
      ),
    );
  return rows.flatMap(({ read, failure }) => (failure ? [{ read, failure }] : []));
}

/** A queued or running run, and when somebody may work on it. */
export interface OpenRun extends RunScope {
  readonly dataset: Dataset;
  readonly turnAt: Date;
  readonly pausedUntil: Date | null;
}

interface OpenRunRow extends Record<string, unknown> {
  readonly workspace_id: string;
  readonly run_id: string;
  readonly dataset: Dataset;
  readonly turn_at: string;
  readonly paused_until: string | null;
}

/** Every queued or running run of the installation, longest without progress first. */
export async function listOpenRuns(tx: Tx): Promise<readonly OpenRun[]> {
  const rows = await tx.execute<OpenRunRow>(
    sql`select workspace_id, run_id, dataset, turn_at, paused_until from app.open_runs()`,
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    runId: row.run_id,
    dataset: row.dataset,
    turnAt: new Date(row.turn_at),
    pausedUntil: row.paused_until === null ? null : new Date(row.paused_until),
  }));
}

/**
 * Fails a run that was taken and has shown no progress for `minutes` (database time), and raises the epoch, so that a
 * worker that still holds it can write nothing more. A run no worker has taken yet only waits, and so does one that is
 * paused. Source: DESIGN §4.2.
 */
export async function failStuckRun(
  tx: Tx,
  scope: RunScope,
  stuck: { readonly minutes: number; readonly failure: Failure },
): Promise<boolean> {
  const isStuck = and(
    eq(datasetRuns.workspaceId, scope.workspaceId),
    eq(datasetRuns.id, scope.runId),
    eq(datasetRuns.state, "running"),
    sql`greatest(${datasetRuns.progressAt}, ${datasetRuns.pausedUntil}) < now() - make_interval(mins => ${stuck.minutes})`,
  );
  const [run] = await tx
    .select({ connectionId: datasetRuns.connectionId, dataset: datasetRuns.dataset })
    .from(datasetRuns)
    .where(isStuck);
  if (!run) return false;
  // Locks in the order of the import's own writes: connection, epoch, run.
  await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(eq(connections.workspaceId, scope.workspaceId), eq(connections.id, run.connectionId)),
    )
    .for("update");
  const [held] = await tx
    .select({ epoch: datasetEpochs.epoch })
    .from(datasetEpochs)
    .where(ofDataset(scope.workspaceId, run))
    .for("update");
  const failed = await tx
    .update(datasetRuns)
    .set({ state: "failed", failure: stuck.failure, finishedAt: sql`now()` })
    .where(isStuck)
    .returning({ id: datasetRuns.id });
  if (failed.length === 0) return false;
  if (held) {
    await tx
      .update(datasetEpochs)
      .set({ epoch: held.epoch + 1 })
      .where(ofDataset(scope.workspaceId, run));
  }
  return true;
}

const ofDataset = (workspaceId: string, run: Pick<WorkerRun, "connectionId" | "dataset">) =>
  and(
    eq(datasetEpochs.workspaceId, workspaceId),
    eq(datasetEpochs.connectionId, run.connectionId),
    eq(datasetEpochs.dataset, run.dataset),
  );
