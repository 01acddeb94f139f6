import { randomUUID } from "node:crypto";
import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { nextCredentialVersion } from "#db/queries/credentials";
import { insertKeyPair } from "#db/queries/key-pairs";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { requireOwnApp } from "./replace-credential.ts";

export const requestKeyPairInput = z.strictObject({ connectionId: guid });

/**
 * Has a worker make a key pair for a registered app: the private key is sealed where it is made and never leaves, the
 * public certificate is there to be registered at Microsoft. The credential in use goes on meanwhile; an earlier key pair
 * that was not used yet is erased. Source: DESIGN §7 step 3b. Right: manage-credentials.
 * @throws UseCaseError `not-found`, `conflict`, `rate-limited`.
 */
export async function requestKeyPair(
  ctx: Ctx,
  input: z.input<typeof requestKeyPairInput>,
): Promise<{ readonly credentialId: string }> {
  requireRight(ctx, "manage-credentials");
  const { connectionId } = parseInput(requestKeyPairInput, input);
  const { workspaceId } = ctx;
  const { queue, sealer } = ctx.platform;
  const key = { workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireOwnApp(connection);
    await requireRate(tx, ctx, "keyPair", connectionId);
    const id = randomUUID();
    const version = await nextCredentialVersion(tx, key);
    const { kid } = sealer;
    await insertKeyPair(tx, { ...key, id, version, kid, createdBy: ctx.actor.name });
    await queue.send(tx, "key-pair", { workspaceId, id }, id);
    await auditChange(tx, ctx, {
      action: "credential.key-pair-requested",
      target: { kind: "connection", id: connectionId },
      details: { version },
    });
    return { credentialId: id };
  });
}
