import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** Numbers of SKUs by their ids in lower case. A number is given once and stays. */
export type SkuNumbers = ReadonlyMap<string, number>;

/** What applications call SKUs whose ids are keys made of names, by id. */
export type SkuNamesById = ReadonlyMap<string, string>;

/** The workspace's numbers of these SKUs, made where there is none yet. Ids in lower case. */
export async function numberSkus(
  tx: Tx,
  workspaceId: string,
  skuIds: Iterable<string>,
  names: SkuNamesById = new Map(),
): Promise<SkuNumbers> {
  const wanted = [...new Set(skuIds)].sort();
  if (wanted.length === 0) return new Map();
  const json = JSON.stringify(wanted);
  const find = () =>
    tx.execute<{ sku_id: string; no: number }>(sql`
      select n.sku_id, n.no
      from jsonb_array_elements_text(${json}::jsonb) id
      join sku_numbers n on n.workspace_id = ${workspaceId} and n.sku_id = id::uuid`);
  let found = await find();
  if (found.length < wanted.length) {
    await tx.execute(sql`
      insert into sku_numbers (workspace_id, sku_id, name)
      select ${workspaceId}, id::uuid, ${JSON.stringify(Object.fromEntries(names))}::jsonb ->> id
      from jsonb_array_elements_text(${json}::jsonb) id
      where not exists (
        select from sku_numbers n where n.workspace_id = ${workspaceId} and n.sku_id = id::uuid)
      order by id
      on conflict (workspace_id, sku_id) do nothing`);
    found = await find();
  }
  return new Map(found.map((row) => [row.sku_id, row.no]));
}

/** The number of a SKU that was asked for. */
export function numberOf(numbers: SkuNumbers, skuId: string): number {
  const no = numbers.get(skuId);
  if (no === undefined) throw new Error(`SKU ${skuId} is not a GUID in lower case.`);
  return no;
}

/** Asks for each number once. */
export function rememberNumbers(
  find: (
    workspaceId: string,
    skuIds: Iterable<string>,
    names?: SkuNamesById,
  ) => Promise<SkuNumbers>,
): typeof find {
  const known = new Map<string, Map<string, number>>();
  return async (workspaceId, skuIds, names) => {
    const numbers = known.get(workspaceId) ?? new Map<string, number>();
    known.set(workspaceId, numbers);
    const unknown = new Set<string>();
    for (const skuId of skuIds) if (!numbers.has(skuId)) unknown.add(skuId);
    if (unknown.size === 0) return numbers;
    for (const [skuId, no] of await find(workspaceId, unknown, names)) numbers.set(skuId, no);
    return numbers;
  };
}
