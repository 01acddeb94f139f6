import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { findEarlierAccess } from "#db/queries/access-facts";
import { recordAudit, systemAuditActor } from "#db/queries/audit";
import {
  activateCredential,
  findUsableCredential,
  type SealedCredential,
} from "#db/queries/credentials";
import { reopenHandOff } from "#db/queries/hand-offs";
import {
  deferVerification,
  endVerification,
  recordProofOutcome,
  releaseVerification,
  takeVerification,
  type VerificationJob,
} from "#db/queries/verifications";
import {
  claimTenant,
  lockVerifiedConnection,
  recordRefused,
  recordVerified,
} from "#db/queries/verified-connection";
import type { VerificationResult } from "#db/schema/connections";
import { type Failure, FailureError } from "#lib/domain/failure";
import type { VerificationReport } from "#lib/microsoft/verify";
import { openAppAccess } from "./app-access.ts";
import { giveNightlyCheck } from "./ask-nightly-checks.ts";
import type { WorkerPlatform } from "./context.ts";
import { isDatabaseFault } from "./database-fault.ts";
import { giveDefaultSchedule } from "./default-schedule.ts";
import { isPropagating, provenOutcome, redeemProofCode } from "./redeem-proof-code.ts";
import { settleAccess, settleVerified } from "./settle-access.ts";
import { settleExpiry } from "./settle-expiry.ts";
import { startFirstImport } from "./start-first-import.ts";
import { takeMovedClaim } from "./take-moved-claim.ts";
import {
  declinedPermissions,
  domainRefusal,
  isTransient,
  judgeReport,
  toVerificationResult,
  waitSeconds,
  waitWindowSeconds,
} from "./verification-findings.ts";
import { statusAfterFailure } from "./verification-status.ts";
import { withCloud } from "./wrong-cloud.ts";

export interface VerificationScope {
  readonly workspaceId: string;
  readonly verificationId: string;
}

/** How working on a verification ended. `released`: the worker stops or the database failed it, it is tried again. */
export type VerificationEnd = "succeeded" | "failed" | "waiting" | "released" | "not-taken";

/** What was learnt of Microsoft, before it is written down. */
type Finding =
  | {
      readonly kind: "verified";
      readonly tenantId: string;
      readonly credential: SealedCredential | null;
      readonly report: VerificationReport;
    }
  | {
      readonly kind: "wait" | "failed";
      readonly failure: Failure;
      readonly result: VerificationResult | null;
      /** The person of the proof leg was refused, not the connection. */
      readonly person: boolean;
    };

/**
 * Works on a verification: redeems the administrator's code (`proof`), tries the credential against every endpoint, and
 * writes what was found with its consequences in one transaction. Never throws for what Microsoft said; throws while the
 * database is away, and leaves the verification to whoever finds it running and without a job.
 * Source: DESIGN §7 steps 3a and 4, reference/fault-catalogue.md §2.
 */
export async function runVerification(
  platform: WorkerPlatform,
  scope: VerificationScope,
  signal: AbortSignal,
): Promise<VerificationEnd> {
  const job = await platform.db.inWorkspace(scope.workspaceId, (tx) => takeVerification(tx, scope));
  if (!job) return "not-taken";
  try {
    const finding = await findOut(platform, job, signal);
    return await platform.db.inWorkspace(scope.workspaceId, (tx) =>
      writeDown(tx, platform, job, finding),
    );
  } catch (error) {
    const interrupted = isDatabaseFault(error);
    if (interrupted) {
      const { verificationId } = job;
      platform.log.error("verification-interrupted", { verificationId }, error);
    }
    if (interrupted || signal.aborted) {
      await platform.db.inWorkspace(scope.workspaceId, (tx) => releaseVerification(tx, job));
      return "released";
    }
    const failure = unexpected(platform, job, error);
    return platform.db.inWorkspace(scope.workspaceId, (tx) =>
      writeDown(tx, platform, job, { kind: "failed", failure, result: null, person: false }),
    );
  }
}

