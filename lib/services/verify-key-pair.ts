import { z } from "zod";
import { changeConnection } from "#db/queries/connection-changes";
import { lockConnection } from "#db/queries/connections";
import { promoteKeyPair } from "#db/queries/key-pairs";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { checkCandidate } from "./credential.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { otherApp, requireOwnApp } from "./replace-credential.ts";

export const verifyKeyPairInput = z.strictObject({
  connectionId: guid,
  credentialId: guid,
  /** The app the certificate was registered at; left out for the connection's. */
  clientId: guid.optional(),
});

/**
 * The certificate of a key pair was registered at Microsoft: the pair becomes the candidate and is verified, then it takes
 * the place of the credential in use. Source: DESIGN §7 steps 3b and 4. Right: manage-credentials.
 * @throws UseCaseError `invalid`, `not-found`, `conflict`, `rate-limited`.
 */
export async function verifyKeyPair(
  ctx: Ctx,
  input: z.input<typeof verifyKeyPairInput>,
): Promise<{ readonly verificationId: string }> {
  requireRight(ctx, "manage-credentials");
  const { connectionId, credentialId, clientId } = parseInput(verifyKeyPairInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireOwnApp(connection);
    const app = otherApp(connection, clientId);
    const made = connection.provenAt !== null;
    await requireRate(tx, ctx, "verification", connectionId);
    const promoted = await promoteKeyPair(tx, {
      ...key,
      credentialId,
      clientId: made ? app : null,
    });
    if (promoted === undefined) {
      throw new UseCaseError("conflict", "This key pair is there no more. Make another one.");
    }
    if (!made) await changeConnection(tx, key, { clientId, status: "verifying", problem: null });
    const verificationId = await checkCandidate(tx, ctx, key, credentialId);
    await auditChange(tx, ctx, {
      action: made ? "credential.replaced" : "credential.entered",
      target: { kind: "connection", id: connectionId },
      details: {
        kind: "certificate",
        version: promoted.version,
        ...(app === null ? {} : { clientId: app }),
      },
    });
    return { verificationId };
  });
}
