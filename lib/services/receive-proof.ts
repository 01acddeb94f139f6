import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { changeConnection } from "#db/queries/connection-changes";
import { recordHandOffUsed } from "#db/queries/hand-offs";
import { endOpenVerifications, requestVerification } from "#db/queries/verification-requests";
import { readProofCallback } from "#lib/microsoft/consent";
import type {
  ConsentRefusal,
  ConsentReturn,
  ConsentReturnTo,
  OpenLeg,
  TakenLeg,
} from "./consent-return.ts";
import type { Platform } from "./context.ts";
import { receiveLeg } from "./receive-leg.ts";
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
export const receiveProof = (platform: Platform, returned: ConsentReturn): Promise<ProofReceived> =>
  receiveLeg(
    platform,
    "proof",
    returned,
    readProofCallback(returned.query),
    (tx, taken, open, { code }) => queueProof(tx, platform, taken, { ...open, code }),
  );

async function queueProof(
  tx: Tx,
  platform: Platform,
  { attempt, actor }: TakenLeg,
  proof: OpenLeg & { readonly code: string },
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