/** Asks Microsoft. Only bugs and aborts are thrown. */
async function findOut(
  platform: WorkerPlatform,
  job: VerificationJob,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    const subject =
      job.kind === "proof"
        ? await proofSubject(platform, job, signal)
        : await credentialSubject(platform, job);
    if ("kind" in subject) return subject;
    const access = await openAppAccess(platform, job.connection, subject);
    const report = await platform.microsoft.verify(access, signal);
    const verdict = judgeReport(report, { ...job, askedAgain: askedAgain(job) });
    if (verdict.kind === "verified") return { kind: "verified", ...subject, report };
    const result = toVerificationResult(report);
    const kind = verdict.kind === "wait" ? "wait" : "failed";
    const failure = await withCloud(platform, access, verdict.failure, signal);
    return { kind, failure, result, person: false };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FailureError)) throw error;
    return { ...failed(error.failure), kind: mayPass(job, error.failure) ? "wait" : "failed" };
  }
}

/** What a tenant that is connected, and not waited for, was asked once more. */
const askedAgain = ({ connection, proof }: VerificationJob): readonly string[] | null =>
  connection.provenAt === null || connection.status === "action-needed"
    ? null
    : (proof?.askedPermissions ?? null);

const failed = (failure: Failure, person = false): Finding & { kind: "failed" | "wait" } => ({
  kind: "failed",
  failure,
  result: null,
  person,
});

const mayPass = (job: VerificationJob, failure: Failure): boolean =>
  job.ageSeconds < waitWindowSeconds &&
  (isTransient(failure) || (job.kind === "proof" && isPropagating(failure)));

/** Which app in which tenant is verified. */
interface Subject {
  readonly tenantId: string;
  readonly credential: SealedCredential | null;
}

/** The tenant the administrator has proven. The code's outcome is kept before anything else is asked. */
async function proofSubject(
  platform: WorkerPlatform,
  job: VerificationJob,
  signal: AbortSignal,
): Promise<Subject | Finding> {
  const outcome = await redeemProofCode(platform, job, signal);
  if (outcome.kind !== "known") {
    const word = outcome.kind === "refused" ? outcome.failure.code : provenOutcome;
    await platform.db.inWorkspace(job.workspaceId, (tx) => recordProofOutcome(tx, job, word));
  }
  if (outcome.kind === "refused") return failed(outcome.failure, true);
  // Tokens issued before the consent lack the new roles.
  platform.microsoft.dropTokens(job.connection.connectionId);
  return { tenantId: outcome.tenantId, credential: null };
}

/** The candidate of a `credential` verification; for a `check` whatever the connection uses. */
async function credentialSubject(
  platform: WorkerPlatform,
  job: VerificationJob,
): Promise<Subject | Finding> {
  const { tenantId, method, connectionId, provenAt } = job.connection;
  if (!tenantId || (method === "multi-tenant-app" && !provenAt)) {
    return failed({ class: "tenant", code: "tenant-not-proven" });
  }
  if (method === "multi-tenant-app") return { tenantId, credential: null };
  const { workspaceId } = job;
  const credential =
    job.kind === "credential"
      ? job.credential
      : await platform.db.inWorkspace(workspaceId, (tx) =>
          findUsableCredential(tx, { workspaceId, connectionId }),
        );
  return { tenantId, credential: credential ?? null };
}

/** Writes the finding with its consequences and the audit record; false holders change nothing. */
async function writeDown(
  tx: Tx,
  platform: WorkerPlatform,
  job: VerificationJob,
  finding: Finding,
): Promise<VerificationEnd> {
  switch (finding.kind) {
    case "wait": {
      const { failure, result } = finding;
      const seconds = waitSeconds(job.attempt);
      return (await deferVerification(tx, job, { seconds, result, failure }))
        ? "waiting"
        : "not-taken";
    }
    case "failed":
      return writeFailure(tx, job, finding);
    case "verified":
      return complete(tx, platform, job, finding);
    default:
      return finding satisfies never;
  }
}

