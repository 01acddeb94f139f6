import { and, eq, gt, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { prices } from "#db/schema/contracts";
import { licenses } from "#db/schema/licenses";
import { products } from "#db/schema/products";
import { type MonthlyPrice, normalAmount } from "#lib/domain/money";

/** One price of the workspace's book: a seat for a month. */
export interface PriceRow {
  readonly skuId: string;
  readonly productName: string | null;
  readonly price: MonthlyPrice;
  /** Public origin of a list price. */
  readonly origin: string | null;
  readonly updatedBy: string | null;
  readonly updatedAt: string;
}

/** Prices by skuId, continued after `after`. */
export async function listPriceRows(
  tx: Tx,
  query: { readonly workspaceId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly PriceRow[]> {
  const rows = await tx
    .select({
      skuId: prices.skuId,
      productName: products.displayName,
      amount: prices.amount,
      currency: prices.currency,
      source: prices.source,
      asOf: prices.asOf,
      origin: prices.origin,
      updatedBy: prices.updatedBy,
      updatedAt: prices.updatedAt,
    })
    .from(prices)
    .leftJoin(products, eq(products.skuId, prices.skuId))
    .where(
      and(
        eq(prices.workspaceId, query.workspaceId),
        query.after === null ? undefined : gt(prices.skuId, query.after),
      ),
    )
    .orderBy(prices.skuId)
    .limit(query.limit);
  return rows.map(({ amount, currency, source, asOf, updatedAt, ...row }) => ({
    ...row,
    price: { amount: normalAmount(amount), currency, source, asOf },
    updatedAt: updatedAt.toISOString(),
  }));
}

/** Enters the customer's own price of a SKU in place of whatever was there. */
export async function upsertPrice(
  tx: Tx,
  price: {
    readonly workspaceId: string;
    readonly skuId: string;
    readonly amount: string;
    readonly currency: string;
    readonly asOf: string;
    readonly updatedBy: string;
    readonly at: Date;
  },
): Promise<void> {
  const entered = {
    amount: price.amount,
    currency: price.currency,
    source: "entered" as const,
    asOf: price.asOf,
    origin: null,
    updatedBy: price.updatedBy,
    updatedAt: price.at,
  };
  await tx
    .insert(prices)
    .values({ workspaceId: price.workspaceId, skuId: price.skuId, ...entered })
    .onConflictDoUpdate({ target: [prices.workspaceId, prices.skuId], set: entered });
}

/** Removes a price: the SKU is unpriced from then on. False when it had none. */
export async function deletePrice(
  tx: Tx,
  key: { readonly workspaceId: string; readonly skuId: string },
): Promise<boolean> {
  const gone = await tx
    .delete(prices)
    .where(and(eq(prices.workspaceId, key.workspaceId), eq(prices.skuId, key.skuId)))
    .returning({ skuId: prices.skuId });
  return gone.length > 0;
}

/**
 * Waits for every publish of the workspace that is under way, and holds off the next ones, until this transaction ends: a
 * publish that has read the old prices is committed, so that its licenses are found and computed anew.
 * Source: reference/fault-catalogue.md A26.
 */
export async function awaitPublishes(tx: Tx, workspaceId: string): Promise<void> {
  await tx.execute(sql`
    select 1 from connections where workspace_id = ${workspaceId} and status <> 'disconnected'
    order by id for no key update`);
}

/** The reconciled connections that have a license of the SKU: those a price changes. */
export async function connectionsWithSku(
  tx: Tx,
  key: { readonly workspaceId: string; readonly skuId: string },
): Promise<readonly string[]> {
  const rows = await tx
    .selectDistinct({ id: connections.id })
    .from(licenses)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, licenses.workspaceId),
        eq(connections.id, licenses.connectionId),
      ),
    )
    .where(
      and(
        eq(licenses.workspaceId, key.workspaceId),
        eq(licenses.skuId, key.skuId),
        gt(connections.reconciliationId, 0),
      ),
    )
    // Always in one order, so that two price changes lock the connections in turn.
    .orderBy(connections.id);
  return rows.map((row) => row.id);
}
