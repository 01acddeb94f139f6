import type { VerificationJob } from "#db/queries/verifications";
import { type Failure, FailureError } from "#lib/domain/failure";
import type { ProofRefusal } from "#lib/microsoft/proof";
import type { WorkerPlatform } from "./context.ts";
import { codeBinding } from "./sealing.ts";

/** `known`: an earlier attempt redeemed the code, nothing was asked now. */
export type ProofOutcome =
  | { readonly kind: "proven"; readonly tenantId: string }
  | { readonly kind: "known"; readonly tenantId: string }
  | { readonly kind: "refused"; readonly failure: Failure };

/** Value of a consent attempt's outcome once its person was accepted. */
export const provenOutcome = "proven";

const refusals: Record<ProofRefusal, Failure> = {
  "not-administrator": { class: "permission", code: "not-administrator" },
  "no-role-claim": { class: "permission", code: "no-role-claim" },
  guest: { class: "permission", code: "guest" },
  "other-tenant": { class: "tenant", code: "other-tenant" },
  "invalid-token": { class: "credential", code: "invalid-token" },
};

const isRefusal = (outcome: string): outcome is ProofRefusal => Object.hasOwn(refusals, outcome);

const incomplete: Failure = { class: "system", code: "proof-incomplete" };

/**
 * Which tenant the person who came back from the proof leg administers. A code works once, so an earlier success is
 * remembered with its leg. Source: reference/fault-catalogue.md §2 step 4.
 * @throws FailureError when the code cannot be opened or redeemed.
 */
export async function redeemProofCode(
  platform: Pick<WorkerPlatform, "microsoft" | "opener">,
  job: VerificationJob,
  signal: AbortSignal,
): Promise<ProofOutcome> {
  const { proof, sealedCode, connection } = job;
  const tenantId = proof?.expectedTenantId;
  if (!proof || !tenantId) return { kind: "refused", failure: incomplete };
  if (proof.outcome === provenOutcome) return { kind: "known", tenantId };
  if (proof.outcome !== null && isRefusal(proof.outcome)) {
    return { kind: "refused", failure: refusals[proof.outcome] };
  }
  if (!sealedCode || !proof.nonce || !proof.pkceVerifier) {
    return { kind: "refused", failure: incomplete };
  }
  const { connectionId, cloud } = connection;
  const app = platform.microsoft.multiTenantApp(cloud);
  if (!app) throw new FailureError({ class: "system", code: "app-misconfigured" });
  const code = await platform.opener.open(
    sealedCode,
    codeBinding(connectionId, proof.consentAttemptId),
  );
  const { nonce, pkceVerifier: verifier } = proof;
  const result = await platform.microsoft.redeem(app, {
    cloud,
    tenantId,
    code,
    verifier,
    nonce,
    signal,
  });
  return result.kind === "proven"
    ? { kind: "proven", tenantId: result.tenantId }
    : { kind: "refused", failure: refusals[result.refusal] };
}

/** A consent of a moment ago that the login service has not heard of everywhere. Source: reference/microsoft-graph.md §2.3. */
export const isPropagating = (failure: Failure): boolean =>
  ["app-not-in-tenant", "consent-revoked"].includes(failure.code);
