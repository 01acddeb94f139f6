import { randomUUID } from "node:crypto";
import type { Dataset } from "#lib/domain/import";
import type { RunHandle } from "#lib/import/ports";
import type { Database } from "../client.ts";
import { cancelActiveRuns } from "../queries/import-changes.ts";
import { createWorkspace } from "./factories.ts";
import type { TestDatabase } from "./test-database.ts";

/** A connection of a new workspace, proven and ready to be imported. */
export interface TestConnection {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly tenantId: string;
}

/** Creates a workspace with one Microsoft 365 connection, past the walls. */
export async function createTestConnection(
  db: Pick<TestDatabase, "ownerSql">,
  given: {
    readonly workspaceId?: string;
    readonly tenantId?: string;
    readonly source?: string;
  } = {},
): Promise<TestConnection> {
  const workspaceId = given.workspaceId ?? (await createWorkspace(db)).workspaceId;
  const connectionId = randomUUID();
  const tenantId = given.tenantId ?? randomUUID();
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, method, tenant_id, status, proven_at, created_by)
    values (${workspaceId}, ${connectionId}, ${`Tenant ${tenantId.slice(0, 8)}`},
      ${given.source ?? "microsoft-365"}, 'multi-tenant-app', ${tenantId}, 'ready', now(), 'test')`;
  return { workspaceId, connectionId, tenantId };
}

/** Adds a queued run of a dataset, as startImport does. */
export async function createTestRun(
  db: Pick<TestDatabase, "ownerSql">,
  connection: Pick<TestConnection, "workspaceId" | "connectionId">,
  dataset: Dataset,
): Promise<{ readonly workspaceId: string; readonly runId: string }> {
  const { workspaceId, connectionId } = connection;
  const runId = randomUUID();
  await db.ownerSql`
    insert into dataset_runs (workspace_id, id, connection_id, dataset)
    values (${workspaceId}, ${runId}, ${connectionId}, ${dataset})`;
  return { workspaceId, runId };
}

/** Ends a run as cancelled, by state and epoch. */
export async function cancelTestRun(db: Database, run: RunHandle): Promise<void> {
  await db.inWorkspace(run.workspaceId, (tx) =>
    cancelActiveRuns(tx, { ...run, runIds: [run.runId], decidedBy: "test" }),
  );
}
