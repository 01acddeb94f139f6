import { randomUUID } from "node:crypto";
import { z } from "zod";
import { insertConnection } from "#db/queries/connection-changes";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { cloudInput, connectionName } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { alreadyConnected } from "./create-connection.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const createPackageConnectionInput = z.strictObject({
  name: connectionName,
  tenantId: guid,
  cloud: cloudInput.default("global"),
});

/**
 * Begins a connection of the deprecated connector: the entered tenant is the one its packages must be of, and the first
 * sound one makes it ready. A package proves nothing about its tenant, so nothing is claimed outside this workspace.
 * Source: DESIGN §7 step 3c, docs/adr/0014. Right: manage-connections.
 * @throws UseCaseError `invalid` per field; `conflict` with the id of the connection this workspace already has.
 */
export async function createPackageConnection(
  ctx: Ctx,
  input: z.input<typeof createPackageConnectionInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "manage-connections");
  const { name, tenantId, cloud } = parseInput(createPackageConnectionInput, input);
  const source = "office-365-deprecated";
  const id = randomUUID();
  return inWorkspace(ctx, async (tx) => {
    const inserted = await insertConnection(tx, {
      workspaceId: ctx.workspaceId,
      id,
      name,
      source,
      method: null,
      cloud,
      tenantId,
      tenantHint: tenantId,
      clientId: null,
      status: "draft",
      createdBy: ctx.actor.name,
    });
    if (!inserted) throw await alreadyConnected(tx, ctx, tenantId, source);
    await auditChange(tx, ctx, {
      action: "connection.drafted",
      target: { kind: "connection", id },
      details: { source, tenantId, cloud },
    });
    return { id };
  });
}
