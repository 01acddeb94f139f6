import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** Microsoft's SKU ids by part number in upper case; several where its table has several. Reference data. */
export async function listProductIds(tx: Tx): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.execute<{ part: string; ids: readonly string[] }>(sql`
    select upper(part_number) as part, json_agg(sku_id::text order by sku_id) as ids
    from products group by 1`);
  return new Map(rows.map((row) => [row.part, row.ids]));
}
