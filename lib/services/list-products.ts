import { z } from "zod";
import type { Tx } from "#db/client";
import { listAllProducts } from "#db/queries/products";
import type { Product } from "#lib/domain/sku-mapping";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { parseInput } from "./input.ts";

export const listProductsInput = z.strictObject({});

/** Every product of Microsoft's product table, by name: what a name can be mapped to. Right: read. */
export async function listProducts(
  ctx: Ctx,
  input: z.input<typeof listProductsInput> = {},
): Promise<{ readonly items: readonly Product[] }> {
  requireRight(ctx, "read");
  parseInput(listProductsInput, input);
  return { items: await ctx.platform.db.outside((tx: Tx) => listAllProducts(tx)) };
}
