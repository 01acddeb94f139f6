import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { recordConsented } from "#db/queries/connection-changes";
import { findConnectionOfTenant } from "#db/queries/connections";
import { insertConsentAttempt, recordConsentOutcome } from "#db/queries/consent";
import { proofUrl, readConsentCallback } from "#lib/microsoft/consent";
import {
  type ConsentRefusal,
  type ConsentReturn,
  type OpenLeg,
  refuseLeg,
  type TakenLeg,
} from "./consent-return.ts";
import { hashSecret, randomSecret } from "./consent-secrets.ts";
import type { Platform } from "./context.ts";
import { receiveLeg } from "./receive-leg.ts";

/** Where the browser goes next, or why the way ends here. */
export type ConsentReceived =
  | { readonly kind: "proof"; readonly redirectUrl: string }
  | ConsentRefusal;

/**
 * The consent leg's return, and then the proof leg with its own state, nonce and PKCE in the same browser. The tenant in
 * the query is a hint until proven. Source: DESIGN §7 step 3a, fault-catalogue §2.
 */
export const receiveConsent = (
  platform: Platform,
  returned: ConsentReturn,
): Promise<ConsentReceived> =>
  receiveLeg(
    platform,
    "consent",
    returned,
    readConsentCallback(returned.query),
    async (tx, taken, open, { tenantHint: tenantId }): Promise<ConsentReceived> =>
      (await refuseTenant(tx, taken, open, tenantId)) ??
      beginProof(tx, platform, taken, {
        ...open,
        tenantId,
        browser: returned.cookie ?? "",
      }),
  );

/**
 * Another tenant than the one that is asked, or one that this workspace has already. The latter is told here to the
 * workspace's own members only; somebody with a link learns it once they have proven the tenant.
 */
async function refuseTenant(
  tx: Tx,
  leg: TakenLeg,
  at: OpenLeg,
  tenantId: string,
): Promise<ConsentRefusal | null> {
  const { workspaceId, expectedTenantId, handOffId } = leg.attempt;
  if (expectedTenantId !== null && expectedTenantId !== tenantId) {
    return refuseLeg(tx, "consent", leg, { reason: "other-tenant", to: at.to });
  }
  if (handOffId !== null) return null;
  const { id, source } = at.connection;
  const existing = await findConnectionOfTenant(tx, { workspaceId, tenantId, source });
  if (existing === undefined || existing === id) return null;
  return refuseLeg(tx, "consent", leg, {
    reason: "connected-already",
    to: { kind: "connection", connectionId: existing, made: true },
    details: { existingId: existing },
  });
}

async function beginProof(
  tx: Tx,
  platform: Platform,
  leg: TakenLeg,
  proof: OpenLeg & { readonly tenantId: string; readonly browser: string },
): Promise<ConsentReceived> {
  const { workspaceId, connectionId, memberId, sessionId, handOffId, askedPermissions } =
    leg.attempt;
  const { cloud } = proof.connection;
  const app = platform.config.multiTenantApp[cloud];
  if (app === undefined) {
    return refuseLeg(tx, "consent", leg, { reason: "refused-by-microsoft", to: proof.to });
  }
  const [state, nonce, verifier] = [randomSecret(), randomSecret(), randomSecret()];
  await insertConsentAttempt(tx, {
    workspaceId,
    id: randomUUID(),
    connectionId,
    leg: "proof",
    memberId,
    sessionId,
    handOffId,
    askedPermissions,
    stateHash: hashSecret(state),
    browserHash: hashSecret(proof.browser),
    expectedTenantId: proof.tenantId,
    nonce,
    pkceVerifier: verifier,
  });
  await recordConsented(tx, { workspaceId, connectionId });
  await recordConsentOutcome(tx, leg.attempt, "granted");
  await recordAudit(tx, {
    workspaceId,
    actor: leg.actor,
    action: "consent.granted",
    target: { kind: "connection", id: connectionId },
    details: {
      tenantHint: proof.tenantId,
      ...(handOffId === null ? {} : { handOffId }),
    },
  });
  return {
    kind: "proof",
    redirectUrl: proofUrl({
      origins: platform.config.originsOf(cloud),
      clientId: app.clientId,
      tenantId: proof.tenantId,
      redirectUri: `${platform.config.appUrl}/connect/proof`,
      state,
      nonce,
      verifier,
    }),
  };
}
