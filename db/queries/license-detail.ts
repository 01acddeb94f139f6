import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { importRuns, readCheckpoints } from "#db/schema/imports";
import { licensePositions, licenses } from "#db/schema/licenses";
import { servicePlans } from "#db/schema/products";
import { snapshotDeletedUsers, snapshotSkus, snapshots } from "#db/schema/snapshots";
import type { Source } from "#lib/domain/connection";
import type { LicenseTwin } from "#lib/domain/license-item";
import { joinPosition } from "./licenses.ts";

/** A license's SKU in one directory snapshot. */
export interface SkuInSnapshot {
  readonly workspaceId: string;
  readonly snapshotId: number;
  readonly skuNo: number;
  readonly skuId: string;
}

/** The import that read a snapshot; null when its record is gone. */
export async function importOfSnapshot(
  tx: Tx,
  key: { readonly workspaceId: string; readonly snapshotId: number },
): Promise<string | null> {
  const [row] = await tx
    .select({ importId: importRuns.importId })
    .from(snapshots)
    .innerJoin(
      importRuns,
      and(eq(importRuns.workspaceId, snapshots.workspaceId), eq(importRuns.runId, snapshots.runId)),
    )
    .where(and(eq(snapshots.workspaceId, key.workspaceId), eq(snapshots.id, key.snapshotId)))
    .orderBy(asc(importRuns.adopted))
    .limit(1);
  return row?.importId ?? null;
}

/** The service plans of the SKU by their friendly names, by name; a plan our table lacks keeps its id as name. */
export async function servicePlansOf(
  tx: Tx,
  sku: SkuInSnapshot,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const [row] = await tx
    .select({ ids: snapshotSkus.servicePlanIds })
    .from(snapshotSkus)
    .where(
      and(
        eq(snapshotSkus.workspaceId, sku.workspaceId),
        eq(snapshotSkus.snapshotId, sku.snapshotId),
        eq(snapshotSkus.skuNo, sku.skuNo),
        eq(snapshotSkus.reading, 2),
      ),
    );
  if (row === undefined || row.ids.length === 0) return [];
  const named = await tx
    .select({ id: servicePlans.servicePlanId, name: servicePlans.friendlyName })
    .from(servicePlans)
    .where(inArray(servicePlans.servicePlanId, row.ids));
  const names = new Map(named.map((plan) => [plan.id, plan.name]));
  return row.ids
    .map((id) => ({ id, name: names.get(id) ?? id }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Microsoft's consumedUnits as read before the users; null when it gave none. Seats. */
export async function firstReadingOf(tx: Tx, sku: SkuInSnapshot): Promise<number | null> {
  const [row] = await tx
    .select({ consumedUnits: snapshotSkus.consumedUnits })
    .from(snapshotSkus)
    .where(
      and(
        eq(snapshotSkus.workspaceId, sku.workspaceId),
        eq(snapshotSkus.snapshotId, sku.snapshotId),
        eq(snapshotSkus.skuNo, sku.skuNo),
        eq(snapshotSkus.reading, 1),
      ),
    );
  return row?.consumedUnits ?? null;
}

/** Deleted users that still show the SKU: information, never a cause. Null when deleted users were not read. */
export async function deletedUsersShowing(tx: Tx, sku: SkuInSnapshot): Promise<number | null> {
  const [read] = await tx
    .select({ state: readCheckpoints.state })
    .from(snapshots)
    .innerJoin(
      readCheckpoints,
      and(
        eq(readCheckpoints.workspaceId, snapshots.workspaceId),
        eq(readCheckpoints.runId, snapshots.runId),
        eq(readCheckpoints.read, "deleted-users"),
      ),
    )
    .where(and(eq(snapshots.workspaceId, sku.workspaceId), eq(snapshots.id, sku.snapshotId)));
  if (read?.state !== "complete") return null;
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(snapshotDeletedUsers)
    .where(
      and(
        eq(snapshotDeletedUsers.workspaceId, sku.workspaceId),
        eq(snapshotDeletedUsers.snapshotId, sku.snapshotId),
        sql`${sku.skuId}::uuid = any(${snapshotDeletedUsers.skuIds})`,
      ),
    );
  return row?.count ?? 0;
}

/** The licenses other connected sources have of the same tenant and skuId. */
export async function twinsOf(
  tx: Tx,
  license: {
    readonly workspaceId: string;
    readonly tenantId: string;
    readonly skuId: string;
    readonly source: Source;
  },
): Promise<readonly LicenseTwin[]> {
  return tx
    .select({
      id: licenses.id,
      source: licenses.source,
      status: licensePositions.status,
      retiredReason: licensePositions.retiredReason,
      entitled: licensePositions.entitled,
      consumed: licensePositions.consumed,
    })
    .from(licenses)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, licenses.workspaceId),
        eq(connections.id, licenses.connectionId),
        ne(connections.status, "disconnected"),
      ),
    )
    .innerJoin(
      licensePositions,
      and(
        joinPosition.license,
        eq(licensePositions.reconciliationId, connections.reconciliationId),
      ),
    )
    .where(
      and(
        eq(licenses.workspaceId, license.workspaceId),
        eq(licenses.tenantId, license.tenantId),
        eq(licenses.skuId, license.skuId),
        ne(licenses.source, license.source),
      ),
    )
    .orderBy(licenses.source, licenses.id);
}
