import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listCredentialFacts } from "#db/queries/credentials";
import { findVerification } from "#db/queries/verification-reads";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { VerificationItem } from "#lib/domain/verification-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";
import { contextOfVerification, toVerificationItem } from "./verification-view.ts";

export const getVerificationInput = z.strictObject({ verificationId: guid });

/** One check of a connection, as it goes on. Right: read. @throws UseCaseError `not-found`. */
export async function getVerification(
  ctx: Ctx,
  input: z.input<typeof getVerificationInput>,
): Promise<VerificationItem> {
  requireRight(ctx, "read");
  const { verificationId } = parseInput(getVerificationInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) => {
    const row = await findVerification(tx, { workspaceId, verificationId });
    if (row === undefined) throw notFound("verification");
    const { connectionId } = row;
    const connection = await findConnection(tx, { workspaceId, connectionId });
    const facts = await listCredentialFacts(tx, { workspaceId, connectionIds: [connectionId] });
    const context = connection
      ? contextOfVerification(row, connection, facts.get(connectionId) ?? null)
      : {};
    return toVerificationItem(row, context, await secondsSinceWorkerSeen(tx));
  });
}
