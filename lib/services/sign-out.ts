import { revokeSession } from "#db/queries/sessions";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { inWorkspace } from "./read-list.ts";

/** Ends the actor's own session; the next request with its cookie is refused. Without a session nothing happens. */
export async function signOut(ctx: Ctx): Promise<void> {
  const { sessionId, id } = ctx.actor;
  if (sessionId === undefined) return;
  await inWorkspace(ctx, async (tx) => {
    if (!(await revokeSession(tx, { workspaceId: ctx.workspaceId, sessionId }))) return;
    await auditChange(tx, ctx, { action: "session.ended", target: { kind: "member", id } });
  });
}
