import { lockConnection } from "#db/queries/connections";
import { findHandOff, lockHandOff } from "#db/queries/hand-offs";
import { beginConsentLeg, type StartedConsent } from "./consent-leg.ts";
import type { Platform } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { lookUpHandOff, type NamedHandOff } from "./find-hand-off.ts";
import { handOffActor, handOffEndOf } from "./hand-off-view.ts";
import { requireRate } from "./rate-limit.ts";

/**
 * Begins the consent leg for somebody who pressed the button of a hand-off link: no session, bound to the cookie of that
 * very browser. The link itself is used up when they are back from both legs. Source: DESIGN §7 Hand-off,
 * reference/fault-catalogue.md §2 step 6.
 * @throws UseCaseError `not-found` for a link nobody made; `conflict` when it cannot be used any more; `unavailable`;
 * `rate-limited`.
 */
export async function startHandOff(
  platform: Platform,
  named: NamedHandOff,
  cookie: string | null,
): Promise<StartedConsent> {
  const found = await lookUpHandOff(platform, named);
  switch (found.kind) {
    case "unknown":
      throw noSuchLink();
    case "rate-limited":
      throw new UseCaseError("rate-limited", "Too many links were tried. Wait a few minutes.", {
        retryAfter: found.retryAfter,
      });
    case "found":
      break;
    default:
      return found satisfies never;
  }
  const { workspaceId, handOffId } = found.key;
  return platform.db.inWorkspace(workspaceId, async (tx) => {
    const named = await findHandOff(tx, found.key);
    if (named === undefined) throw noSuchLink();
    // The connection before the link, as on the way back: nobody waits for each other.
    const connection = await lockConnection(tx, { workspaceId, connectionId: named.connectionId });
    const link = await lockHandOff(tx, found.key);
    if (connection === undefined || link === undefined) throw noSuchLink();
    if (handOffEndOf(link) !== null) {
      throw new UseCaseError("conflict", "This link cannot be used any more. Load the page anew.");
    }
    await requireRate(tx, { workspaceId }, "handOffConsent", handOffId);
    return beginConsentLeg(tx, platform, {
      workspaceId,
      connection,
      starter: {
        actor: handOffActor(handOffId),
        memberId: null,
        sessionId: null,
        handOffId,
        cookie,
      },
    });
  });
}

const noSuchLink = (): UseCaseError => new UseCaseError("not-found", "There is no such link.");
