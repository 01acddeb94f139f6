import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";
import { loadListPrices, parseListPrices } from "./list-prices.ts";
import { findRevision, loadProducts } from "./load-products.ts";
import { parseProductTable } from "./product-table.ts";

/** Revision of db/data/microsoft-license-products.csv. */
const shippedRevision = "2026-08-19";

const folder = join(import.meta.dirname, "..", "data");

/** Loads the reference data that comes with the program where it is newer than what the database has. */
export async function loadShippedReference(sql: postgres.Sql): Promise<void> {
  const current = await findRevision(sql);
  if (current === null || current < shippedRevision) {
    const file = await readFile(join(folder, "microsoft-license-products.csv"));
    await loadProducts(sql, parseProductTable(file), shippedRevision);
  }
  await loadListPrices(
    sql,
    parseListPrices(await readFile(join(folder, "list-prices.csv"), "utf8")),
  );
}
