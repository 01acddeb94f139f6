import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { members } from "#db/schema/workspaces";
import type { MemberItem } from "#lib/domain/member-item";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValueText } from "./keyset.ts";

const byName: SortKey = { expression: sql`${members.name}`, type: "text", descending: false };

/** Members by name, continued after `after`; instants ISO UTC. */
export async function listMemberRows(
  tx: Tx,
  query: { readonly workspaceId: string; readonly after: After | null; readonly limit: number },
): Promise<readonly { readonly item: MemberItem; readonly after: After }[]> {
  const id = sql`${members.id}`;
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
      sortText: sortValueText(byName),
    })
    .from(members)
    .where(
      and(eq(members.workspaceId, query.workspaceId), keysetAfter(byName, id, "uuid", query.after)),
    )
    .orderBy(keysetOrder(byName, id))
    .limit(query.limit);
  return rows.map(({ sortText, ...row }) => ({
    item: {
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
      disabledAt: row.disabledAt?.toISOString() ?? null,
    },
    after: { key: sortText, id: row.id },
  }));
}
