import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  type VerificationResult,
  type VerificationState,
  verifications,
} from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import type { After } from "./keyset.ts";
import type { VerificationKind } from "./verification-requests.ts";

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

/** The verification that a proof leg led to. */
export async function findVerificationOfProof(
  tx: Tx,
  key: { readonly workspaceId: string; readonly consentAttemptId: string },
): Promise<Pick<VerificationRow, "state" | "failure"> | undefined> {
  const [row] = await tx
    .select({ state: verifications.state, failure: verifications.failure })
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, key.workspaceId),
        eq(verifications.consentAttemptId, key.consentAttemptId),
      ),
    );
  return row;
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
