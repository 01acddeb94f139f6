import { and, desc, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { consentAttempts, verifications } from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import type { ConnectionKey } from "./connections.ts";

/** The proof leg behind a connection's newest verification, and what came of it. */
export interface LastProof {
  readonly consentAttemptId: string;
  readonly tenantId: string | null;
  /** The session the person signed in from; null for a hand-off link's visitor. */
  readonly sessionId: string | null;
  /** Minutes since the browser came back (database time). */
  readonly ageMinutes: number;
  readonly outcome: string | null;
  /** Of the verification; null while it is open or when it succeeded. */
  readonly failure: Failure | null;
}

/** Undefined when the newest verification is no proof. */
export async function findLastProof(tx: Tx, key: ConnectionKey): Promise<LastProof | undefined> {
  const [row] = await tx
    .select({
      kind: verifications.kind,
      consentAttemptId: consentAttempts.id,
      tenantId: consentAttempts.expectedTenantId,
      sessionId: sql<
        string | null
      >`case when ${consentAttempts.handOffId} is null then ${consentAttempts.sessionId} end`,
      ageMinutes: sql<number>`extract(epoch from now() - ${consentAttempts.usedAt})::float8 / 60`,
      outcome: consentAttempts.outcome,
      failure: verifications.failure,
    })
    .from(verifications)
    .leftJoin(
      consentAttempts,
      and(
        eq(consentAttempts.workspaceId, verifications.workspaceId),
        eq(consentAttempts.id, verifications.consentAttemptId),
      ),
    )
    .where(
      and(
        eq(verifications.workspaceId, key.workspaceId),
        eq(verifications.connectionId, key.connectionId),
      ),
    )
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(1);
  if (row?.kind !== "proof" || row.consentAttemptId === null) return undefined;
  const { kind: _kind, consentAttemptId, ...proof } = row;
  return { ...proof, consentAttemptId };
}

/** The person of this proof takes the tenant's claim from the workspace that has it. */
export async function confirmMove(
  tx: Tx,
  key: { readonly workspaceId: string; readonly consentAttemptId: string },
): Promise<void> {
  await tx
    .update(consentAttempts)
    .set({ moveConfirmedAt: sql`now()` })
    .where(
      and(
        eq(consentAttempts.workspaceId, key.workspaceId),
        eq(consentAttempts.id, key.consentAttemptId),
      ),
    );
}

/**
 * Moves the claim of the proof's tenant to the connection; the database looks at proof and confirmation itself (walls,
 * app.move_claim). Null when they do not allow it, or when nobody else has the claim. The connection that lost it is
 * locked, and has to be ended in this transaction.
 */
export async function moveClaim(
  tx: Tx,
  key: ConnectionKey & { readonly consentAttemptId: string },
): Promise<ConnectionKey | null> {
  const [row] = await tx.execute<{ left_workspace: string; left_connection: string }>(
    sql`select left_workspace, left_connection
        from app.move_claim(${key.workspaceId}::uuid, ${key.connectionId}::uuid, ${key.consentAttemptId}::uuid)`,
  );
  return row === undefined
    ? null
    : { workspaceId: row.left_workspace, connectionId: row.left_connection };
}

/**
 * Does work in another workspace inside the same transaction, then comes back: for the end of a connection whose claim
 * was moved, and for nothing else.
 */
export async function inLeftWorkspace<T>(
  tx: Tx,
  workspaces: { readonly left: string; readonly own: string },
  work: () => Promise<T>,
): Promise<T> {
  await tx.execute(sql`select set_config('app.workspace_id', ${workspaces.left}, true)`);
  const result = await work();
  await tx.execute(sql`select set_config('app.workspace_id', ${workspaces.own}, true)`);
  return result;
}
