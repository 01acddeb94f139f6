import { z } from "zod";
import { listPriceRows, type PriceRow } from "#db/queries/prices";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listPricesInput = z.strictObject(pageInput);

/** The workspace's price book by skuId: one seat and month each, list prices with their date. Right: read. */
export async function listPrices(
  ctx: Ctx,
  input: z.input<typeof listPricesInput> = {},
): Promise<Page<PriceRow>> {
  requireRight(ctx, "read");
  const { cursor, limit } = parseInput(listPricesInput, input);
  const scope = { list: "prices", sort: "sku", filters: {} };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after.id;
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await listPriceRows(tx, { workspaceId, after, limit: limit + 1 });
    const rows = found.map((item) => ({ item, after: { key: "", id: item.skuId } }));
    const toItem = (row: (typeof rows)[number]) => row.item;
    return toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
  });
}
