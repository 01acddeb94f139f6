import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { verifications } from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import type { ConnectionKey } from "./connections.ts";

/** `proof`: an administrator's code; `credential`: a candidate; `check`: what is in use, once more. */
export type VerificationKind = "proof" | "credential" | "check";

/** A verification that is asked for. */
export interface NewVerification extends ConnectionKey {
  readonly kind: VerificationKind;
  readonly credentialId?: string;
  readonly consentAttemptId?: string;
  readonly sealedCode?: string;
  readonly requestedBy: string;
}

const isOpen = (key: ConnectionKey) =>
  and(
    eq(verifications.workspaceId, key.workspaceId),
    eq(verifications.connectionId, key.connectionId),
    inArray(verifications.state, ["queued", "running", "waiting"]),
  );

/** A verification that is not over. */
export interface OpenVerification {
  readonly id: string;
  readonly kind: VerificationKind;
  readonly state: "queued" | "running" | "waiting";
  /** When somebody who waits for its end may look again: after its next attempt, or in a while (database time). */
  readonly lookAgainAt: Date;
}

/** Seconds: an attempt takes about as long; one nobody has taken yet is looked for now and then. */
const attemptSeconds = 2;
const untakenSeconds = 20;

/** The one verification of a connection that is not over; a unique index allows no second. */
export async function findOpenVerification(
  tx: Tx,
  key: ConnectionKey,
): Promise<OpenVerification | undefined> {
  const { nextAttemptAt } = verifications;
  const [row] = await tx
    .select({
      id: verifications.id,
      kind: verifications.kind,
      state: sql<OpenVerification["state"]>`${verifications.state}`,
      lookAgainAt: sql`case when ${verifications.state} = 'waiting'
        then greatest(${nextAttemptAt}, now()) + make_interval(secs => ${attemptSeconds})
        else now() + make_interval(secs => ${untakenSeconds}) end`.mapWith(nextAttemptAt),
    })
    .from(verifications)
    .where(isOpen(key));
  return row;
}

/**
 * Asks for a verification; undefined when the connection has an open one. The caller sends its job in the same
 * transaction.
 */
export async function requestUnlessOpen(
  tx: Tx,
  verification: NewVerification,
): Promise<string | undefined> {
  const [row] = await tx
    .insert(verifications)
    .values(verification)
    .onConflictDoNothing()
    .returning({ id: verifications.id });
  return row?.id;
}

/**
 * Asks for a verification of a connection that has no open one: the caller has locked the connection and looked.
 * The caller sends its job in the same transaction. @throws when there is one all the same.
 */
export async function requestVerification(tx: Tx, verification: NewVerification): Promise<string> {
  const id = await requestUnlessOpen(tx, verification);
  if (id === undefined) throw new Error("the connection has an open verification");
  return id;
}

/** Ends whatever verification of the connection is open: something newer replaces it, or the connection is gone. */
export async function endOpenVerifications(
  tx: Tx,
  key: ConnectionKey,
  failure: Failure,
): Promise<void> {
  await tx
    .update(verifications)
    .set({
      state: "failed",
      failure,
      sealedCode: null,
      nextAttemptAt: null,
      finishedAt: sql`now()`,
    })
    .where(isOpen(key));
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
