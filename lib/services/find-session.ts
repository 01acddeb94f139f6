import { findSessionFacts } from "#db/queries/sessions";
import type { Ctx, Platform } from "./context.ts";
import { guid } from "./input.ts";

/** A signed-in member: what use cases act with, and what the shell shows. */
export interface FoundSession {
  readonly ctx: Ctx;
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string };
  readonly member: {
    readonly id: string;
    readonly name: string;
    readonly tenantId: string;
    readonly objectId: string;
  };
}

/**
 * The session as it stands now; null when it is unknown, revoked or expired, or its member disabled. Looked up for every
 * request. Source: fault-catalogue C10, C11.
 */
export async function findSession(
  platform: Platform,
  sessionId: string,
): Promise<FoundSession | null> {
  const id = guid.safeParse(sessionId);
  if (!id.success) return null;
  const facts = await platform.db.outside((tx) => findSessionFacts(tx, id.data));
  if (facts === undefined) return null;
  const { workspaceId, memberId, name, role } = facts;
  return {
    ctx: {
      platform,
      workspaceId,
      actor: { kind: "member", id: memberId, name, role, sessionId: facts.sessionId },
    },
    workspace: { id: workspaceId, slug: facts.workspaceSlug, name: facts.workspaceName },
    member: { id: memberId, name, tenantId: facts.tenantId, objectId: facts.objectId },
  };
}
