import { randomUUID } from "node:crypto";
import { createImportStore } from "#db/queries/import-store";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, writeDirectory } from "#db/testing/published-snapshots";
import type { TestDatabase } from "#db/testing/test-database";
import type { Source } from "#lib/domain/connection";
import { assignmentRow, skuRow, userRow } from "#lib/import/testing/rows";

/** One source of a tenant and what it imports: SKUs, each held by that many people. */
export interface TestSource {
  readonly connection: TestConnection;
  /** Publishes a directory; keys are SKU numbers, values accounts that hold it. */
  publish(holders: Readonly<Record<number, number>>): Promise<unknown>;
  /** Reads a directory and leaves it to be published. */
  write(holders: Readonly<Record<number, number>>): ReturnType<typeof writeDirectory>;
  readonly store: ReturnType<typeof createImportStore>;
}

const contentOf = (holders: Readonly<Record<number, number>>) => {
  const entries = Object.entries(holders).map(([sku, count]) => [Number(sku), count] as const);
  const people = Math.max(0, ...entries.map(([, count]) => count));
  return {
    skus: entries.map(([sku, count]) => skuRow(sku, { consumedUnits: count })),
    users: Array.from({ length: people }, (_, index) =>
      userRow(index + 1, {
        assignments: entries.flatMap(([sku, count]) => (index < count ? [assignmentRow(sku)] : [])),
      }),
    ),
  };
};

/** Connects a tenant by one source. Several sources of a tenant share its id. */
export async function connectSource(
  db: TestDatabase,
  given: { readonly workspaceId: string; readonly source: Source; readonly tenantId?: string },
): Promise<TestSource> {
  const connection = await createTestConnection(db, { tenantId: randomUUID(), ...given });
  const store = createImportStore(db.worker);
  const arranged = { db, store, connection };
  return {
    connection,
    store,
    publish: (holders) => publishDirectory(arranged, contentOf(holders)),
    write: (holders) => writeDirectory(arranged, contentOf(holders)),
  };
}
