import { z } from "zod";
import { findConnection, lockConnection } from "#db/queries/connections";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { endConnection, lockTenant } from "./end-connection.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const disconnectConnectionInput = z.strictObject({ connectionId: guid });

/**
 * Ends the link to a tenant in one transaction; what that means is `endConnection`'s. Doing it again changes nothing.
 * Right: manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function disconnectConnection(
  ctx: Ctx,
  input: z.input<typeof disconnectConnectionInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(disconnectConnectionInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  await inWorkspace(ctx, async (tx) => {
    const found = await findConnection(tx, key);
    if (found !== undefined) await lockTenant(tx, { ...key, tenantId: found.tenantId });
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    if (connection.status === "disconnected") return;
    const { tenantId } = connection;
    const by = { by: ctx.actor.name, because: "asked" } as const;
    const ended = await endConnection(tx, { ...key, tenantId }, by);
    await auditChange(tx, ctx, {
      action: "connection.disconnected",
      target: { kind: "connection", id: connectionId },
      details: { tenantId, ...ended },
    });
  });
}
