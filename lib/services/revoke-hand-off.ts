import { z } from "zod";
import { findHandOff, recordHandOffRevoked } from "#db/queries/hand-offs";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const revokeHandOffInput = z.strictObject({ handOffId: guid });

/**
 * Ends a hand-off link at once, also for an administrator who is at Microsoft with it. Doing it again changes nothing.
 * Right: manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function revokeHandOff(
  ctx: Ctx,
  input: z.input<typeof revokeHandOffInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { handOffId } = parseInput(revokeHandOffInput, input);
  const key = { workspaceId: ctx.workspaceId, handOffId };
  await inWorkspace(ctx, async (tx) => {
    const link = await findHandOff(tx, key);
    if (link === undefined) throw notFound("link");
    if (!(await recordHandOffRevoked(tx, key))) return;
    await auditChange(tx, ctx, {
      action: "hand-off.revoked",
      target: { kind: "connection", id: link.connectionId },
      details: { handOffId },
    });
  });
}
