import { z } from "zod";
import { confirmMove, findLastProof, type LastProof } from "#db/queries/claim-moves";
import { changeConnection } from "#db/queries/connection-changes";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { endOpenVerifications, requestVerification } from "#db/queries/verification-requests";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { provenOutcome } from "./redeem-proof-code.ts";

export const moveTenantHereInput = z.strictObject({ connectionId: guid });

/** A sign-in proves for this long that the person may move a tenant; the database holds to the same (walls, app.move_claim). */
export const moveProofMinutes = 10;

/**
 * The administrator whose sign-in was refused because another workspace has the tenant takes it from there: confirms the
 * move, and has the proof looked at once more by the worker, which moves the claim and ends the other connection in one
 * transaction. Counts only from the session that signed in, for ten minutes. Source: DESIGN §7, docs/security.md "Tenant
 * claims". Right: manage-connections.
 * @throws UseCaseError `not-found`; `forbidden` for tokens and for another session; `conflict` when there is nothing to
 * move or the proof is too old.
 */
export async function moveTenantHere(
  ctx: Ctx,
  input: z.input<typeof moveTenantHereInput>,
): Promise<{ readonly verificationId: string }> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(moveTenantHereInput, input);
  const { workspaceId, platform } = ctx;
  const key = { workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    const { consentAttemptId, tenantId } = requireMovable(
      ctx,
      connection,
      await findLastProof(tx, key),
    );
    await confirmMove(tx, { workspaceId, consentAttemptId });
    await endOpenVerifications(tx, key, { class: "system", code: "check-replaced" });
    const verificationId = await requestVerification(tx, {
      ...key,
      kind: "proof",
      consentAttemptId,
      requestedBy: ctx.actor.name,
    });
    if (connection.status === "draft" || connection.status === "awaiting-consent") {
      await changeConnection(tx, key, { status: "verifying" });
    }
    await platform.queue.send(
      tx,
      "verification",
      { workspaceId, id: verificationId },
      verificationId,
    );
    await auditChange(tx, ctx, {
      action: "claim.move-confirmed",
      target: { kind: "connection", id: connectionId },
      details: { tenantId, verificationId },
    });
    return { verificationId };
  });
}

function requireMovable(
  { actor }: Ctx,
  connection: LockedConnection,
  proof: LastProof | undefined,
): LastProof {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  const refused = proof?.failure?.code === "tenant-claimed-elsewhere";
  if (proof === undefined || !refused || proof.outcome !== provenOutcome) {
    throw new UseCaseError("conflict", "There is nothing to move: no other workspace was found.");
  }
  if (actor.kind !== "member" || proof.sessionId === null || proof.sessionId !== actor.sessionId) {
    throw new UseCaseError(
      "forbidden",
      "Only the person who signed in as the tenant's administrator can move it, from the session they signed in with.",
    );
  }
  if (proof.ageMinutes > moveProofMinutes) {
    throw new UseCaseError(
      "conflict",
      "The administrator's sign-in is more than ten minutes old. Sign in at Microsoft again, then move the tenant.",
    );
  }
  return proof;
}
