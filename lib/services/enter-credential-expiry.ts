import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { findActiveEnd, recordExpiry } from "#db/queries/credential-health";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { settleExpiry } from "./settle-expiry.ts";

export const enterCredentialExpiryInput = z.strictObject({
  connectionId: guid,
  /** The day the portal shows; it counts as over when that UTC day begins. */
  expiresOn: z.iso.date("Enter a day, such as 2027-05-31."),
});

/**
 * Enters when the secret a connection uses ends, so that it can be warned of in time; Microsoft tells that nobody but the
 * portal's reader. A certificate says so itself. Right: manage-credentials.
 * @throws UseCaseError `not-found`, `invalid`; `conflict` where there is no secret in use.
 */
export async function enterCredentialExpiry(
  ctx: Ctx,
  input: z.input<typeof enterCredentialExpiryInput>,
): Promise<void> {
  requireRight(ctx, "manage-credentials");
  const { connectionId, expiresOn } = parseInput(enterCredentialExpiryInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  await inWorkspace(ctx, async (tx) => {
    if ((await lockConnection(tx, key)) === undefined) throw notFound("connection");
    const end = await findActiveEnd(tx, key);
    if (end?.kind !== "secret") {
      throw new UseCaseError(
        "conflict",
        end === undefined
          ? "This connection has no credential of its own in use."
          : "A certificate says itself when it ends.",
      );
    }
    const expiresAt = new Date(expiresOn);
    if (end.expiresAt?.getTime() === expiresAt.getTime()) return;
    await recordExpiry(tx, key, expiresAt);
    await settleExpiry(tx, key);
    await auditChange(tx, ctx, {
      action: "credential.expiry-entered",
      target: { kind: "connection", id: connectionId },
      details: { from: end.expiresAt?.toISOString() ?? null, to: expiresAt.toISOString() },
    });
  });
}
