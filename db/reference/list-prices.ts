import { parse } from "csv-parse/sync";
import type postgres from "postgres";

/** A list price as shipped: US dollars per user and month. Source: db/data/README.md. */
export interface ListPrice {
  readonly skuId: string;
  readonly partNumber: string;
  readonly usdPerUserMonth: string;
  readonly origin: string;
  /** As the source dates it; null = undated. */
  readonly asOf: string | null;
}

/** Reads db/data/list-prices.csv. */
export function parseListPrices(text: string): readonly ListPrice[] {
  const rows = parse<Record<string, string>>(text, {
    bom: true,
    columns: true,
    skip_empty_lines: true,
  });
  return rows.map((row) => ({
    skuId: read(row, "sku_id").toLowerCase(),
    partNumber: read(row, "string_id"),
    usdPerUserMonth: read(row, "usd_per_user_month"),
    origin: read(row, "source"),
    asOf: row.as_of || null,
  }));
}

function read(row: Readonly<Record<string, string>>, column: string): string {
  const value = row[column];
  if (!value) throw new Error(`A list price has no ${column}.`);
  return value;
}

/** Makes the table of list prices equal to the shipped ones, as the owner. Price books of workspaces are not touched. */
export async function loadListPrices(
  sql: postgres.Sql,
  prices: readonly ListPrice[],
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      insert into list_prices as held (sku_id, part_number, usd_per_user_month, origin, as_of)
      select * from jsonb_to_recordset(${JSON.stringify(prices)}::text::jsonb)
        as r("skuId" uuid, "partNumber" text, "usdPerUserMonth" text, origin text, "asOf" text)
      on conflict (sku_id) do update
        set part_number = excluded.part_number, usd_per_user_month = excluded.usd_per_user_month,
            origin = excluded.origin, as_of = excluded.as_of
        where (held.part_number, held.usd_per_user_month, held.origin, held.as_of)
          is distinct from (excluded.part_number, excluded.usd_per_user_month, excluded.origin, excluded.as_of)`;
    await tx`delete from list_prices where sku_id <> all(${prices.map((price) => price.skuId)}::uuid[])`;
  });
}
