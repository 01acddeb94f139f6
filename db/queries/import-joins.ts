import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { importJoins } from "#db/schema/imports";
import type { ImportTrigger } from "#lib/domain/import";

/** Somebody who asked for an import while it was under way, and got it. */
export interface JoinRow {
  readonly importId: string;
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  readonly joinedAt: Date;
}

/** Keeps who was answered by an import under way; nothing when it is who asked for it in the first place. */
export async function recordJoin(
  tx: Tx,
  join: Omit<JoinRow, "joinedAt"> & { readonly workspaceId: string },
): Promise<void> {
  await tx.execute(sql`
    insert into import_joins (workspace_id, import_id, trigger, requested_by)
    select i.workspace_id, i.id, ${join.trigger}, ${join.requestedBy} from imports i
    where i.workspace_id = ${join.workspaceId} and i.id = ${join.importId}
      and (i.trigger, i.requested_by) is distinct from (${join.trigger}, ${join.requestedBy})
    on conflict do nothing`);
}

/** Who joined imports, in the order they came, by import. */
export async function listJoinsOfImports(
  tx: Tx,
  query: { readonly workspaceId: string; readonly importIds: readonly string[] },
): Promise<ReadonlyMap<string, readonly JoinRow[]>> {
  if (query.importIds.length === 0) return new Map();
  const rows = await tx
    .select({
      importId: importJoins.importId,
      trigger: importJoins.trigger,
      requestedBy: importJoins.requestedBy,
      joinedAt: importJoins.joinedAt,
    })
    .from(importJoins)
    .where(
      and(
        eq(importJoins.workspaceId, query.workspaceId),
        inArray(importJoins.importId, [...query.importIds]),
      ),
    )
    .orderBy(asc(importJoins.joinedAt));
  return Map.groupBy(rows, ({ importId }) => importId);
}
