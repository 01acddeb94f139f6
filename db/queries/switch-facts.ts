import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { licensePositions, licenses, reconciliations } from "#db/schema/licenses";
import type { SwitchConnection, SwitchFacts, SwitchLicense } from "#lib/domain/switch-facts";
import { joinPosition } from "./licenses.ts";
import { asOfColumns } from "./reconciliation-reads.ts";
import { listSupersessions, lockTenantSources } from "./supersessions.ts";

/** Which tenants a switch is about: one, or (null) all of the workspace. */
interface Scope {
  readonly workspaceId: string;
  readonly tenantId: string | null;
}

const connected = (scope: Scope) =>
  and(
    eq(connections.workspaceId, scope.workspaceId),
    ne(connections.status, "disconnected"),
    isNotNull(connections.reconciliationId),
    scope.tenantId === null ? undefined : eq(connections.tenantId, scope.tenantId),
  );

/** Everything a switch is previewed and decided on: connections with numbers, their licenses, what is in force. */
export async function loadSwitchFacts(tx: Tx, scope: Scope): Promise<SwitchFacts> {
  return {
    connections: await listSwitchConnections(tx, scope),
    licenses: await listSwitchLicenses(tx, scope),
    supersessions: await listSupersessions(tx, {
      workspaceId: scope.workspaceId,
      ...(scope.tenantId === null ? {} : { tenantId: scope.tenantId }),
    }),
  };
}

/** Connections of the workspace with published numbers, by tenant name. */
export const listConnectedTenants = (
  tx: Tx,
  key: { readonly workspaceId: string },
): Promise<readonly SwitchConnection[]> => listSwitchConnections(tx, { ...key, tenantId: null });

async function listSwitchConnections(tx: Tx, scope: Scope): Promise<readonly SwitchConnection[]> {
  const tenantName = sql<string>`coalesce(${connections.tenantName}, ${connections.name})`;
  const rows = await tx
    .select({
      connectionId: connections.id,
      tenantId: sql<string>`${connections.tenantId}`,
      tenantName,
      source: connections.source,
      directoryAsOf: asOfColumns.directoryAsOf,
    })
    .from(connections)
    .innerJoin(
      reconciliations,
      and(
        eq(reconciliations.workspaceId, connections.workspaceId),
        eq(reconciliations.id, connections.reconciliationId),
      ),
    )
    .where(and(connected(scope), isNotNull(connections.tenantId)))
    .orderBy(tenantName, connections.id);
  return rows.map((row) => ({
    ...row,
    directoryAsOf: row.directoryAsOf?.toISOString() ?? null,
  }));
}

/** Licenses as their connection's current reconciliation has them, by product. */
async function listSwitchLicenses(tx: Tx, scope: Scope): Promise<readonly SwitchLicense[]> {
  return tx
    .select({
      licenseId: licenses.id,
      connectionId: licenses.connectionId,
      source: licenses.source,
      tenantId: licenses.tenantId,
      skuId: licenses.skuId,
      productName: licenses.productName,
      partNumber: licenses.partNumber,
      type: licenses.type,
      retiredReason: licensePositions.retiredReason,
      flags: licensePositions.flags,
      entitled: licensePositions.entitled,
      consumed: licensePositions.consumed,
      available: licensePositions.available,
      reported: licensePositions.reported,
    })
    .from(connections)
    .innerJoin(
      licensePositions,
      and(
        eq(licensePositions.workspaceId, connections.workspaceId),
        eq(licensePositions.reconciliationId, connections.reconciliationId),
      ),
    )
    .innerJoin(licenses, joinPosition.license)
    .where(connected(scope))
    .orderBy(licenses.productName, licenses.id);
}

/**
 * Waits for every publish of the scope that is under way and holds off the next ones until this transaction ends, so
 * that a switch and a publish never decide past each other. Always in one order. `ending`: a connection is about to be
 * disconnected, which keeps everything else from its row.
 */
export async function lockScope(tx: Tx, scope: Scope, ending = false): Promise<void> {
  const { workspaceId, tenantId } = scope;
  await tx.execute(sql`
    select 1 from connections
    where workspace_id = ${workspaceId} and status <> 'disconnected'
      and (${tenantId}::uuid is null or tenant_id = ${tenantId}::uuid)
    order by id ${ending ? sql`for update` : sql`for no key update`}`);
  await lockTenantSources(tx, scope);
}

/** Whether the workspace has, or had, a connection of the tenant. */
export async function knowsTenant(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tenantId: string },
): Promise<boolean> {
  const rows = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(eq(connections.workspaceId, key.workspaceId), eq(connections.tenantId, key.tenantId)),
    )
    .limit(1);
  return rows.length > 0;
}
