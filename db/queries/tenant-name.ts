import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";

/** What a tenant is called: first as Microsoft says it, then as another of the workspace's connections has it. */
export async function findTenantName(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tenantId: string },
): Promise<string | null> {
  const [row] = await tx
    .select({ name: connections.tenantName })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, key.workspaceId),
        eq(connections.tenantId, key.tenantId),
        isNotNull(connections.tenantName),
      ),
    )
    .orderBy(
      sql`${connections.source} = 'saas-management'`,
      sql`${connections.status} = 'disconnected'`,
      connections.createdAt,
    )
    .limit(1);
  return row?.name ?? null;
}
