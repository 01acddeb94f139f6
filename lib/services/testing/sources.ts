import { randomUUID } from "node:crypto";
import { createImportStore } from "#db/queries/import-store";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, writeDirectory } from "#db/testing/published-snapshots";
import type { TestDatabase } from "#db/testing/test-database";
import type { LicenseResolution } from "#lib/domain/app-license";
import type { Source } from "#lib/domain/connection";
import type { SkuRow } from "#lib/import/ports";
import { assignmentRow, guid, skuId, skuRow, userRow } from "#lib/import/testing/rows";

/** One source of a tenant and what it imports: SKUs, each held by that many people. */
export interface TestSource {
  readonly connection: TestConnection;
  /** Publishes a directory; keys are SKU numbers, values accounts that hold it. */
  publish(holders: Readonly<Record<number, number>>, licenses?: TestLicenses): Promise<unknown>;
  /** Reads a directory and leaves it to be published. */
  write(holders: Readonly<Record<number, number>>): ReturnType<typeof writeDirectory>;
  readonly store: ReturnType<typeof createImportStore>;
}

/**
 * How a managed application lists its licenses: each standing for its SKU, by an id that says nothing of it, or two for
 * each SKU. `none` = SKUs as Microsoft lists them.
 */
export const testLicenses = ["none", "known", "own-id", "doubled"] as const;
export type TestLicenses = (typeof testLicenses)[number];

const term = {
  type: "annual",
  units: 10,
  annualCost: null,
  currency: null,
  startsOn: null,
  endsOn: null,
  problem: null,
} as const;

const listed = (sku: number, count: number, licenses: TestLicenses): readonly SkuRow[] => {
  const row = (key: string, known: boolean, resolution: LicenseResolution): SkuRow => ({
    ...skuRow(sku, { skuId: key, consumedUnits: null, prepaidUnits: null }),
    license: {
      externalId: `${resolution} ${key}`,
      name: `License ${sku}`,
      skuId: known ? skuId(sku) : null,
      resolution,
      candidates: [],
      terms: [term],
    },
  });
  switch (licenses) {
    case "none":
      return [skuRow(sku, { consumedUnits: count })];
    case "known":
      return [row(skuId(sku), true, "license-id")];
    case "own-id":
      return [row(guid(7, sku), false, "unknown-sku")];
    case "doubled":
      return [8, 9].map((kind) => row(guid(kind, sku), false, "several-licenses"));
    default:
      return licenses satisfies never;
  }
};

const contentOf = (holders: Readonly<Record<number, number>>, licenses: TestLicenses = "none") => {
  const entries = Object.entries(holders).map(([sku, count]) => [Number(sku), count] as const);
  const people = Math.max(0, ...entries.map(([, count]) => count));
  return {
    skus: entries.flatMap(([sku, count]) => listed(sku, count, licenses)),
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
    publish: (holders, licenses) => publishDirectory(arranged, contentOf(holders, licenses)),
    write: (holders) => writeDirectory(arranged, contentOf(holders)),
  };
}
