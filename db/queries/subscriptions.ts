import { and, eq } from "drizzle-orm";
import type { Tx } from "#db/client";
import { snapshotSubscriptions } from "#db/schema/snapshots";
import type { SubscriptionItem } from "#lib/domain/license-item";

/**
 * The commercial subscriptions of a license's SKU in one directory snapshot, the next lifecycle date first. A tenant
 * has a handful per SKU; `limit` bounds it all the same. Units are seats; instants ISO UTC.
 */
export async function listSnapshotSubscriptions(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly snapshotId: number;
    readonly licenseId: string;
    readonly skuId: string;
    readonly limit: number;
  },
): Promise<readonly SubscriptionItem[]> {
  const rows = await tx
    .select({
      id: snapshotSubscriptions.subscriptionId,
      status: snapshotSubscriptions.status,
      totalUnits: snapshotSubscriptions.totalUnits,
      trial: snapshotSubscriptions.trial,
      createdAt: snapshotSubscriptions.createdAt,
      nextLifecycleAt: snapshotSubscriptions.nextLifecycleAt,
      partnerTenantId: snapshotSubscriptions.partnerTenantId,
    })
    .from(snapshotSubscriptions)
    .where(
      and(
        eq(snapshotSubscriptions.workspaceId, query.workspaceId),
        eq(snapshotSubscriptions.snapshotId, query.snapshotId),
        eq(snapshotSubscriptions.skuId, query.skuId),
      ),
    )
    .orderBy(snapshotSubscriptions.nextLifecycleAt, snapshotSubscriptions.subscriptionId)
    .limit(query.limit);
  return rows.map((row) => ({
    ...row,
    licenseId: query.licenseId,
    createdAt: row.createdAt?.toISOString() ?? null,
    nextLifecycleAt: row.nextLifecycleAt?.toISOString() ?? null,
  }));
}
