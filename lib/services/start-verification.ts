import { z } from "zod";
import type { Tx } from "#db/client";
import { type ConnectionKey, type LockedConnection, lockConnection } from "#db/queries/connections";
import { findCandidate, hasActiveCredential } from "#db/queries/credentials";
import { findOpenVerification, requestVerification } from "#db/queries/verification-requests";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const startVerificationInput = z.strictObject({
  connectionId: guid,
  /** Checks the new credential that was entered and refused, in place of the one in use. */
  replacement: z.boolean().default(false),
});

/**
 * Asks the worker to check a connection, permission by permission: with the credential in use, or the first one entered
 * while none has worked yet; a replacement only when it is asked for, for it says nothing of the connection. A check that
 * is under way is the answer. Right: manage-connections.
 * @throws UseCaseError `not-found`, `conflict` (also without a replacement to check), `rate-limited`.
 */
export async function startVerification(
  ctx: Ctx,
  input: z.input<typeof startVerificationInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "manage-connections");
  const { connectionId, replacement } = parseInput(startVerificationInput, input);
  const { workspaceId } = ctx;
  const key = { workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    const open = await findOpenVerification(tx, key);
    if (open !== undefined) return { id: open.id };
    requireCheckable(connection);
    await requireRate(tx, ctx, "verification", connectionId);
    const credentialId =
      connection.method === "registered-app"
        ? await candidateToCheck(tx, key, replacement)
        : undefined;
    if (replacement && credentialId === undefined) {
      throw new UseCaseError("conflict", "There is no new credential to verify: enter one first.");
    }
    const kind = credentialId === undefined ? "check" : "credential";
    const id = await requestVerification(tx, {
      ...key,
      kind,
      ...(credentialId === undefined ? {} : { credentialId }),
      requestedBy: ctx.actor.name,
    });
    await ctx.platform.queue.send(tx, "verification", { workspaceId, id }, id);
    await auditChange(tx, ctx, {
      action: "verification.started",
      target: { kind: "connection", id: connectionId },
      details: { verificationId: id, kind },
    });
    return { id };
  });
}

async function candidateToCheck(
  tx: Tx,
  key: ConnectionKey,
  replacement: boolean,
): Promise<string | undefined> {
  if (!replacement && (await hasActiveCredential(tx, key))) return undefined;
  return findCandidate(tx, key);
}

function requireCheckable({ status, tenantId, source }: LockedConnection): void {
  if (source === "office-365-deprecated") {
    throw new UseCaseError(
      "conflict",
      "Each package is checked by itself; Microsoft is not asked.",
    );
  }
  if (source === "saas-management") {
    throw new UseCaseError(
      "conflict",
      "This connection reads with its organisation's credential, which is checked in Settings, Integrations.",
    );
  }
  if (status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (status === "draft" || status === "awaiting-consent" || tenantId === null) {
    throw new UseCaseError(
      "conflict",
      "There is nothing to check yet: complete the steps of connecting first.",
    );
  }
}
