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

export const replaceCredentialInput = z.strictObject({
  connectionId: guid,
  credential: credentialInput,
});

/**
 * Saves a registered app's new credential as a candidate and has it verified; imports go on with the one in use until
 * then. Source: DESIGN §7 step 4, fault-catalogue D17. Right: manage-credentials.
 * @throws UseCaseError `invalid` per field, `not-found`, `conflict`, `rate-limited`.
 */
export async function replaceCredential(
  ctx: Ctx,
  input: z.input<typeof replaceCredentialInput>,
): Promise<{ readonly verificationId: string }> {
  requireRight(ctx, "manage-credentials");
  const { connectionId, credential } = parseInput(replaceCredentialInput, input);
  const plain = checkCredential(credential, ctx.platform.now());
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireOwnApp(connection);
    requireEntered(connection);
    await requireRate(tx, ctx, "verification", connectionId);
    if (connection.status === "draft") await changeConnection(tx, key, { status: "verifying" });
    const { verificationId, version } = await saveCandidate(tx, ctx, connectionId, plain);
    await auditChange(tx, ctx, {
      action: "credential.replaced",
      target: { kind: "connection", id: connectionId },
      details: { kind: plain.kind, version },
    });
    return { verificationId };
  });
}

/** @throws UseCaseError `conflict` for a connection that has no credential of the customer's, or is no more. */
export function requireOwnApp(connection: LockedConnection): void {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (connection.method !== "registered-app") {
    throw new UseCaseError(
      "conflict",
      "This connection uses the multi-tenant app, which has no credential of the customer.",
    );
  }
}

function requireEntered(connection: LockedConnection): void {
  if (connection.tenantId === null) {
    throw new UseCaseError("invalid", "The tenant is missing.", {
      fields: { tenantHint: "Enter the tenant's GUID first." },
    });
  }
  if (connection.clientId === null) {
    throw new UseCaseError("invalid", "The client id is missing.", {
      fields: { clientId: "Enter the application's client id first." },
    });
  }
}
