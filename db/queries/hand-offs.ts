import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections, consentAttempts, handOffs, verifications } from "#db/schema/connections";
import { members, workspaces } from "#db/schema/workspaces";
import type { ConnectionStatus, Method } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import { handOffHours } from "#lib/domain/hand-off";
import type { Role } from "#lib/domain/role";
import type { ConsentLeg } from "./consent.ts";

/** Names one hand-off link of one workspace. */
export interface HandOffKey {
  readonly workspaceId: string;
  readonly handOffId: string;
}

/** Stores a link; it can be opened for 72 hours of database time. Returns when it expires. */
export async function insertHandOff(
  tx: Tx,
  handOff: HandOffKey & {
    readonly connectionId: string;
    readonly memberId: string;
    /** SHA-256 of the token, hex. */
    readonly tokenHash: string;
  },
): Promise<Date> {
  const { handOffId, ...columns } = handOff;
  const [row] = await tx
    .insert(handOffs)
    .values({
      ...columns,
      id: handOffId,
      expiresAt: sql`now() + make_interval(hours => ${handOffHours})`,
    })
    .returning({ expiresAt: handOffs.expiresAt });
  if (row === undefined) throw new Error("the link was not stored");
  return row.expiresAt;
}

/** Whose a link is, by the hash of its token. Call outside any workspace. */
export async function findHandOffKey(tx: Tx, tokenHash: string): Promise<HandOffKey | undefined> {
  const [row] = await tx.execute<{ workspaceId: string; handOffId: string }>(sql`
    select workspace_id as "workspaceId", hand_off_id as "handOffId"
    from app.find_hand_off(${tokenHash})`);
  return row && { workspaceId: row.workspaceId, handOffId: row.handOffId };
}

/** A link with everything its use is decided on, and what its page names. */
export interface HandOffRow {
  readonly id: string;
  readonly connectionId: string;
  readonly workspaceName: string;
  readonly memberId: string;
  readonly memberName: string;
  /** The tenant the member signs in from, as Microsoft's sign-in proved it. */
  readonly memberTenantId: string;
  readonly memberRole: Role;
  readonly memberDisabled: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** By database time. */
  readonly expired: boolean;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly connectionStatus: ConnectionStatus;
  readonly method: Method | null;
  readonly provenAt: Date | null;
  /** What the consent in force was asked for; null before the first. */
  readonly askedPermissions: readonly string[] | null;
  readonly declinedPermissions: readonly string[];
}

const columns = {
  id: handOffs.id,
  connectionId: handOffs.connectionId,
  workspaceName: workspaces.name,
  memberId: handOffs.memberId,
  memberName: members.name,
  memberTenantId: members.tenantId,
  memberRole: members.role,
  memberDisabled: sql<boolean>`${members.disabledAt} is not null`,
  createdAt: handOffs.createdAt,
  expiresAt: handOffs.expiresAt,
  expired: sql<boolean>`${handOffs.expiresAt} <= now()`,
  usedAt: handOffs.usedAt,
  revokedAt: handOffs.revokedAt,
  connectionStatus: connections.status,
  method: connections.method,
  provenAt: connections.provenAt,
  askedPermissions: connections.askedPermissions,
  declinedPermissions: connections.declinedPermissions,
};

const selectHandOffs = (tx: Tx) =>
  tx
    .select(columns)
    .from(handOffs)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, handOffs.workspaceId),
        eq(connections.id, handOffs.connectionId),
      ),
    )
    .innerJoin(
      members,
      and(eq(members.workspaceId, handOffs.workspaceId), eq(members.id, handOffs.memberId)),
    )
    .innerJoin(workspaces, eq(workspaces.id, handOffs.workspaceId));

const ofKey = (key: HandOffKey) =>
  and(eq(handOffs.workspaceId, key.workspaceId), eq(handOffs.id, key.handOffId));

/** Undefined for an unknown id and for another workspace's. */
export async function findHandOff(tx: Tx, key: HandOffKey): Promise<HandOffRow | undefined> {
  const [row] = await selectHandOffs(tx).where(ofKey(key));
  return row;
}

