import { and, desc, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { datasetEpochs, readCheckpoints } from "#db/schema/imports";
import { products } from "#db/schema/products";
import { skuNumbers, snapshotSkus, snapshots } from "#db/schema/snapshots";
import type { ConnectionKey } from "./connections.ts";

/** SKUs of a snapshot that is being read or is stored, the latest reading of each. Seats. */
export async function listSnapshotSkus(
  tx: Tx,
  query: { readonly workspaceId: string; readonly snapshotId: number; readonly limit: number },
): Promise<
  readonly {
    readonly skuId: string;
    readonly partNumber: string | null;
    readonly productName: string | null;
    readonly enabled: number | null;
    readonly consumedUnits: number | null;
  }[]
> {
  return tx
    .selectDistinctOn([skuNumbers.skuId], {
      skuId: skuNumbers.skuId,
      partNumber: snapshotSkus.partNumber,
      productName: sql<
        string | null
      >`coalesce(${products.displayName}, ${snapshotSkus.licenseName}, ${skuNumbers.name})`,
      enabled: snapshotSkus.enabled,
      consumedUnits: snapshotSkus.consumedUnits,
    })
    .from(snapshotSkus)
    .innerJoin(
      skuNumbers,
      and(
        eq(skuNumbers.workspaceId, snapshotSkus.workspaceId),
        eq(skuNumbers.no, snapshotSkus.skuNo),
      ),
    )
    .leftJoin(products, eq(products.skuId, skuNumbers.skuId))
    .where(
      and(
        eq(snapshotSkus.workspaceId, query.workspaceId),
        eq(snapshotSkus.snapshotId, query.snapshotId),
      ),
    )
    .orderBy(skuNumbers.skuId, desc(snapshotSkus.reading))
    .limit(query.limit);
}

/** Accounts in the published directory: how many a new read may expect. Null before the first publish. */
export async function publishedUsers(tx: Tx, key: ConnectionKey): Promise<number | null> {
  const [row] = await tx
    .select({ rows: readCheckpoints.rows })
    .from(datasetEpochs)
    .innerJoin(
      snapshots,
      and(
        eq(snapshots.workspaceId, datasetEpochs.workspaceId),
        eq(snapshots.id, datasetEpochs.snapshotId),
      ),
    )
    .innerJoin(
      readCheckpoints,
      and(
        eq(readCheckpoints.workspaceId, snapshots.workspaceId),
        eq(readCheckpoints.runId, snapshots.runId),
        eq(readCheckpoints.read, "users"),
      ),
    )
    .where(
      and(
        eq(datasetEpochs.workspaceId, key.workspaceId),
        eq(datasetEpochs.connectionId, key.connectionId),
        eq(datasetEpochs.dataset, "directory"),
      ),
    );
  return row?.rows ?? null;
}
