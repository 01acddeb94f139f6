import { z } from "zod";
import { changeConnection } from "#db/queries/connection-changes";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { credentialInput } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { checkCredential, saveCandidate } from "./credential.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const enterCredentialInput = z.strictObject({
  connectionId: guid,
  clientId: guid,
  credential: credentialInput,
});

/**
 * The wizard's answer for a registered app: which app it is and how it proves itself. Both may be entered anew until a
 * credential has worked once; after that `replaceCredential` changes the credential alone. Source: DESIGN §7 step 3b.
 * Rights: manage-connections and manage-credentials.
 * @throws UseCaseError `invalid` per field, `not-found`, `conflict`, `rate-limited`.
 */
export async function enterCredential(
  ctx: Ctx,
  input: z.input<typeof enterCredentialInput>,
): Promise<{ readonly verificationId: string }> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { connectionId, clientId, credential } = parseInput(enterCredentialInput, input);
  const plain = checkCredential(credential, ctx.platform.now());
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireUnproven(connection);
    await requireRate(tx, ctx, "verification", connectionId);
    await changeConnection(tx, key, { clientId, status: "verifying", problem: null });
    const { verificationId, version } = await saveCandidate(tx, ctx, connectionId, plain);
    await auditChange(tx, ctx, {
      action: "credential.entered",
      target: { kind: "connection", id: connectionId },
      details: { clientId, kind: plain.kind, version },
    });
    return { verificationId };
  });
}

/** @throws UseCaseError `conflict`, or `invalid` at `tenantHint` while the tenant is missing. */
export function requireUnproven(connection: LockedConnection): void {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (connection.method !== "registered-app") {
    throw new UseCaseError("conflict", "This connection does not use an app of your own.");
  }
  if (connection.provenAt !== null) {
    throw new UseCaseError(
      "conflict",
      "This connection is made already. Replace its credential on the connection's page.",
    );
  }
  if (connection.tenantId === null) {
    throw new UseCaseError("invalid", "The tenant is missing.", {
      fields: { tenantHint: "Enter the tenant's GUID first." },
    });
  }
}
