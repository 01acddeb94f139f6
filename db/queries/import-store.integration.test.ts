import { afterAll, beforeAll } from "vitest";
import {
  cancelTestRun,
  createTestConnection,
  createTestRun,
  type TestConnection,
} from "../testing/import-fixtures.ts";
import { describeImportStore } from "../testing/import-store-contract.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createImportStore } from "./import-store.ts";

let db: TestDatabase;
const connections = new Map<string, TestConnection>();

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

describeImportStore("PostgreSQL store", () => ({
  store: createImportStore(db.worker),
  newRun: async (dataset, connectionId) => {
    const connection = connections.get(connectionId ?? "") ?? (await createTestConnection(db));
    connections.set(connection.connectionId, connection);
    return createTestRun(db, connection, dataset);
  },
  cancel: (run) => cancelTestRun(db.worker, run),
  stateOf: async (run) => {
    const [row] = await db.ownerSql<{ state: string }[]>`
      select state from dataset_runs where workspace_id = ${run.workspaceId} and id = ${run.runId}`;
    return row?.state ?? "";
  },
  accountsOf: async (run) => {
    const rows = await db.ownerSql<{ user_id: string; sku_ids: string[] }[]>`
      select u.user_id, coalesce(array_agg(n.sku_id::text order by n.sku_id) filter (where a.holds), '{}') as sku_ids
      from snapshot_users u
      left join snapshot_assignments a on a.workspace_id = u.workspace_id
        and a.snapshot_id = u.snapshot_id and a.user_no = u.user_no
      left join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
      where u.workspace_id = ${run.workspaceId} and u.snapshot_id = ${run.snapshotId}
      group by u.user_no, u.user_id order by u.user_id`;
    return rows.map((row) => ({ userId: row.user_id, skuIds: row.sku_ids }));
  },
}));
