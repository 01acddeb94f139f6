import { z } from "zod";
import { awaitPublishes, connectionsWithSku, deletePrice, upsertPrice } from "#db/queries/prices";
import { repriceReconciliation } from "#db/queries/reconcile-prices";
import { isAmount, normalAmount } from "#lib/domain/money";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const setPriceInput = z.strictObject({
  skuId: guid,
  /** One seat for one month; null removes the price, which leaves the SKU unpriced. */
  price: z
    .strictObject({
      amount: z
        .string()
        .trim()
        .regex(/^\d{1,10}(\.\d{1,4})?$/, "Enter an amount such as 36.50, with at most four places.")
        .refine(isAmount),
      currency: z
        .string()
        .trim()
        .toUpperCase()
        .refine(isCurrency, "Enter a currency code such as EUR."),
    })
    .nullable(),
});

/** ISO 4217 codes as the runtime's own table has them. */
function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf("currency").includes(code);
}

/**
 * Enters or removes the workspace's own price of a SKU and changes the money of every connection that has it, in one
 * transaction.
 * Source: DESIGN §4.8. Right: edit-prices.
 * @throws UseCaseError `invalid` per field.
 */
export async function setPrice(ctx: Ctx, input: z.input<typeof setPriceInput>): Promise<void> {
  requireRight(ctx, "edit-prices");
  const { skuId, price } = parseInput(setPriceInput, input);
  const { workspaceId } = ctx;
  const now = ctx.platform.now();
  await inWorkspace(ctx, async (tx) => {
    await awaitPublishes(tx, workspaceId);
    if (price === null) {
      if (!(await deletePrice(tx, { workspaceId, skuId }))) return;
    } else {
      await upsertPrice(tx, {
        workspaceId,
        skuId,
        amount: normalAmount(price.amount),
        currency: price.currency,
        asOf: now.toISOString().slice(0, 10),
        updatedBy: ctx.actor.name,
        at: now,
      });
    }
    for (const connectionId of await connectionsWithSku(tx, { workspaceId, skuId })) {
      await repriceReconciliation(tx, { workspaceId, connectionId, skuId });
    }
    await auditChange(tx, ctx, {
      action: price === null ? "price.removed" : "price.entered",
      target: { kind: "sku", id: skuId },
      details: { price },
    });
  });
}
