import { and, desc, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { datasetRuns, importRuns } from "#db/schema/imports";
import { licensePositions, reconciliations } from "#db/schema/licenses";
import type {
  Cloud,
  ConnectionStatus,
  DisconnectReason,
  Method,
  Source,
} from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import { type LeftOutReason, leftOutReasons } from "#lib/domain/license";
import type { AsOf } from "#lib/domain/read-models";
import { type ConnectionSort, connectionSortKey, isHeld } from "./connection-sort.ts";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValueText } from "./keyset.ts";
import { matchesText } from "./license-search.ts";
import { asOfColumns, toAsOf } from "./reconciliation-reads.ts";

/** Names one connection of one workspace. */
export interface ConnectionKey {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** A connection with its figures, before its last import and failure are put into words. */
export interface ConnectionRow {
  readonly id: string;
  readonly name: string;
  /** The customer's own label of the enterprise; null = none. */
  readonly enterprise: string | null;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly tenantHint: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  readonly problem: Failure | null;
  readonly declinedPermissions: readonly string[];
  readonly askedPermissions: readonly string[] | null;
  readonly consentedAt: Date | null;
  readonly provenAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly reconciliationId: number | null;
  readonly asOf: AsOf;
  readonly licenses: number;
  readonly atRisk: number;
  readonly idleUnits: number | null;
  readonly leftOut: LeftOutReason | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly disconnectedAt: Date | null;
  readonly disconnectedBy: string | null;
  readonly disconnectedBecause: DisconnectReason | null;
  readonly after: After;
}

const positionFigure = <Figure extends number | null = number>(figure: SQL) =>
  sql<Figure>`(select (${figure})::int from ${licensePositions} p
    where p.workspace_id = ${connections.workspaceId}
      and p.reconciliation_id = ${connections.reconciliationId} and p.status = 'active')`;

const columns = {
  id: connections.id,
  name: connections.name,
  enterprise: connections.enterprise,
  source: connections.source,
  method: connections.method,
  cloud: connections.cloud,
  tenantId: connections.tenantId,
  tenantName: connections.tenantName,
  tenantDomain: connections.tenantDomain,
  tenantHint: connections.tenantHint,
  clientId: connections.clientId,
  status: connections.status,
  problem: connections.problem,
  declinedPermissions: connections.declinedPermissions,
  askedPermissions: connections.askedPermissions,
  consentedAt: connections.consentedAt,
  provenAt: connections.provenAt,
  verifiedAt: connections.verifiedAt,
  reconciliationId: connections.reconciliationId,
  licenses: positionFigure(sql`count(*)`),
  atRisk: positionFigure(sql`count(*) filter (where p.compliance = 'at-risk')`),
  idleUnits: positionFigure<number | null>(sql`case
    when sum(p.idle_units + coalesce(p.unassigned_units, 0)) = 0
      and bool_or(p.activity is null and p.consumed is not null)
      and not bool_or(p.activity is not null) then null
    else coalesce(sum(p.idle_units + coalesce(p.unassigned_units, 0)), 0) end`),
  leftOut: sql<LeftOutReason | null>`(select p.retired_reason from ${licensePositions} p
    where p.workspace_id = ${connections.workspaceId}
      and p.reconciliation_id = ${connections.reconciliationId}
      and p.retired_reason in (${sql.join(
        leftOutReasons.map((reason) => sql`${reason}`),
        sql`, `,
      )}) limit 1)`,
  createdAt: connections.createdAt,
  createdBy: connections.createdBy,
  disconnectedAt: connections.disconnectedAt,
  disconnectedBy: connections.disconnectedBy,
  disconnectedBecause: connections.disconnectedBecause,
  ...asOfColumns,
};

const selectConnections = (tx: Tx, key: SortKey = connectionSortKey("tenant")) =>
  tx
    .select({ ...columns, sortText: sortValueText(key) })
    .from(connections)
    .leftJoin(
      reconciliations,
      and(
        eq(reconciliations.workspaceId, connections.workspaceId),
        eq(reconciliations.id, connections.reconciliationId),
      ),
    );

type Selected = Awaited<ReturnType<typeof selectConnections>>[number];

const toRow = ({
  directoryAsOf,
  signInsAsOf,
  usageOn,
  sortText,
  ...row
}: Selected): ConnectionRow => ({
  ...row,
  asOf: toAsOf({ directoryAsOf, signInsAsOf, usageOn }),
  after: { key: sortText, id: row.id },
});

/** What a list of connections is about. */
export interface ConnectionFilters {
  readonly workspaceId: string;
  readonly tenantId?: string | undefined;
  readonly search?: string | undefined;
  readonly status?: ConnectionStatus | undefined;
  readonly source?: Source | undefined;
  readonly enterprise?: string | undefined;
  /** Disconnected ones too. */
  readonly disconnected?: boolean | undefined;
}

const matching = (query: ConnectionFilters) =>
  and(
    eq(connections.workspaceId, query.workspaceId),
    query.disconnected || query.status === "disconnected"
      ? undefined
      : ne(connections.status, "disconnected"),
    query.tenantId === undefined ? undefined : eq(connections.tenantId, query.tenantId),
    query.status === undefined ? undefined : eq(connections.status, query.status),
    query.source === undefined ? undefined : eq(connections.source, query.source),
    query.enterprise === undefined ? undefined : eq(connections.enterprise, query.enterprise),
    query.search === undefined
      ? undefined
      : matchesText(query.search, [
          sql`${connections.name}`,
          sql`${connections.enterprise}`,
          sql`${connections.tenantName}`,
          sql`${connections.tenantDomain}`,
          sql`${connections.tenantId}::text`,
        ]),
  );

/** Connections of the filters in the sort's order. Figures: licenses, seats. */
export async function listConnectionRows(
  tx: Tx,
  query: ConnectionFilters & {
    readonly sort: ConnectionSort;
    readonly after: After | null;
    readonly limit: number;
  },
): Promise<readonly ConnectionRow[]> {
  const id = sql`${connections.id}`;
  const key = connectionSortKey(query.sort);
  const rows = await selectConnections(tx, key)
    .where(and(matching(query), keysetAfter(key, id, "uuid", query.after)))
    .orderBy(keysetOrder(key, id))
    .limit(query.limit);
  return rows.map(toRow);
}

/** Connections per enterprise and status, over all pages; null = those without an enterprise. */
export async function countConnections(
  tx: Tx,
  filters: ConnectionFilters,
): Promise<
  readonly {
    readonly enterprise: string | null;
    readonly status: ConnectionStatus;
    readonly connections: number;
    readonly held: number;
  }[]
> {
  return tx
    .select({
      enterprise: connections.enterprise,
      status: connections.status,
      connections: sql<number>`count(*)::int`,
      held: sql<number>`count(*) filter (where ${isHeld})::int`,
    })
    .from(connections)
    .where(matching(filters))
    .groupBy(connections.enterprise, connections.status);
}

/** The label another connection carries that differs at most in case: one enterprise is spelt one way. */
export async function findEnterprise(
  tx: Tx,
  key: { readonly workspaceId: string; readonly enterprise: string },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ enterprise: connections.enterprise })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, key.workspaceId),
        sql`lower(${connections.enterprise}) = lower(${key.enterprise})`,
      ),
    )
    .orderBy(connections.createdAt)
    .limit(1);
  return row?.enterprise ?? undefined;
}

