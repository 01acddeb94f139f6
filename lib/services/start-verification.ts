import { z } from "zod";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { findCandidate } from "#db/queries/credentials";
import { findOpenVerification, requestVerification } from "#db/queries/verification-requests";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const startVerificationInput = z.strictObject({ connectionId: guid });

/**
 * Asks the worker to check a connection, permission by permission; a candidate credential is what is checked, if there
 * is one. A check that is under way is the answer. Right: manage-connections.
 * @throws UseCaseError `not-found`, `conflict`, `rate-limited`.
 */
export async function startVerification(
  ctx: Ctx,
  input: z.input<typeof startVerificationInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(startVerificationInput, input);
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
      connection.method === "registered-app" ? await findCandidate(tx, key) : undefined;
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
