import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { consentAttempts, type VerificationResult, verifications } from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import { findSealedCredential, type SealedCredential } from "./credentials.ts";
import type { VerificationKind } from "./verification-requests.ts";
import { findVerifiedConnection, type VerifiedConnection } from "./verified-connection.ts";

/** The proof leg that brought the code. */
export interface ProofLeg {
  readonly consentAttemptId: string;
  readonly expectedTenantId: string | null;
  readonly nonce: string | null;
  readonly pkceVerifier: string | null;
  /** Database time. */
  readonly expiresAt: Date;
  /** `proven` once the code was redeemed and the person accepted; a refusal's code; null before. */
  readonly outcome: string | null;
  /** The link it was begun with; null when a member began it. */
  readonly handOffId: string | null;
  /** What the administrator was asked for. */
  readonly askedPermissions: readonly string[] | null;
}

/** A verification as the worker holds it. Every later write carries `attempt`: an older holder changes nothing. */
export interface VerificationJob {
  readonly workspaceId: string;
  readonly verificationId: string;
  readonly kind: VerificationKind;
  readonly attempt: number;
  /** Seconds since it was asked for (database time). */
  readonly ageSeconds: number;
  readonly requestedBy: string;
  readonly sealedCode: string | null;
  readonly connection: VerifiedConnection;
  readonly proof: ProofLeg | null;
  /** The candidate of kind `credential`. */
  readonly credential: SealedCredential | null;
}

interface Scope {
  readonly workspaceId: string;
  readonly verificationId: string;
}

/**
 * Takes a queued, running (its worker died) or due waiting verification. Null when it is over or not due yet.
 * Source: DESIGN §7 step 4.
 */
export async function takeVerification(tx: Tx, scope: Scope): Promise<VerificationJob | null> {
  const [row] = await tx
    .update(verifications)
    .set({
      state: "running",
      attempts: sql`${verifications.attempts} + 1`,
      startedAt: sql`coalesce(${verifications.startedAt}, now())`,
      nextAttemptAt: null,
    })
    .where(
      and(
        eq(verifications.workspaceId, scope.workspaceId),
        eq(verifications.id, scope.verificationId),
        sql`(${verifications.state} in ('queued', 'running')
          or (${verifications.state} = 'waiting' and coalesce(${verifications.nextAttemptAt}, now()) <= now()))`,
      ),
    )
    .returning({
      workspaceId: verifications.workspaceId,
      id: verifications.id,
      connectionId: verifications.connectionId,
      kind: verifications.kind,
      attempts: verifications.attempts,
      ageSeconds: sql<number>`extract(epoch from now() - ${verifications.createdAt})::float8`,
      requestedBy: verifications.requestedBy,
      sealedCode: verifications.sealedCode,
      consentAttemptId: verifications.consentAttemptId,
      credentialId: verifications.credentialId,
    });
  if (!row) return null;
  const connection = await findVerifiedConnection(tx, {
    workspaceId: row.workspaceId,
    connectionId: row.connectionId,
  });
  if (!connection) return null;
  return {
    workspaceId: row.workspaceId,
    verificationId: row.id,
    kind: row.kind,
    attempt: row.attempts,
    ageSeconds: row.ageSeconds,
    requestedBy: row.requestedBy,
    sealedCode: row.sealedCode,
    connection,
    proof:
      row.consentAttemptId === null ? null : await findProofLeg(tx, scope, row.consentAttemptId),
    credential:
      row.credentialId === null
        ? null
        : ((await findSealedCredential(tx, {
            workspaceId: row.workspaceId,
            credentialId: row.credentialId,
          })) ?? null),
  };
}

async function findProofLeg(
  tx: Tx,
  scope: Scope,
  consentAttemptId: string,
): Promise<ProofLeg | null> {
  const [row] = await tx
    .select({
      consentAttemptId: consentAttempts.id,
      expectedTenantId: consentAttempts.expectedTenantId,
      nonce: consentAttempts.nonce,
      pkceVerifier: consentAttempts.pkceVerifier,
      expiresAt: consentAttempts.expiresAt,
      outcome: consentAttempts.outcome,
      handOffId: consentAttempts.handOffId,
      askedPermissions: consentAttempts.askedPermissions,
    })
    .from(consentAttempts)
    .where(
      and(
        eq(consentAttempts.workspaceId, scope.workspaceId),
        eq(consentAttempts.id, consentAttemptId),
        eq(consentAttempts.leg, "proof"),
      ),
    );
  return row ?? null;
}

const held = (job: VerificationJob) =>
  and(
    eq(verifications.workspaceId, job.workspaceId),
    eq(verifications.id, job.verificationId),
    eq(verifications.state, "running"),
    eq(verifications.attempts, job.attempt),
  );

/** Whether the verification is still this holder's; it stays so until the transaction ends. */
export async function holdsVerification(tx: Tx, job: VerificationJob): Promise<boolean> {
  const rows = await tx
    .select({ id: verifications.id })
    .from(verifications)
    .where(held(job))
    .for("update");
  return rows.length > 0;
}

/** Puts the verification aside for `seconds`; what it found so far is shown. False when another holder has it. */
export async function deferVerification(
  tx: Tx,
  job: VerificationJob,
  wait: {
    readonly seconds: number;
    readonly result: VerificationResult | null;
    readonly failure: Failure;
  },
): Promise<boolean> {
  const rows = await tx
    .update(verifications)
    .set({
      state: "waiting",
      nextAttemptAt: sql`now() + make_interval(secs => ${wait.seconds})`,
      result: wait.result,
      failure: wait.failure,
    })
    .where(held(job))
    .returning({ id: verifications.id });
  return rows.length === 1;
}

/** Hands a verification back untried, for another worker. */
export async function releaseVerification(tx: Tx, job: VerificationJob): Promise<void> {
  await tx.update(verifications).set({ state: "queued" }).where(held(job));
}

/** Ends the verification and erases its code. False when another holder has it. */
export async function endVerification(
  tx: Tx,
  job: VerificationJob,
  end:
    | { readonly state: "succeeded"; readonly result: VerificationResult }
    | {
        readonly state: "failed";
        readonly result: VerificationResult | null;
        readonly failure: Failure;
      },
): Promise<boolean> {
  const rows = await tx
    .update(verifications)
    .set({
      state: end.state,
      result: end.result,
      failure: end.state === "failed" ? end.failure : null,
      sealedCode: null,
      nextAttemptAt: null,
      finishedAt: sql`now()`,
    })
    .where(held(job))
    .returning({ id: verifications.id });
  return rows.length === 1;
}

/** Remembers that the code was redeemed, with its outcome, and erases it: codes are single use. */
export async function recordProofOutcome(
  tx: Tx,
  job: VerificationJob,
  outcome: string,
): Promise<boolean> {
  if (!job.proof) return false;
  const rows = await tx
    .update(verifications)
    .set({ sealedCode: null })
    .where(held(job))
    .returning({ id: verifications.id });
  if (rows.length === 0) return false;
  await tx
    .update(consentAttempts)
    .set({ outcome, pkceVerifier: null })
    .where(
      and(
        eq(consentAttempts.workspaceId, job.workspaceId),
        eq(consentAttempts.id, job.proof.consentAttemptId),
      ),
    );
  return true;
}
