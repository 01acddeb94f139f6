import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { deleteSkuMapping } from "#db/queries/sku-mappings";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { requireManagedApp } from "./get-sku-mapping.ts";
import { parseInput } from "./input.ts";
import { mappingKeyInput, storedName } from "./map-sku.ts";
import { inWorkspace } from "./read-list.ts";

export const unmapSkuInput = z.strictObject(mappingKeyInput);

/**
 * Forgets what a name of a managed application was mapped to, if it was. Counts from the next import on. Right:
 * manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function unmapSku(ctx: Ctx, input: z.input<typeof unmapSkuInput>): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { kind, connectionId, ...given } = parseInput(unmapSkuInput, input);
  const externalId = storedName(kind, given.externalId);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  await inWorkspace(ctx, async (tx) => {
    await lockConnection(tx, key);
    await requireManagedApp(tx, key);
    const skuId = await deleteSkuMapping(tx, { ...key, kind, externalId });
    if (skuId === null) return;
    await auditChange(tx, ctx, {
      action: "sku.unmapped",
      target: { kind: "connection", id: connectionId },
      details: { kind, externalId, skuId },
    });
  });
}
