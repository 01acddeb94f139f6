import type postgres from "postgres";
import type { ProductTable } from "./product-table.ts";

export interface LoadedProducts {
  /** False when a revision as new, or newer, was there already: nothing changed then. */
  readonly loaded: boolean;
  /** The revision in use now, `YYYY-MM-DD`. */
  readonly revision: string;
}

/** The newest revision that was loaded, or null. */
export async function findRevision(sql: postgres.ISql): Promise<string | null> {
  const [row] = await sql<{ revision: string | null }[]>`
    select max(revision) as revision from product_revisions`;
  return row?.revision ?? null;
}

/**
 * Loads a revision of Microsoft's product table as the owner, if it is newer than the one in use. Products that
 * Microsoft dropped keep their names: tenants may still hold them.
 */
export function loadProducts(
  sql: postgres.Sql,
  table: ProductTable,
  revision: string,
): Promise<LoadedProducts> {
  return sql.begin(async (tx) => {
    await tx`lock table product_revisions in exclusive mode`;
    const current = await findRevision(tx);
    if (current !== null && current >= revision) return { loaded: false, revision: current };
    await tx`
      insert into products (sku_id, part_number, display_name)
      select * from jsonb_to_recordset(${JSON.stringify(table.products)}::text::jsonb)
        as r("skuId" uuid, "partNumber" text, "displayName" text)
      on conflict (sku_id) do update
        set part_number = excluded.part_number, display_name = excluded.display_name`;
    await tx`
      insert into service_plans (service_plan_id, name, friendly_name)
      select * from jsonb_to_recordset(${JSON.stringify(table.servicePlans)}::text::jsonb)
        as r("servicePlanId" uuid, name text, "friendlyName" text)
      on conflict (service_plan_id) do update
        set name = excluded.name, friendly_name = excluded.friendly_name`;
    const skuIds = table.products.map((product) => product.skuId);
    await tx`delete from product_service_plans where sku_id = any(${skuIds}::uuid[])`;
    await tx`
      insert into product_service_plans (sku_id, service_plan_id)
      select * from jsonb_to_recordset(${JSON.stringify(table.pairs)}::text::jsonb)
        as r("skuId" uuid, "servicePlanId" uuid)`;
    await tx`
      insert into product_revisions (revision, products)
      values (${revision}, ${table.products.length})`;
    return { loaded: true, revision };
  });
}
