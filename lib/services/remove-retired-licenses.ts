import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { deleteLicensesOf } from "#db/queries/licenses";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const removeRetiredLicensesInput = z.strictObject({ connectionId: guid });

/**
 * Clears away the retired licenses of a disconnected connection for good, with their history. Licenses of a connection
 * that goes on importing would be made anew, and undoing a switch must find everything as it was. Returns how many.
 * Right: manage-connections.
 * @throws UseCaseError `not-found`; `conflict` while it is connected.
 */
export async function removeRetiredLicenses(
  ctx: Ctx,
  input: z.input<typeof removeRetiredLicensesInput>,
): Promise<{ readonly removed: number }> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(removeRetiredLicensesInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    if (connection.status !== "disconnected") {
      throw new UseCaseError(
        "conflict",
        "Only the licenses of a disconnected connection can be removed: disconnect it first.",
      );
    }
    const removed = await deleteLicensesOf(tx, key);
    if (removed > 0) {
      await auditChange(tx, ctx, {
        action: "licenses.removed",
        target: { kind: "connection", id: connectionId },
        details: { tenantId: connection.tenantId, source: connection.source, removed },
      });
    }
    return { removed };
  });
}
