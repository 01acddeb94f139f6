import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Source } from "#lib/domain/connection";
import type { RetiredReason } from "#lib/domain/license";
import { leftOutOf, supersededOnArrival, type TenantSources } from "#lib/domain/precedence";
import { recordAudit, systemAuditActor } from "./audit.ts";
import type { Basis } from "./reconcile-basis.ts";
import { insertSupersession, listSupersessions, lockTenantSources } from "./supersessions.ts";

/**
 * Why all of the connection's licenses are left out of every total, whatever their figures say; null = they count.
 * Follows from the connection's state, the tenant's other sources and the supersessions alone, so that undoing one of
 * them brings everything back. Source: DESIGN §5 Superseding.
 */
export async function findRetirement(tx: Tx, basis: Basis): Promise<RetiredReason | null> {
  const { workspaceId, connectionId, source, tenantId, status } = basis.connection;
  if (status === "disconnected") return "disconnected";
  await lockTenantSources(tx, { workspaceId, tenantId });
  const { others, arriving } = await otherSources(tx, { workspaceId, tenantId, connectionId });
  const rows = await listSupersessions(tx, { workspaceId, tenantId });
  const tenant: TenantSources = { tenantId, present: others, supersessions: rows };
  const by = arriving ? supersededOnArrival(source, tenant) : null;
  if (by === null) return leftOutOf(source, tenant);
  const supersession = { by, tenantId };
  const id = await insertSupersession(tx, {
    workspaceId,
    supersession,
    createdBy: systemAuditActor.name,
  });
  await recordAudit(tx, {
    workspaceId,
    actor: systemAuditActor,
    action: "supersession.created",
    target: { kind: "supersession", id },
    details: { ...supersession, because: "it counted there first", arrived: source },
  });
  return leftOutOf(source, { ...tenant, supersessions: [...rows, supersession] });
}

/** The tenant's other connections with numbers, and whether this one is about to get its first. */
async function otherSources(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tenantId: string; readonly connectionId: string },
): Promise<{ readonly others: readonly Source[]; readonly arriving: boolean }> {
  const rows = await tx.execute<{ id: string; source: Source; published: boolean }>(sql`
    select id, source, reconciliation_id is not null as published from connections
    where workspace_id = ${key.workspaceId} and tenant_id = ${key.tenantId}
      and status <> 'disconnected'`);
  return {
    others: rows.flatMap((row) =>
      row.published && row.id !== key.connectionId ? [row.source] : [],
    ),
    arriving: rows.some((row) => row.id === key.connectionId && !row.published),
  };
}
