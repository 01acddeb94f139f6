import { and, eq } from "drizzle-orm";
import type { Tx } from "#db/client";
import { members } from "#db/schema/workspaces";
import type { MemberItem } from "#lib/domain/read-models";

/** Members by name, at most `limit` after `after`; instants ISO UTC. */
export async function listMemberRows(
  tx: Tx,
  query: { readonly workspaceId: string; readonly limit: number },
): Promise<readonly MemberItem[]> {
  const rows = await tx
    .select({
      id: members.id,
      name: members.name,
      userPrincipalName: members.userPrincipalName,
      tenantId: members.tenantId,
      role: members.role,
      createdAt: members.createdAt,
      lastSeenAt: members.lastSeenAt,
      disabledAt: members.disabledAt,
    })
    .from(members)
    .where(and(eq(members.workspaceId, query.workspaceId)))
    .orderBy(members.name, members.id)
    .limit(query.limit);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
  }));
}
