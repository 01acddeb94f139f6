import { randomUUID } from "node:crypto";
import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { insertHandOff } from "#db/queries/hand-offs";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { requireConsentApp } from "./consent-leg.ts";
import { hashSecret, randomSecret } from "./consent-secrets.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const createHandOffInput = z.strictObject({ connectionId: guid });

/** A link as its maker gets it, once: only its hash is kept. `expiresAt` ISO UTC. */
export interface CreatedHandOff {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string;
}

/**
 * Makes a link that an administrator without a membership can approve with, once, within 72 hours. Its page names the
 * member who makes it, so tokens make none. Source: DESIGN §7 Hand-off, reference/fault-catalogue.md §2 step 6. Right:
 * manage-connections, as a signed-in member.
 * @throws UseCaseError `not-found`; `forbidden` for tokens; `conflict` for a connection of another method or
 * disconnected; `unavailable` without an app in that cloud; `rate-limited`.
 */
export async function createHandOff(
  ctx: Ctx,
  input: z.input<typeof createHandOffInput>,
): Promise<CreatedHandOff> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(createHandOffInput, input);
  const { workspaceId, platform, actor } = ctx;
  if (actor.kind !== "member") {
    throw new UseCaseError("forbidden", "A link names the member who asks, so a member makes it.");
  }
  const handOffId = randomUUID();
  const token = randomSecret();
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, { workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    requireConsentApp(platform, connection);
    await requireRate(tx, ctx, "handOff", connectionId);
    const expiresAt = await insertHandOff(tx, {
      workspaceId,
      handOffId,
      connectionId,
      memberId: actor.id,
      tokenHash: hashSecret(token),
    });
    await auditChange(tx, ctx, {
      action: "hand-off.created",
      target: { kind: "connection", id: connectionId },
      details: { handOffId, expiresAt: expiresAt.toISOString() },
    });
    return {
      id: handOffId,
      url: `${platform.config.appUrl}/connect/${token}`,
      expiresAt: expiresAt.toISOString(),
    };
  });
}