/** Locks the link until the transaction ends, so that using and revoking it take turns. */
export async function lockHandOff(tx: Tx, key: HandOffKey): Promise<HandOffRow | undefined> {
  const [row] = await selectHandOffs(tx).where(ofKey(key)).for("update", { of: handOffs });
  return row;
}

/** A link as its connection's page lists it, with the last way to Microsoft that was begun with it. */
export interface ListedHandOff extends HandOffRow {
  readonly lastTry: {
    readonly leg: ConsentLeg;
    readonly at: Date;
    /** Null while nothing came back. */
    readonly outcome: string | null;
    /** AADSTS number and GUID Microsoft sent somebody back with; null when it gave none. */
    readonly errorNumber: number | null;
    readonly correlationId: string | null;
    /** Why what came back could not be used; null while it is checked, and when it was of use. */
    readonly failure: Failure | null;
    /** By database time: nothing can come back any more. */
    readonly over: boolean;
  } | null;
}

/** The links of a connection, newest first. */
export async function listHandOffRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly limit: number;
  },
): Promise<readonly ListedHandOff[]> {
  const rows = await selectHandOffs(tx)
    .where(
      and(
        eq(handOffs.workspaceId, query.workspaceId),
        eq(handOffs.connectionId, query.connectionId),
      ),
    )
    .orderBy(desc(handOffs.createdAt), desc(handOffs.id))
    .limit(query.limit);
  const tries = await tx
    .selectDistinctOn([consentAttempts.handOffId], {
      handOffId: consentAttempts.handOffId,
      leg: consentAttempts.leg,
      at: consentAttempts.createdAt,
      outcome: consentAttempts.outcome,
      errorNumber: consentAttempts.errorNumber,
      correlationId: consentAttempts.correlationId,
      failure: verifications.failure,
      over: sql<boolean>`${consentAttempts.expiresAt} <= now()`,
    })
    .from(consentAttempts)
    .leftJoin(
      verifications,
      and(
        eq(verifications.workspaceId, consentAttempts.workspaceId),
        eq(verifications.consentAttemptId, consentAttempts.id),
        eq(verifications.state, "failed"),
      ),
    )
    .where(
      and(
        eq(consentAttempts.workspaceId, query.workspaceId),
        eq(consentAttempts.connectionId, query.connectionId),
        sql`${consentAttempts.handOffId} is not null`,
      ),
    )
    .orderBy(consentAttempts.handOffId, desc(consentAttempts.createdAt));
  const byLink = new Map(tries.map(({ handOffId, ...last }) => [handOffId, last]));
  return rows.map((row) => ({ ...row, lastTry: byLink.get(row.id) ?? null }));
}

/** False when the link was revoked before. */
export async function recordHandOffRevoked(tx: Tx, key: HandOffKey): Promise<boolean> {
  const rows = await tx
    .update(handOffs)
    .set({ revokedAt: sql`now()` })
    .where(and(ofKey(key), isNull(handOffs.revokedAt)))
    .returning({ id: handOffs.id });
  return rows.length === 1;
}

/** The administrator came back from both legs: nobody else uses this link. */
export async function recordHandOffUsed(tx: Tx, key: HandOffKey): Promise<void> {
  await tx.update(handOffs).set({ usedAt: sql`now()` }).where(ofKey(key));
}

/** What came back proved nothing: until it expires, the link may be used by somebody who can. */
export async function reopenHandOff(tx: Tx, key: HandOffKey): Promise<void> {
  await tx.update(handOffs).set({ usedAt: null }).where(ofKey(key));
}

/** The proof leg this browser brought back last with a link. Call outside any workspace. */
export async function findHandedOffProof(
  tx: Tx,
  browserHash: string,
): Promise<{ readonly workspaceId: string; readonly consentAttemptId: string } | undefined> {
  const [row] = await tx.execute<{ workspaceId: string; consentAttemptId: string }>(sql`
    select workspace_id as "workspaceId", consent_attempt_id as "consentAttemptId"
    from app.find_handed_off_proof(${browserHash})`);
  return row && { workspaceId: row.workspaceId, consentAttemptId: row.consentAttemptId };
}
