import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  connections,
  consentAttempts,
  credentials,
  type VerificationResult,
  verifications,
} from "#db/schema/connections";
import type { Cloud, ConnectionStatus, Method, Source } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";

export type VerificationKind = "proof" | "credential" | "check";

/** A credential row as the worker opens it. */
export interface SealedCredential {
  readonly credentialId: string;
  readonly version: number;
  readonly kind: "secret" | "certificate";
  readonly state: "candidate" | "active" | "retired";
  /** Null once erased. */
  readonly sealed: string | null;
}

/** The connection a verification or an import speaks for. */
export interface VerifiedConnection {
  readonly connectionId: string;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  /** Entered (registered app) or proven (multi-tenant app); null before the first proof. */
  readonly tenantId: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  readonly provenAt: Date | null;
}

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
      row.credentialId === null ? null : await findCredential(tx, scope, row.credentialId),
  };
}

/** The facts of a connection that verification and import need. */
export async function findVerifiedConnection(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly connectionId: string },
): Promise<VerifiedConnection | undefined> {
  const [row] = await tx
    .select({
      connectionId: connections.id,
      source: connections.source,
      method: connections.method,
      cloud: connections.cloud,
      tenantId: connections.tenantId,
      clientId: connections.clientId,
      status: connections.status,
      provenAt: connections.provenAt,
    })
    .from(connections)
    .where(
      and(eq(connections.workspaceId, scope.workspaceId), eq(connections.id, scope.connectionId)),
    );
  return row;
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

const credentialColumns = {
  credentialId: credentials.id,
  version: credentials.version,
  kind: credentials.kind,
  state: credentials.state,
  sealed: credentials.sealed,
};

async function findCredential(
  tx: Tx,
  scope: Scope,
  credentialId: string,
): Promise<SealedCredential | null> {
  const [row] = await tx
    .select(credentialColumns)
    .from(credentials)
    .where(and(eq(credentials.workspaceId, scope.workspaceId), eq(credentials.id, credentialId)));
  return row ?? null;
}

/** The credential in use, else the newest candidate; undefined when the connection has none. */
export async function findUsableCredential(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly connectionId: string },
): Promise<SealedCredential | undefined> {
  const [row] = await tx
    .select(credentialColumns)
    .from(credentials)
    .where(
      and(
        eq(credentials.workspaceId, scope.workspaceId),
        eq(credentials.connectionId, scope.connectionId),
        inArray(credentials.state, ["active", "candidate"]),
      ),
    )
    .orderBy(sql`${credentials.state} = 'active' desc`, desc(credentials.version))
    .limit(1);
  return row;
}

const held = (job: VerificationJob) =>
  and(
    eq(verifications.workspaceId, job.workspaceId),
    eq(verifications.id, job.verificationId),
    eq(verifications.state, "running"),
    eq(verifications.attempts, job.attempt),
  );

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

/** Locks the connection for the rest of the transaction; undefined when it is gone or disconnected. */
export async function lockConnection(
  tx: Tx,
  job: VerificationJob,
): Promise<VerifiedConnection | undefined> {
  await tx.select({ id: connections.id }).from(connections).where(ofConnection(job)).for("update");
  const found = await findVerifiedConnection(tx, {
    workspaceId: job.workspaceId,
    connectionId: job.connection.connectionId,
  });
  return found?.status === "disconnected" ? undefined : found;
}

const ofConnection = (job: VerificationJob) =>
  and(
    eq(connections.workspaceId, job.workspaceId),
    eq(connections.id, job.connection.connectionId),
  );

/**
 * Takes the claim on (tenant, source) for the connection, in the transaction that completes the proof and nowhere
 * earlier. Source: DESIGN §7 step 2, reference/fault-catalogue.md §2 step 5.
 */
export async function claimTenant(
  tx: Tx,
  job: VerificationJob,
  tenantId: string,
): Promise<"claimed" | "connected-already" | "tenant-claimed-elsewhere"> {
  const { connectionId, source } = job.connection;
  if (await isConnectedHere(tx, job, tenantId)) return "connected-already";
  const [claim] = await tx.execute<{ claimed: boolean }>(
    sql`select app.claim_tenant(${job.workspaceId}::uuid, ${connectionId}::uuid, ${tenantId}::uuid, ${source}) as claimed`,
  );
  if (claim?.claimed) return "claimed";
  // Two connections of this workspace may prove the same tenant at once: the claim makes the second wait, then lose.
  return (await isConnectedHere(tx, job, tenantId))
    ? "connected-already"
    : "tenant-claimed-elsewhere";
}

