import { randomUUID } from "node:crypto";
import { z } from "zod";
import { changeConnection } from "#db/queries/connection-changes";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { insertConsentAttempt } from "#db/queries/consent";
import { consentUrl } from "#lib/microsoft/consent";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import {
  consentCookieMaxAge,
  consentCookieName,
  hashSecret,
  randomSecret,
} from "./consent-secrets.ts";
import type { Ctx } from "./context.ts";
import { hintedTenant } from "./create-draft.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const startConsentInput = z.strictObject({ connectionId: guid });

/** Where to send the browser, and the cookie it must keep (HttpOnly, Secure, SameSite=Lax, Path=/). Seconds. */
export interface StartedConsent {
  readonly redirectUrl: string;
  readonly cookie: { readonly name: string; readonly value: string; readonly maxAge: number };
}

/**
 * Begins the consent leg: a single-use state, bound to this session and to a cookie of this browser, for ten minutes.
 * Source: DESIGN §7 step 3a, reference/fault-catalogue.md §2 steps 1 and 2. Right: manage-connections, as a signed-in
 * member.
 * @throws UseCaseError `not-found`; `forbidden` for tokens; `conflict` for a connection of another method or
 * disconnected; `unavailable` when this installation has no app in that cloud; `rate-limited`.
 */
export async function startConsent(
  ctx: Ctx,
  input: z.input<typeof startConsentInput>,
): Promise<StartedConsent> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(startConsentInput, input);
  const { workspaceId, platform, actor } = ctx;
  const { sessionId } = actor;
  if (actor.kind !== "member" || sessionId === undefined) {
    throw new UseCaseError("forbidden", "Consent is given in a browser, by somebody signed in.");
  }
  const key = { workspaceId, connectionId };
  const state = randomSecret();
  const browser = randomSecret();
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    const app = requireApp(ctx, connection);
    await requireRate(tx, ctx, "consent", connectionId);
    await insertConsentAttempt(tx, {
      ...key,
      id: randomUUID(),
      leg: "consent",
      memberId: actor.id,
      sessionId,
      stateHash: hashSecret(state),
      browserHash: hashSecret(browser),
      expectedTenantId: connection.tenantId ?? hintedTenant(connection.tenantHint),
      nonce: null,
      pkceVerifier: null,
    });
    if (connection.status === "draft") {
      await changeConnection(tx, key, { status: "awaiting-consent" });
    }
    await auditChange(tx, ctx, {
      action: "consent.started",
      target: { kind: "connection", id: connectionId },
    });
    return {
      redirectUrl: consentUrl({
        cloud: connection.cloud,
        origins: platform.config.originsOf(connection.cloud),
        clientId: app.clientId,
        tenantId: connection.tenantId ?? connection.tenantHint,
        redirectUri: `${platform.config.appUrl}/connect/consent`,
        state,
      }),
      cookie: { name: consentCookieName, value: browser, maxAge: consentCookieMaxAge },
    };
  });
}

function requireApp(ctx: Ctx, connection: LockedConnection): { readonly clientId: string } {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (connection.method !== "multi-tenant-app") {
    throw new UseCaseError("conflict", "This connection uses an app of the customer's own.");
  }
  const app = ctx.platform.config.multiTenantApp[connection.cloud];
  if (app !== undefined) return app;
  throw new UseCaseError(
    "unavailable",
    "This installation has no multi-tenant app in that cloud. Choose a registered app instead.",
  );
}
