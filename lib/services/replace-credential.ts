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
  /** Another app registration of the same tenant; the connection changes to it once the credential has worked. */
  clientId: guid.optional(),
  credential: credentialInput,
});

/**
 * Saves a registered app's new credential, of the same app or of another one of the tenant, as a candidate and has it
 * verified; imports go on with the one in use until then. Source: DESIGN §7 step 4, fault-catalogue D17. Right:
 * manage-credentials.
 * @throws UseCaseError `invalid` per field, `not-found`, `conflict`, `rate-limited`.
 */
export async function replaceCredential(
  ctx: Ctx,
  input: z.input<typeof replaceCredentialInput>,
): Promise<{ readonly verificationId: string }> {
  requireRight(ctx, "manage-credentials");
  const { connectionId, clientId, credential } = parseInput(replaceCredentialInput, input);
  const plain = checkCredential(credential, ctx.platform.now());
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireOwnApp(connection);
    const app = otherApp(connection, clientId);
    await requireRate(tx, ctx, "verification", connectionId);
    if (connection.status === "draft") await changeConnection(tx, key, { status: "verifying" });
    const { verificationId, version } = await saveCandidate(tx, ctx, connectionId, plain, app);
    await auditChange(tx, ctx, {
      action: "credential.replaced",
      target: { kind: "connection", id: connectionId },
      details: { kind: plain.kind, version, ...(app === null ? {} : { clientId: app }) },
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

/**
 * The app a new credential belongs to, when it is another than the connection's; null for the connection's.
 * @throws UseCaseError `invalid` while tenant or app were never entered.
 */
export function otherApp(
  connection: LockedConnection,
  clientId: string | undefined,
): string | null {
  if (connection.tenantId === null) {
    throw new UseCaseError("invalid", "The tenant is missing.", {
      fields: { tenantHint: "Enter the tenant's GUID first." },
    });
  }
  const app = clientId ?? connection.clientId;
  if (app === null) {
    throw new UseCaseError("invalid", "The client id is missing.", {
      fields: { clientId: "Enter the application's client id first." },
    });
  }
  return app === connection.clientId ? null : app;
}
