import { z } from "zod";
import type { Tx } from "#db/client";
import type { ConnectionKey } from "#db/queries/connections";
import { lockConnection } from "#db/queries/connections";
import { productsOf } from "#db/queries/products";
import { findMappedLicense, saveSkuMapping } from "#db/queries/sku-mappings";
import { mappedKinds } from "#lib/domain/app-license";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { requireManagedApp } from "./get-sku-mapping.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

/** What a mapping is of: a license by the application's id of it, or a SKU as the application writes it, whatever its case. */
export const mappingKeyInput = {
  connectionId: guid,
  kind: z.enum(mappedKinds),
  externalId: z.string().trim().min(1).max(1024),
};

export const mapSkuInput = z.strictObject({ ...mappingKeyInput, skuId: guid });

/** SKUs are mapped whatever the case of their names. */
export const storedName = (kind: (typeof mappedKinds)[number], externalId: string): string =>
  kind === "sku" ? externalId.toUpperCase() : externalId;

/**
 * Says which of Microsoft's products a license of a managed application, or a SKU as it writes it, stands for. Counts from
 * the next import on. Source: DESIGN §2 License. Right: manage-connections.
 * @throws UseCaseError `not-found`; `invalid` for a product that Microsoft's table lacks; `conflict` when another license
 * was mapped to it: nobody could tell whose seats are whose.
 */
export async function mapSku(ctx: Ctx, input: z.input<typeof mapSkuInput>): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { kind, skuId, connectionId, ...given } = parseInput(mapSkuInput, input);
  const externalId = storedName(kind, given.externalId);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  await inWorkspace(ctx, async (tx) => {
    await lockConnection(tx, key);
    await requireManagedApp(tx, key);
    await requireKnownProduct(tx, skuId);
    if (kind === "license") await requireFree(tx, key, { externalId, skuId });
    const before = await saveSkuMapping(tx, {
      ...key,
      kind,
      externalId,
      skuId,
      mappedBy: ctx.actor.name,
    });
    if (before === skuId) return;
    await auditChange(tx, ctx, {
      action: "sku.mapped",
      target: { kind: "connection", id: connectionId },
      details: { kind, externalId, skuId, before },
    });
  });
}

async function requireKnownProduct(tx: Tx, skuId: string): Promise<void> {
  if ((await productsOf(tx, [skuId]))(skuId).partNumber !== null) return;
  throw new UseCaseError("invalid", "Some of the input cannot be used.", {
    fields: { skuId: "Choose a product of Microsoft’s product table." },
  });
}

async function requireFree(
  tx: Tx,
  key: ConnectionKey,
  wanted: { readonly externalId: string; readonly skuId: string },
): Promise<void> {
  const other = await findMappedLicense(tx, { ...key, skuId: wanted.skuId });
  if (other === undefined || other === wanted.externalId) return;
  throw new UseCaseError(
    "conflict",
    `The license ${other} was mapped to this product already. Remove that first: one license stands for a product, or nobody could tell whose seats are whose.`,
  );
}