async function isConnectedHere(tx: Tx, job: VerificationJob, tenantId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, job.workspaceId),
        eq(connections.tenantId, tenantId),
        eq(connections.source, job.connection.source),
        ne(connections.id, job.connection.connectionId),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** What a verification established about its connection. */
export interface VerifiedFacts {
  readonly tenantId: string;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly declinedPermissions: readonly string[];
  /** Whether this verification proves the tenant (proof or credential), or only looks again. */
  readonly proves: boolean;
}

/** Makes the connection ready with what was verified. A paused connection stays paused. */
export async function recordVerified(
  tx: Tx,
  job: VerificationJob,
  facts: VerifiedFacts,
): Promise<void> {
  await tx
    .update(connections)
    .set({
      tenantId: facts.tenantId,
      tenantName: facts.tenantName,
      tenantDomain: facts.tenantDomain,
      declinedPermissions: facts.declinedPermissions,
      status: sql`case when ${connections.status} = 'paused' then 'paused' else 'ready' end`,
      problem: null,
      verifiedAt: sql`now()`,
      updatedAt: sql`now()`,
      ...(facts.proves ? { provenAt: sql`now()` } : {}),
    })
    .where(ofConnection(job));
}

/** Makes a verified candidate the active credential; the one before it is retired and erased. */
export async function activateCredential(
  tx: Tx,
  job: VerificationJob,
  candidate: SealedCredential,
): Promise<void> {
  await tx
    .update(credentials)
    .set({ state: "retired", sealed: null, retiredAt: sql`now()` })
    .where(
      and(
        eq(credentials.workspaceId, job.workspaceId),
        eq(credentials.connectionId, job.connection.connectionId),
        ne(credentials.id, candidate.credentialId),
        inArray(credentials.state, ["active", "candidate"]),
        sql`${credentials.version} < ${candidate.version}`,
      ),
    );
  await tx
    .update(credentials)
    .set({ state: "active", activatedAt: sql`now()` })
    .where(
      and(
        eq(credentials.workspaceId, job.workspaceId),
        eq(credentials.id, candidate.credentialId),
        eq(credentials.state, "candidate"),
      ),
    );
}

/** Sets the connection's status after a verification that did not succeed. */
export async function recordRefused(
  tx: Tx,
  job: VerificationJob,
  next: { readonly status: ConnectionStatus; readonly problem: Failure | null },
): Promise<void> {
  await tx
    .update(connections)
    .set({ status: next.status, problem: next.problem, updatedAt: sql`now()` })
    .where(and(ofConnection(job), ne(connections.status, "disconnected")));
}

/** Verifications somebody should work on, across workspaces. Ids only. */
export async function listDueVerifications(
  tx: Tx,
): Promise<readonly { readonly workspaceId: string; readonly verificationId: string }[]> {
  const rows = await tx.execute<{ workspace_id: string; verification_id: string }>(
    sql`select workspace_id, verification_id from app.verifications_due()`,
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    verificationId: row.verification_id,
  }));
}

/** The connection's verification that is not over yet. */
export async function findActiveVerification(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly connectionId: string },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: verifications.id })
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, scope.workspaceId),
        eq(verifications.connectionId, scope.connectionId),
        inArray(verifications.state, ["queued", "running", "waiting"]),
      ),
    );
  return row?.id;
}

/** Asks for a verification; undefined when the connection has an active one already. */
export async function insertVerification(
  tx: Tx,
  row: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly kind: "credential" | "check";
    readonly credentialId: string | null;
    readonly requestedBy: string;
  },
): Promise<string | undefined> {
  const [inserted] = await tx
    .insert(verifications)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: verifications.id });
  return inserted?.id;
}

/** How the connection's newest finished verification failed; null when it succeeded or there is none. */
export async function findLastFailure(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly connectionId: string },
): Promise<Failure | null> {
  const [row] = await tx
    .select({ failure: verifications.failure })
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, scope.workspaceId),
        eq(verifications.connectionId, scope.connectionId),
        inArray(verifications.state, ["succeeded", "failed"]),
      ),
    )
    .orderBy(desc(verifications.finishedAt))
    .limit(1);
  return row?.failure ?? null;
}