/** Undefined for an unknown id and for another workspace's. */
export async function findConnection(
  tx: Tx,
  key: ConnectionKey,
): Promise<ConnectionRow | undefined> {
  const [row] = await selectConnections(tx).where(
    and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)),
  );
  return row && toRow(row);
}

/** What a change of a connection is decided on; the row stays locked until the transaction ends. */
export interface LockedConnection {
  readonly id: string;
  readonly name: string;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  readonly tenantId: string | null;
  readonly tenantHint: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  /** When the tenant was proven; the answers of a registered app may change until then. */
  readonly provenAt: Date | null;
}

/** Locks the row, so that imports, publishing and disconnecting take turns. DESIGN §4.6. */
export async function lockConnection(
  tx: Tx,
  key: ConnectionKey,
): Promise<LockedConnection | undefined> {
  const [row] = await tx
    .select({
      id: connections.id,
      name: connections.name,
      source: connections.source,
      method: connections.method,
      cloud: connections.cloud,
      tenantId: connections.tenantId,
      tenantHint: connections.tenantHint,
      clientId: connections.clientId,
      status: connections.status,
      provenAt: connections.provenAt,
    })
    .from(connections)
    .where(and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)))
    .for("update");
  return row;
}

/** The connection that already links this tenant for this source; disconnected ones do not count. */
export async function findConnectionOfTenant(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tenantId: string; readonly source: Source },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, key.workspaceId),
        eq(connections.tenantId, key.tenantId),
        eq(connections.source, key.source),
        ne(connections.status, "disconnected"),
      ),
    );
  return row?.id;
}

/** Other connections of the workspace for the same (tenant, source), the newest first: what was before, or came after. */
export async function listConnectionsOfTenant(
  tx: Tx,
  key: {
    readonly workspaceId: string;
    readonly tenantId: string;
    readonly source: Source;
    readonly butFor: string;
  },
): Promise<readonly { id: string; name: string; disconnectedAt: Date | null }[]> {
  return tx
    .select({
      id: connections.id,
      name: connections.name,
      disconnectedAt: connections.disconnectedAt,
    })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, key.workspaceId),
        eq(connections.tenantId, key.tenantId),
        eq(connections.source, key.source),
        ne(connections.id, key.butFor),
      ),
    )
    .orderBy(desc(connections.createdAt), connections.id)
    .limit(10);
}

/** The import of each connection's newest held run. */
export async function listHeldImports(
  tx: Tx,
  query: { readonly workspaceId: string; readonly connectionIds: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  if (query.connectionIds.length === 0) return new Map();
  const rows = await tx
    .selectDistinctOn([datasetRuns.connectionId], {
      connectionId: datasetRuns.connectionId,
      importId: importRuns.importId,
    })
    .from(datasetRuns)
    .innerJoin(
      importRuns,
      and(
        eq(importRuns.workspaceId, datasetRuns.workspaceId),
        eq(importRuns.runId, datasetRuns.id),
        eq(importRuns.adopted, false),
      ),
    )
    .where(
      and(
        eq(datasetRuns.workspaceId, query.workspaceId),
        inArray(datasetRuns.connectionId, [...query.connectionIds]),
        eq(datasetRuns.state, "suspect"),
      ),
    )
    .orderBy(datasetRuns.connectionId, desc(datasetRuns.createdAt));
  return new Map(rows.map((row) => [row.connectionId, row.importId]));
}