/** The transaction that completes a proof: claim, tenant, credential, status and the first import, or none of them. */
async function complete(
  tx: Tx,
  platform: WorkerPlatform,
  job: VerificationJob,
  finding: Finding & { readonly kind: "verified" },
): Promise<VerificationEnd> {
  const { tenantId, credential, report } = finding;
  const result = toVerificationResult(report);
  if (!(await lockVerifiedConnection(tx, job.connection))) {
    return writeFailure(tx, job, failed({ class: "system", code: "connection-disconnected" }));
  }
  const candidate = credential?.state === "candidate" ? credential : null;
  const proves = job.kind === "proof" || candidate !== null;
  if (proves) {
    const refusal = domainRefusal(job, report) ?? (await claimRefusal(tx, job, tenantId));
    if (refusal !== null) return writeFailure(tx, job, { ...failed(refusal), result });
  }
  const earlier = await findEarlierAccess(tx, job.connection);
  if (!(await endVerification(tx, job, { state: "succeeded", result }))) return "not-taken";
  if (candidate) await activateCredential(tx, job.connection, candidate);
  await recordVerified(tx, job.connection, {
    tenantId,
    tenantName: result.tenantName,
    tenantDomain: result.tenantDomain,
    declinedPermissions: declinedPermissions(report),
    askedPermissions: job.proof?.askedPermissions ?? undefined,
    clientId: candidate?.clientId ?? undefined,
    proves,
  });
  await giveDefaultSchedule(tx, job.connection);
  await giveNightlyCheck(tx, job.connection);
  await settleAccess(tx, job.connection);
  await settleVerified(tx, job.connection, { report, earlier });
  await settleExpiry(tx, job.connection);
  await audit(tx, job, "connection.verified", { tenantId });
  await auditApp(tx, job, candidate);
  await startFirstImport(tx, platform, job.connection);
  return "succeeded";
}

/** Takes the claim on (tenant, source), also from a workspace that has to give it up; else why it is not to be had. */
async function claimRefusal(
  tx: Tx,
  job: VerificationJob,
  tenantId: string,
): Promise<Failure | null> {
  const claim = await claimTenant(tx, { ...job.connection, tenantId });
  switch (claim.kind) {
    case "claimed":
      return null;
    case "connected-already":
      return { class: "tenant", code: claim.kind, facts: { connectionId: claim.existingId } };
    case "tenant-claimed-elsewhere":
      return (await takeMovedClaim(tx, job, tenantId)) === null
        ? { class: "tenant", code: claim.kind }
        : null;
    default:
      return claim satisfies never;
  }
}

async function writeFailure(
  tx: Tx,
  job: VerificationJob,
  finding: Finding & { readonly kind: "failed" | "wait" },
): Promise<VerificationEnd> {
  const { failure, result, person } = finding;
  const connection = await lockVerifiedConnection(tx, job.connection);
  if (!(await endVerification(tx, job, { state: "failed", result, failure }))) return "not-taken";
  if (connection) {
    const next = statusAfterFailure(connection, { kind: job.kind, failure, person });
    if (next) await recordRefused(tx, job.connection, next);
    await settleAccess(tx, job.connection);
  }
  const handOffId = job.proof?.handOffId ?? null;
  if (handOffId !== null) await reopenHandOff(tx, { workspaceId: job.workspaceId, handOffId });
  const action = person ? "consent.refused" : "connection.verification-failed";
  await audit(tx, job, action, { class: failure.class, code: failure.code });
  return "failed";
}

const audit = (
  tx: Tx,
  job: VerificationJob,
  action: string,
  details: Readonly<Record<string, string>>,
): Promise<void> =>
  recordAudit(tx, {
    workspaceId: job.workspaceId,
    actor: systemAuditActor,
    action,
    target: { kind: "connection", id: job.connection.connectionId },
    details: {
      ...details,
      kind: job.kind,
      verificationId: job.verificationId,
      requestedBy: job.requestedBy,
    },
  });

/** A connection that changed to another app registration tells from which to which. */
async function auditApp(
  tx: Tx,
  job: VerificationJob,
  candidate: SealedCredential | null,
): Promise<void> {
  const { clientId: before } = job.connection;
  const now = candidate?.clientId ?? before;
  if (now === null || now === before) return;
  await audit(tx, job, "connection.app-changed", { from: before ?? "none", to: now });
}

/** A bug: told by an id that leads to the log line. */
function unexpected(platform: WorkerPlatform, job: VerificationJob, error: unknown): Failure {
  const correlationId = randomUUID();
  const { verificationId, kind } = job;
  platform.log.error("verification-broke", { correlationId, verificationId, kind }, error);
  return { class: "system", code: "unexpected", correlationId };
}
