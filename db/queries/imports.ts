import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections, type VerificationState, verifications } from "#db/schema/connections";
import { datasetRuns, importRuns, imports, readCheckpoints } from "#db/schema/imports";
import type { Failure } from "#lib/domain/failure";
import type { Dataset, ImportTrigger, Read, RunState } from "#lib/domain/import";
import type { UnavailableReason } from "#lib/domain/quantity";
import type { Hold } from "#lib/import/ports";
import type { After } from "./keyset.ts";

/** One request to read a connection. */
export interface ImportRow {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly declinedPermissions: readonly string[];
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly after: After;
}

/** One read of a run, as its checkpoint has it. */
export interface ReadRow {
  readonly runId: string;
  readonly read: Read;
  readonly state: "queued" | "running" | "complete" | "unavailable" | "failed";
  readonly rows: number;
  readonly pages: number;
  readonly quarantined: number;
  readonly retries: number;
  readonly limitedUntil: Date | null;
  readonly pacedUntil: Date | null;
  readonly reason: UnavailableReason | null;
  readonly failure: Failure | null;
  /** Rows set aside, by what was wrong with them: the field, then the problem. */
  readonly problems: Readonly<Record<string, number>>;
  /** Fields with values outside the documented ones. */
  readonly unexpected: readonly string[];
}

/** One dataset run of an import, with its reads. */
export interface RunRow {
  readonly importId: string;
  readonly id: string;
  readonly dataset: Dataset;
  readonly state: RunState;
  readonly adopted: boolean;
  readonly snapshotId: number | null;
  readonly hold: Hold | null;
  readonly failure: Failure | null;
  readonly decidedBy: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly publishedAt: Date | null;
  /** The verification this run had to wait for, whatever became of it; null = none. */
  readonly verification: AwaitedRow | null;
  readonly reads: readonly ReadRow[];
}

export interface AwaitedRow {
  readonly state: VerificationState;
  readonly nextAttemptAt: Date | null;
}

const selectImports = (tx: Tx) =>
  tx
    .select({
      id: imports.id,
      connectionId: imports.connectionId,
      connectionName: connections.name,
      declinedPermissions: connections.declinedPermissions,
      trigger: imports.trigger,
      requestedBy: imports.requestedBy,
      createdAt: imports.createdAt,
    })
    .from(imports)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, imports.workspaceId),
        eq(connections.id, imports.connectionId),
      ),
    );

const withAfter = (row: Omit<ImportRow, "after">): ImportRow => ({
  ...row,
  after: { key: row.createdAt.toISOString(), id: row.id },
});

/** Undefined for an unknown id and for another workspace's. */
export async function findImport(
  tx: Tx,
  key: { readonly workspaceId: string; readonly importId: string },
): Promise<ImportRow | undefined> {
  const [row] = await selectImports(tx).where(
    and(eq(imports.workspaceId, key.workspaceId), eq(imports.id, key.importId)),
  );
  return row && withAfter(row);
}

/** Imports, newest first. */
export async function listImportRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly connectionId?: string | undefined;
    readonly after: After | null;
    readonly limit: number;
  },
): Promise<readonly ImportRow[]> {
  const rows = await selectImports(tx)
    .where(
      and(
        eq(imports.workspaceId, query.workspaceId),
        query.connectionId === undefined ? undefined : eq(imports.connectionId, query.connectionId),
        query.after === null
          ? undefined
          : sql`(${imports.createdAt}, ${imports.id}) < (${query.after.key}::timestamptz, ${query.after.id}::uuid)`,
      ),
    )
    .orderBy(desc(imports.createdAt), desc(imports.id))
    .limit(query.limit);
  return rows.map(withAfter);
}

/** The newest import of each connection that has one. */
export async function listLastImports(
  tx: Tx,
  query: { readonly workspaceId: string; readonly connectionIds: readonly string[] },
): Promise<
  readonly { readonly id: string; readonly connectionId: string; readonly createdAt: Date }[]
> {
  if (query.connectionIds.length === 0) return [];
  return tx
    .selectDistinctOn([imports.connectionId], {
      id: imports.id,
      connectionId: imports.connectionId,
      createdAt: imports.createdAt,
    })
    .from(imports)
    .where(
      and(
        eq(imports.workspaceId, query.workspaceId),
        inArray(imports.connectionId, [...query.connectionIds]),
      ),
    )
    .orderBy(imports.connectionId, desc(imports.createdAt), desc(imports.id));
}

/** The runs of imports with their reads, by import. */
export async function listRunsOfImports(
  tx: Tx,
  query: { readonly workspaceId: string; readonly importIds: readonly string[] },
): Promise<ReadonlyMap<string, readonly RunRow[]>> {
  if (query.importIds.length === 0) return new Map();
  const runs = await tx
    .select({
      importId: importRuns.importId,
      id: datasetRuns.id,
      dataset: datasetRuns.dataset,
      state: datasetRuns.state,
      adopted: importRuns.adopted,
      snapshotId: datasetRuns.snapshotId,
      hold: datasetRuns.hold,
      failure: datasetRuns.failure,
      decidedBy: datasetRuns.decidedBy,
      startedAt: datasetRuns.startedAt,
      finishedAt: datasetRuns.finishedAt,
      publishedAt: datasetRuns.publishedAt,
      verification: { state: verifications.state, nextAttemptAt: verifications.nextAttemptAt },
    })
    .from(importRuns)
    .innerJoin(
      datasetRuns,
      and(
        eq(datasetRuns.workspaceId, importRuns.workspaceId),
        eq(datasetRuns.id, importRuns.runId),
      ),
    )
    .leftJoin(
      verifications,
      and(
        eq(verifications.workspaceId, datasetRuns.workspaceId),
        eq(verifications.id, datasetRuns.verificationId),
      ),
    )
    .where(
      and(
        eq(importRuns.workspaceId, query.workspaceId),
        inArray(importRuns.importId, [...query.importIds]),
      ),
    );
  const reads = await listReadsOfRuns(tx, {
    workspaceId: query.workspaceId,
    runIds: [...new Set(runs.map((run) => run.id))],
  });
  return Map.groupBy(
    runs.map((run) => ({ ...run, reads: reads.get(run.id) ?? [] })),
    (run) => run.importId,
  );
}

async function listReadsOfRuns(
  tx: Tx,
  query: { readonly workspaceId: string; readonly runIds: readonly string[] },
): Promise<ReadonlyMap<string, readonly ReadRow[]>> {
  if (query.runIds.length === 0) return new Map();
  const rows = await tx
    .select({
      runId: readCheckpoints.runId,
      read: readCheckpoints.read,
      state: readCheckpoints.state,
      rows: readCheckpoints.rows,
      pages: readCheckpoints.pageNo,
      quarantined: readCheckpoints.quarantined,
      retries: readCheckpoints.retries,
      waitKind: readCheckpoints.waitKind,
      waitUntil: readCheckpoints.waitUntil,
      reason: readCheckpoints.reason,
      failure: readCheckpoints.failure,
      problems: readCheckpoints.problems,
      unexpected: readCheckpoints.unexpected,
    })
    .from(readCheckpoints)
    .where(
      and(
        eq(readCheckpoints.workspaceId, query.workspaceId),
        inArray(readCheckpoints.runId, [...query.runIds]),
      ),
    );
  return Map.groupBy(
    rows.map(({ waitKind, waitUntil, ...row }) => ({
      ...row,
      limitedUntil: waitKind === "limited" ? waitUntil : null,
      pacedUntil: waitKind === "pacing" ? waitUntil : null,
    })),
    (row) => row.runId,
  );
}
