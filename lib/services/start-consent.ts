import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { requireRight } from "./actor.ts";
import { beginConsentLeg, type StartedConsent } from "./consent-leg.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const startConsentInput = z.strictObject({ connectionId: guid });

/**
 * Begins the consent leg: a single-use state, bound to this session and to a cookie of this browser, for ten minutes.
 * For a proven connection it asks its own tenant again, such as for permissions that were added. `cookie` is the one the
 * browser has from another tab. Source: DESIGN §7 step 3a. Right: manage-connections, as a signed-in member.
 * @throws UseCaseError `not-found`; `forbidden` for tokens; `conflict` for a connection of another method or
 * disconnected; `unavailable` when this installation has no app in that cloud; `rate-limited`.
 */
export async function startConsent(
  ctx: Ctx,
  input: z.input<typeof startConsentInput>,
  cookie: string | null = null,
): Promise<StartedConsent> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(startConsentInput, input);
  const { workspaceId, platform, actor } = ctx;
  const { sessionId } = actor;
  if (actor.kind !== "member" || sessionId === undefined) {
    throw new UseCaseError("forbidden", "Consent is given in a browser, by somebody signed in.");
  }
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, { workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    await requireRate(tx, ctx, "consent", connectionId);
    return beginConsentLeg(tx, platform, {
      workspaceId,
      connection,
      starter: {
        actor: { kind: actor.kind, id: actor.id, name: actor.name },
        memberId: actor.id,
        sessionId,
        handOffId: null,
        cookie,
      },
    });
  });
}
