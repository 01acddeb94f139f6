import type { Tx } from "#db/client";
import { changeConnection } from "#db/queries/connection-changes";
import type { LockedConnection } from "#db/queries/connections";
import { endOpenVerifications, requestVerification } from "#db/queries/verification-requests";
import { readProofCallback } from "#lib/microsoft/consent";
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
import type { Platform } from "./context.ts";
import { codeBinding } from "./sealing.ts";

/** The verification that decides, or why there is none. */
export type ProofReceived =
  | {
      readonly kind: "verifying";
      readonly connectionId: string;
      readonly verificationId: string;
    }
  | ConsentRefusal;

/**
 * The proof leg's return. The web program cannot redeem the code: it seals it and asks the worker, which alone decides
 * whether this person proves the tenant. Source: DESIGN §7 step 3a, fault-catalogue §2 step 4.
 */
export async function receiveProof(
  platform: Platform,
  returned: ConsentReturn,
): Promise<ProofReceived> {
  const callback = readProofCallback(returned.query);
  if (callback.kind === "unsolicited") return unsolicited;
  const leg = await takeLeg(platform, "proof", callback.state, returned);
  if (leg.kind === "refused") return leg;
  return platform.db.inWorkspace(leg.attempt.workspaceId, async (tx) => {
    const connection = await lockLegConnection(tx, leg);
    if (connection === null) return refuseLeg(tx, "proof", leg, { reason: "disconnected" });
    if (callback.kind === "declined") return refuseLeg(tx, "proof", leg, { reason: "declined" });
    if (callback.kind === "refused") {
      const { error, errorNumber } = callback;
      const details = { error, errorNumber };
      return refuseLeg(tx, "proof", leg, { reason: "refused-by-microsoft", details });
    }
    return queueProof(tx, platform, leg, { connection, code: callback.code });
  });
}

async function queueProof(
  tx: Tx,
  platform: Platform,
  { attempt, session }: TakenLeg,
  proof: { readonly connection: LockedConnection; readonly code: string },
): Promise<ProofReceived> {
  const { workspaceId, connectionId } = attempt;
  const key = { workspaceId, connectionId };
  const sealedCode = await platform.sealer.seal(proof.code, codeBinding(connectionId, attempt.id));
  await endOpenVerifications(tx, key, { class: "system", code: "check-replaced" });
  const verificationId = await requestVerification(tx, {
    ...key,
    kind: "proof",
    consentAttemptId: attempt.id,
    sealedCode,
    requestedBy: session.actor.name,
  });
  const { status } = proof.connection;
  if (status === "draft" || status === "awaiting-consent") {
    await changeConnection(tx, key, { status: "verifying" });
  }
  const { queue } = platform;
  await queue.send(tx, "verification", { workspaceId, id: verificationId }, verificationId);
  await auditChange(tx, session, {
    action: "proof.received",
    target: { kind: "connection", id: connectionId },
    details: { verificationId },
  });
  return { kind: "verifying", connectionId, verificationId };
}
