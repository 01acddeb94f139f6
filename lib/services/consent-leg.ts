import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { type AuditActor, recordAudit } from "#db/queries/audit";
import { changeConnection } from "#db/queries/connection-changes";
import type { LockedConnection } from "#db/queries/connections";
import { insertConsentAttempt } from "#db/queries/consent";
import { permissions } from "#lib/domain/connection";
import { consentUrl } from "#lib/microsoft/consent";
import {
  browserSecret,
  consentCookieMaxAge,
  consentCookieName,
  hashSecret,
  randomSecret,
} from "./consent-secrets.ts";
import type { Platform } from "./context.ts";
import { hintedTenant } from "./create-draft.ts";
import { UseCaseError } from "./errors.ts";

/** Where to send the browser, and the cookie it must keep (HttpOnly, Secure, SameSite=Lax, Path=/). Seconds. */
export interface StartedConsent {
  readonly redirectUrl: string;
  readonly cookie: { readonly name: string; readonly value: string; readonly maxAge: number };
}

/** Who pressed the button: a signed-in member, or a browser without a session that opened a hand-off link. */
export interface LegStarter {
  readonly actor: AuditActor;
  readonly memberId: string | null;
  readonly sessionId: string | null;
  readonly handOffId: string | null;
  /** The browser's cookie `consentCookieName`, if it has one already. */
  readonly cookie: string | null;
}

/**
 * Begins the consent leg of a connection the caller has locked. A browser that is on its way already keeps its cookie, so
 * that a second tab does not spoil the first. Source: DESIGN §7 step 3a, reference/fault-catalogue.md §2 steps 1 and 2.
 * @throws UseCaseError `conflict` for a connection of another method or disconnected; `unavailable` when this
 * installation has no app in that cloud.
 */
export async function beginConsentLeg(
  tx: Tx,
  platform: Platform,
  leg: {
    readonly workspaceId: string;
    readonly connection: LockedConnection;
    readonly starter: LegStarter;
  },
): Promise<StartedConsent> {
  const { connection, workspaceId, starter } = leg;
  const app = requireConsentApp(platform, connection);
  const key = { workspaceId, connectionId: connection.id };
  const state = randomSecret();
  const browser = browserSecret(starter.cookie);
  await insertConsentAttempt(tx, {
    ...key,
    id: randomUUID(),
    leg: "consent",
    memberId: starter.memberId,
    sessionId: starter.sessionId,
    handOffId: starter.handOffId,
    askedPermissions: permissions.map(({ name }) => name),
    stateHash: hashSecret(state),
    browserHash: hashSecret(browser),
    expectedTenantId: connection.tenantId ?? hintedTenant(connection.tenantHint),
    nonce: null,
    pkceVerifier: null,
  });
  if (connection.status === "draft") {
    await changeConnection(tx, key, { status: "awaiting-consent" });
  }
  await recordAudit(tx, {
    workspaceId,
    actor: starter.actor,
    action: "consent.started",
    target: { kind: "connection", id: connection.id },
    ...(starter.handOffId === null ? {} : { details: { handOffId: starter.handOffId } }),
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
}

/** The app a connection is consented with. @throws UseCaseError as `beginConsentLeg`. */
export function requireConsentApp(
  platform: Platform,
  connection: Pick<LockedConnection, "status" | "method" | "cloud">,
): { readonly clientId: string } {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (connection.method !== "multi-tenant-app") {
    throw new UseCaseError("conflict", "This connection uses an app of the customer's own.");
  }
  const app = platform.config.multiTenantApp[connection.cloud];
  if (app !== undefined) return app;
  throw new UseCaseError(
    "unavailable",
    "This installation has no multi-tenant app in that cloud. Choose a registered app instead.",
  );
}
