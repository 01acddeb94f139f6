import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { changeConnection } from "#db/queries/connection-changes";
import type { LockedConnection } from "#db/queries/connections";
import { recordHandOffUsed } from "#db/queries/hand-offs";
import { endOpenVerifications, requestVerification } from "#db/queries/verification-requests";
import { readProofCallback } from "#lib/microsoft/consent";
import {
  type ConsentRefusal,
  type ConsentReturn,
  type ConsentReturnTo,
  lockLeg,
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
      readonly to: ConsentReturnTo;
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
    const locked = await lockLeg(tx, leg);
    if (locked.kind === "over") return refuseLeg(tx, "proof", leg, locked);
    const { connection, to } = locked;
    if (callback.kind === "declined" || callback.kind === "refused") {
      const { kind, error, errorNumber, correlationId } = callback;
      const reason = kind === "declined" ? "declined" : "refused-by-microsoft";
      return refuseLeg(tx, "proof", leg, {
        reason,
        to,
        error: { error, errorNumber, correlationId },
      });
    }
    return queueProof(tx, platform, leg, { connection, to, code: callback.code });
  });
}

async function queueProof(
  tx: Tx,
  platform: Platform,
  { attempt, actor }: TakenLeg,
  proof: {
    readonly connection: LockedConnection;
    readonly to: ConsentReturnTo;
    readonly code: string;
  },
): Promise<ProofReceived> {
  const { workspaceId, connectionId, handOffId } = attempt;
  const key = { workspaceId, connectionId };
  const sealedCode = await platform.sealer.seal(proof.code, codeBinding(connectionId, attempt.id));
  await endOpenVerifications(tx, key, { class: "system", code: "check-replaced" });
  const verificationId = await requestVerification(tx, {
    ...key,
    kind: "proof",
    consentAttemptId: attempt.id,
    sealedCode,
    requestedBy: actor.name,
  });
  const { status } = proof.connection;
  if (status === "draft" || status === "awaiting-consent") {
    await changeConnection(tx, key, { status: "verifying" });
  }
  if (handOffId !== null) await recordHandOffUsed(tx, { workspaceId, handOffId });
  const { queue } = platform;
  await queue.send(tx, "verification", { workspaceId, id: verificationId }, verificationId);
  await recordAudit(tx, {
    workspaceId,
    actor,
    action: "proof.received",
    target: { kind: "connection", id: connectionId },
    details: { verificationId, ...(handOffId === null ? {} : { handOffId }) },
  });
  return { kind: "verifying", to: proof.to, verificationId };
}
