import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { recordConsented } from "#db/queries/connection-changes";
import type { LockedConnection } from "#db/queries/connections";
import { insertConsentAttempt, recordConsentOutcome } from "#db/queries/consent";
import { type ConsentCallback, proofUrl, readConsentCallback } from "#lib/microsoft/consent";
import { auditChange } from "./audit.ts";
import {
  type ConsentRefusal,
  type ConsentReturn,
  lockLegConnection,
  refuseLeg,
  type TakenLeg,
  takeLeg,
  unsolicited,
} from "./consent-return.ts";
import { hashSecret, randomSecret } from "./consent-secrets.ts";
import type { Platform } from "./context.ts";

/** Where the browser goes next, or why the way ends here. */
export type ConsentReceived =
  | { readonly kind: "proof"; readonly redirectUrl: string }
  | ConsentRefusal;

/**
 * The consent leg's return: `error` first, then who came back, then the proof leg with its own state, nonce and PKCE in
 * the same browser. The tenant in the query is a hint until proven. Source: DESIGN §7 step 3a, fault-catalogue §2.
 */
export async function receiveConsent(
  platform: Platform,
  returned: ConsentReturn,
): Promise<ConsentReceived> {
  const callback = readConsentCallback(returned.query);
  if (callback.kind === "unsolicited") return unsolicited;
  const leg = await takeLeg(platform, "consent", callback.state, returned);
  if (leg.kind === "refused") return leg;
  return platform.db.inWorkspace(leg.attempt.workspaceId, async (tx) => {
    const connection = await lockLegConnection(tx, leg);
    if (connection === null) return refuseLeg(tx, "consent", leg, { reason: "disconnected" });
    if (callback.kind !== "granted") return refuseGrant(tx, leg, callback);
    const { expectedTenantId } = leg.attempt;
    if (expectedTenantId !== null && expectedTenantId !== callback.tenantHint) {
      return refuseLeg(tx, "consent", leg, { reason: "other-tenant" });
    }
    return beginProof(tx, platform, leg, {
      connection,
      tenantId: callback.tenantHint,
      browser: returned.cookie ?? "",
    });
  });
}

const refuseGrant = (
  tx: Tx,
  leg: TakenLeg,
  callback: Extract<ConsentCallback, { kind: "declined" | "refused" }>,
): Promise<ConsentRefusal> =>
  callback.kind === "declined"
    ? refuseLeg(tx, "consent", leg, { reason: "declined" })
    : refuseLeg(tx, "consent", leg, {
        reason: "refused-by-microsoft",
        details: { error: callback.error, errorNumber: callback.errorNumber },
      });

async function beginProof(
  tx: Tx,
  platform: Platform,
  leg: TakenLeg,
  proof: {
    readonly connection: LockedConnection;
    readonly tenantId: string;
    readonly browser: string;
  },
): Promise<ConsentReceived> {
  const { workspaceId, connectionId, memberId, sessionId } = leg.attempt;
  const { cloud } = proof.connection;
  const app = platform.config.multiTenantApp[cloud];
  if (app === undefined) return refuseLeg(tx, "consent", leg, { reason: "refused-by-microsoft" });
  const [state, nonce, verifier] = [randomSecret(), randomSecret(), randomSecret()];
  await insertConsentAttempt(tx, {
    workspaceId,
    id: randomUUID(),
    connectionId,
    leg: "proof",
    memberId,
    sessionId,
    stateHash: hashSecret(state),
    browserHash: hashSecret(proof.browser),
    expectedTenantId: proof.tenantId,
    nonce,
    pkceVerifier: verifier,
  });
  await recordConsented(tx, { workspaceId, connectionId });
  await recordConsentOutcome(tx, leg.attempt, "granted");
  await auditChange(tx, leg.session, {
    action: "consent.granted",
    target: { kind: "connection", id: connectionId },
    details: { tenantHint: proof.tenantId },
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
