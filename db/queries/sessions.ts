import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { sessions } from "#db/schema/workspaces";
import type { Role } from "#lib/domain/role";

/** A live session with its member and workspace. */
export interface SessionFacts {
  readonly workspaceId: string;
  readonly sessionId: string;
  readonly memberId: string;
  readonly name: string;
  readonly role: Role;
  /** The person: Entra tenant and object id. */
  readonly tenantId: string;
  readonly objectId: string;
  readonly workspaceName: string;
  readonly workspaceSlug: string;
}

/** Undefined when unknown, revoked or expired, or when the member is disabled. Call outside any workspace. */
export async function findSessionFacts(
  tx: Tx,
  sessionId: string,
): Promise<SessionFacts | undefined> {
  const [row] = await tx.execute<Record<keyof SessionFacts, string> & { role: Role }>(sql`
    select workspace_id as "workspaceId", session_id as "sessionId", member_id as "memberId", name, role,
           tenant_id as "tenantId", object_id as "objectId",
           workspace_name as "workspaceName", workspace_slug as "workspaceSlug"
    from app.find_session(${sessionId}::uuid)`);
  return row;
}

export interface Person {
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
  readonly userPrincipalName: string | null;
  /** Holds the Entra app role `owner`: makes the first owner of a workspace that has no member (DESIGN §2). */
  readonly mayOwn: boolean;
}

export type SignInOutcome =
  | {
      readonly kind: "ok";
      readonly workspaceId: string;
      readonly memberId: string;
      readonly sessionId: string;
    }
  | { readonly kind: "not-a-member" }
  | { readonly kind: "disabled" };

/** Starts a session of 12 hours for a member. Call outside any workspace. */
export async function startSession(tx: Tx, person: Person): Promise<SignInOutcome> {
  const [row] = await tx.execute<{
    outcome: string;
    workspaceId: string | null;
    memberId: string | null;
    sessionId: string | null;
  }>(sql`
    select outcome, workspace_id as "workspaceId", member_id as "memberId", session_id as "sessionId"
    from app.sign_in(${person.tenantId}::uuid, ${person.objectId}::uuid, ${person.name},
                     ${person.userPrincipalName}, ${person.mayOwn})`);
  if (row?.workspaceId && row.memberId && row.sessionId) {
    const { workspaceId, memberId, sessionId } = row;
    return { kind: "ok", workspaceId, memberId, sessionId };
  }
  return { kind: row?.outcome === "disabled" ? "disabled" : "not-a-member" };
}

/** Ends a session. False when it was over already or is another workspace's. */
export async function revokeSession(
  tx: Tx,
  key: { readonly workspaceId: string; readonly sessionId: string },
): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(sessions.workspaceId, key.workspaceId),
        eq(sessions.id, key.sessionId),
        isNull(sessions.revokedAt),
      ),
    )
    .returning({ id: sessions.id });
  return rows.length > 0;
}
