import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listVerificationRows } from "#db/queries/verification-reads";
import type { ConnectProgress } from "#lib/domain/hand-off";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { readHandOffs } from "./list-hand-offs.ts";
import { inWorkspace } from "./read-list.ts";
import { iso } from "./told.ts";

export const getConnectProgressInput = z.strictObject({ connectionId: guid });

/**
 * How far a connection's consent has come, wherever it is given: a page that waits asks for it again and again. Right:
 * manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function getConnectProgress(
  ctx: Ctx,
  input: z.input<typeof getConnectProgressInput>,
): Promise<ConnectProgress> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(getConnectProgressInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const connection = await findConnection(tx, { workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    const [verification] = await listVerificationRows(tx, {
      workspaceId,
      connectionId,
      after: null,
      limit: 1,
    });
    return {
      status: connection.status,
      consentedAt: iso(connection.consentedAt),
      provenAt: iso(connection.provenAt),
      verificationId: verification?.id ?? null,
      handOffs: await readHandOffs(tx, ctx, connection),
    };
  });
}
