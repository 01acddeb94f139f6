import { asc, inArray } from "drizzle-orm";
import type { Tx } from "#db/client";
import { products } from "#db/schema/products";
import { productName } from "#lib/domain/product-name";
import type { Product } from "#lib/domain/sku-mapping";

const columns = {
  skuId: products.skuId,
  partNumber: products.partNumber,
  tableName: products.displayName,
};

const toProduct = (row: {
  readonly skuId: string;
  readonly partNumber: string;
  readonly tableName: string;
}): Product => ({ skuId: row.skuId, partNumber: row.partNumber, name: productName(row).name });

/** Every product of Microsoft's table, by name. Reference data. */
export async function listAllProducts(tx: Tx): Promise<readonly Product[]> {
  const rows = await tx.select(columns).from(products).orderBy(asc(products.displayName));
  return rows.map(toProduct);
}

/** Products by skuId; one our table lacks is called by its id. */
export async function productsOf(
  tx: Tx,
  skuIds: Iterable<string>,
): Promise<(skuId: string) => Product> {
  const wanted = [...new Set(skuIds)];
  const rows =
    wanted.length === 0
      ? []
      : await tx.select(columns).from(products).where(inArray(products.skuId, wanted));
  const known = new Map(rows.map((row) => [row.skuId, toProduct(row)]));
  return (skuId) =>
    known.get(skuId) ?? {
      skuId,
      partNumber: null,
      name: productName({ skuId, partNumber: null, tableName: null }).name,
    };
}
