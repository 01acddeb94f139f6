import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { datasetEpochs, datasetRuns, importRuns, imports } from "#db/schema/imports";
import { snapshots } from "#db/schema/snapshots";
import type { Dataset, ImportTrigger } from "#lib/domain/import";

interface ConnectionKey {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** The import a key was used for before, on whatever connection. */
export async function findImportByKey(
  tx: Tx,
  key: { readonly workspaceId: string; readonly idempotencyKey: string },
): Promise<{ readonly id: string; readonly connectionId: string } | undefined> {
  const [row] = await tx
    .select({ id: imports.id, connectionId: imports.connectionId })
    .from(imports)
    .where(
      and(eq(imports.workspaceId, key.workspaceId), eq(imports.idempotencyKey, key.idempotencyKey)),
    );
  return row;
}

/** Gives an import that was asked for without a key the key of somebody who got it as answer. */
export async function rememberKey(
  tx: Tx,
  row: {
    readonly workspaceId: string;
    readonly importId: string;
    readonly idempotencyKey: string;
  },
): Promise<void> {
  await tx
    .update(imports)
    .set({ idempotencyKey: row.idempotencyKey })
    .where(
      and(
        eq(imports.workspaceId, row.workspaceId),
        eq(imports.id, row.importId),
        isNull(imports.idempotencyKey),
      ),
    );
}

/** Undefined when the idempotency key is taken meanwhile. */
export async function insertImport(
  tx: Tx,
  row: ConnectionKey & {
    readonly trigger: ImportTrigger;
    readonly idempotencyKey: string | null;
    readonly requestedBy: string;
  },
): Promise<string | undefined> {
  const [inserted] = await tx
    .insert(imports)
    .values(row)
    .onConflictDoNothing({ target: [imports.workspaceId, imports.idempotencyKey] })
    .returning({ id: imports.id });
  return inserted?.id;
}

/** A new run; undefined when the dataset has an active one, which the unique index alone decides. DESIGN §4.1. */
export async function insertRun(
  tx: Tx,
  row: ConnectionKey & { readonly dataset: Dataset },
): Promise<string | undefined> {
  const [inserted] = await tx
    .insert(datasetRuns)
    .values(row)
    .onConflictDoNothing({
      target: [datasetRuns.workspaceId, datasetRuns.connectionId, datasetRuns.dataset],
      where: sql`state in ('queued', 'running')`,
    })
    .returning({ id: datasetRuns.id });
  return inserted?.id;
}

/** The active run of a dataset, and the import that began it. */
export async function findActiveRun(
  tx: Tx,
  key: ConnectionKey & { readonly dataset: Dataset },
): Promise<{ readonly runId: string; readonly importId: string } | undefined> {
  const [row] = await tx
    .select({ runId: datasetRuns.id, importId: importRuns.importId })
    .from(datasetRuns)
    .innerJoin(
      importRuns,
      and(
        eq(importRuns.workspaceId, datasetRuns.workspaceId),
        eq(importRuns.runId, datasetRuns.id),
        eq(importRuns.adopted, false),
      ),
    )
    .where(
      and(
        eq(datasetRuns.workspaceId, key.workspaceId),
        eq(datasetRuns.connectionId, key.connectionId),
        eq(datasetRuns.dataset, key.dataset),
        inArray(datasetRuns.state, ["queued", "running"]),
      ),
    );
  return row;
}

/** Makes a run part of an import. */
export async function linkRun(
  tx: Tx,
  row: {
    readonly workspaceId: string;
    readonly importId: string;
    readonly runId: string;
    readonly adopted: boolean;
  },
): Promise<void> {
  await tx.insert(importRuns).values(row);
}

/** A run that was ended, by dataset. */
export interface EndedRun {
  readonly runId: string;
  readonly dataset: Dataset;
}

/**
 * Ends active runs as cancelled and raises their epochs, so that a worker that still holds one can write nothing more
 * (DESIGN §4.2); their unpublished snapshots are discarded. The caller has locked the connection.
 */
export async function cancelActiveRuns(
  tx: Tx,
  scope: ConnectionKey & {
    /** Only these runs; all active ones of the connection by default. */
    readonly runIds?: readonly string[];
    readonly decidedBy: string;
  },
): Promise<readonly EndedRun[]> {
  const { workspaceId, connectionId } = scope;
  const active = and(
    eq(datasetRuns.workspaceId, workspaceId),
    eq(datasetRuns.connectionId, connectionId),
    inArray(datasetRuns.state, ["queued", "running"]),
    scope.runIds === undefined ? undefined : inArray(datasetRuns.id, [...scope.runIds]),
  );
  // A page being written holds the epoch, then the run: the same order here, else the two would block each other.
  const found = await tx.select({ dataset: datasetRuns.dataset }).from(datasetRuns).where(active);
  for (const { dataset } of found) await raiseEpoch(tx, { workspaceId, connectionId, dataset });
  const ended = await tx
    .update(datasetRuns)
    .set({ state: "cancelled", decidedBy: scope.decidedBy, finishedAt: sql`now()` })
    .where(active)
    .returning({ runId: datasetRuns.id, dataset: datasetRuns.dataset });
  for (const { runId } of ended) await discardUnpublished(tx, { workspaceId, runId });
  return ended;
}

async function raiseEpoch(
  tx: Tx,
  key: ConnectionKey & { readonly dataset: Dataset },
): Promise<void> {
  await tx
    .insert(datasetEpochs)
    .values({ ...key, epoch: 1 })
    .onConflictDoUpdate({
      target: [datasetEpochs.workspaceId, datasetEpochs.connectionId, datasetEpochs.dataset],
      set: { epoch: sql`${datasetEpochs.epoch} + 1` },
    });
}

async function discardUnpublished(
  tx: Tx,
  key: { readonly workspaceId: string; readonly runId: string },
): Promise<void> {
  await tx
    .update(snapshots)
    .set({ state: "discarded" })
    .where(
      and(
        eq(snapshots.workspaceId, key.workspaceId),
        eq(snapshots.runId, key.runId),
        eq(snapshots.state, "building"),
      ),
    );
}

/** The held runs of a connection. */
export async function listHeldRuns(tx: Tx, key: ConnectionKey): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: datasetRuns.id })
    .from(datasetRuns)
    .where(
      and(
        eq(datasetRuns.workspaceId, key.workspaceId),
        eq(datasetRuns.connectionId, key.connectionId),
        eq(datasetRuns.state, "suspect"),
      ),
    );
  return rows.map((row) => row.id);
}
