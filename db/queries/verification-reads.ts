import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  type VerificationResult,
  type VerificationState,
  verifications,
} from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import type { After } from "./keyset.ts";

export type VerificationKind = "proof" | "credential" | "check";

/** A verification as it is shown; the sealed code stays behind. */
export interface VerificationRow {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: VerificationKind;
  readonly state: VerificationState;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly result: VerificationResult | null;
  readonly failure: Failure | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly after: After;
}

const columns = {
  id: verifications.id,
  connectionId: verifications.connectionId,
  kind: verifications.kind,
  state: verifications.state,
  attempts: verifications.attempts,
  nextAttemptAt: verifications.nextAttemptAt,
  result: verifications.result,
  failure: verifications.failure,
  createdAt: verifications.createdAt,
  finishedAt: verifications.finishedAt,
};

const withAfter = (row: Omit<VerificationRow, "after">): VerificationRow => ({
  ...row,
  after: { key: row.createdAt.toISOString(), id: row.id },
});

/** Undefined for an unknown id and for another workspace's. */
export async function findVerification(
  tx: Tx,
  key: { readonly workspaceId: string; readonly verificationId: string },
): Promise<VerificationRow | undefined> {
  const [row] = await tx
    .select(columns)
    .from(verifications)
    .where(
      and(eq(verifications.workspaceId, key.workspaceId), eq(verifications.id, key.verificationId)),
    );
  return row && withAfter(row);
}

/** A connection's verifications, newest first. */
export async function listVerificationRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly kinds?: readonly VerificationKind[];
    readonly after: After | null;
    readonly limit: number;
  },
): Promise<readonly VerificationRow[]> {
  const rows = await tx
    .select(columns)
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, query.workspaceId),
        eq(verifications.connectionId, query.connectionId),
        query.kinds === undefined ? undefined : inArray(verifications.kind, [...query.kinds]),
        query.after === null
          ? undefined
          : sql`(${verifications.createdAt}, ${verifications.id}) < (${query.after.key}::timestamptz, ${query.after.id}::uuid)`,
      ),
    )
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(query.limit);
  return rows.map(withAfter);
}

/** The one verification of a connection that is not over; a unique index allows no second. */
export async function findOpenVerification(
  tx: Tx,
  key: { readonly workspaceId: string; readonly connectionId: string },
): Promise<{ readonly id: string; readonly kind: VerificationKind } | undefined> {
  const [row] = await tx
    .select({ id: verifications.id, kind: verifications.kind })
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, key.workspaceId),
        eq(verifications.connectionId, key.connectionId),
        inArray(verifications.state, ["queued", "running", "waiting"]),
      ),
    );
  return row;
}

/** Asks for a verification. The caller sends its job in the same transaction. */
export async function requestVerification(
  tx: Tx,
  verification: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly kind: VerificationKind;
    readonly credentialId?: string;
    readonly consentAttemptId?: string;
    readonly sealedCode?: string;
    readonly requestedBy: string;
  },
): Promise<string> {
  const [row] = await tx
    .insert(verifications)
    .values(verification)
    .returning({ id: verifications.id });
  if (row === undefined) throw new Error("insert returned no verification");
  return row.id;
}

/** Ends whatever verification of the connection is open: something newer replaces it, or the connection is gone. */
export async function endOpenVerifications(
  tx: Tx,
  key: { readonly workspaceId: string; readonly connectionId: string },
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
    .where(
      and(
        eq(verifications.workspaceId, key.workspaceId),
        eq(verifications.connectionId, key.connectionId),
        inArray(verifications.state, ["queued", "running", "waiting"]),
      ),
    );
}
