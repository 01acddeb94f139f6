import { and, asc, eq, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { saasOrganisations } from "#db/schema/saas-management";
import type { Cloud, ConnectionStatus } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import type { ListedApplication, SaasRegion } from "#lib/domain/saas-organisation";
import type { ConnectionKey } from "./connections.ts";
import type { OrganisationKey } from "./saas-organisations.ts";

const ofOrganisation = (key: OrganisationKey) =>
  and(
    eq(connections.workspaceId, key.workspaceId),
    eq(connections.organisationId, key.organisationId),
  );

/** A connection that reads one of the organisation's applications. */
export interface OrganisationConnection {
  readonly id: string;
  readonly name: string;
  readonly organisationId: string;
  readonly managedAppId: string;
  readonly tenantId: string | null;
  readonly status: ConnectionStatus;
  readonly problem: Failure | null;
}

/** The connections of one organisation, or with null of all; disconnected ones aside. */
export async function listOrganisationConnections(
  tx: Tx,
  query: { readonly workspaceId: string; readonly organisationId: string | null },
): Promise<readonly OrganisationConnection[]> {
  const rows = await tx
    .select({
      id: connections.id,
      name: connections.name,
      organisationId: connections.organisationId,
      managedAppId: connections.managedAppId,
      tenantId: connections.tenantId,
      status: connections.status,
      problem: connections.problem,
    })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, query.workspaceId),
        query.organisationId === null
          ? sql`${connections.organisationId} is not null`
          : eq(connections.organisationId, query.organisationId),
        ne(connections.status, "disconnected"),
      ),
    )
    .orderBy(asc(connections.name), asc(connections.id));
  return rows.flatMap(({ organisationId, managedAppId, ...row }) =>
    organisationId === null || managedAppId === null
      ? []
      : [{ ...row, organisationId, managedAppId }],
  );
}

/** The application a connection reads, and whose it is; undefined for another source. */
export async function findApplicationOf(
  tx: Tx,
  key: ConnectionKey,
): Promise<
  | {
      readonly organisationId: string;
      readonly organisationName: string;
      readonly region: SaasRegion;
      readonly orgId: string;
      readonly managedAppId: string;
      readonly applications: readonly ListedApplication[];
    }
  | undefined
> {
  const [row] = await tx
    .select({
      organisationId: saasOrganisations.id,
      organisationName: saasOrganisations.name,
      region: saasOrganisations.region,
      orgId: saasOrganisations.orgId,
      managedAppId: connections.managedAppId,
      applications: saasOrganisations.applications,
    })
    .from(connections)
    .innerJoin(
      saasOrganisations,
      and(
        eq(saasOrganisations.workspaceId, connections.workspaceId),
        eq(saasOrganisations.id, connections.organisationId),
      ),
    )
    .where(and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)));
  return row?.managedAppId == null ? undefined : { ...row, managedAppId: row.managedAppId };
}

/** The connection that reads that application already; disconnected ones do not count. */
export async function findConnectionOfApplication(
  tx: Tx,
  asked: OrganisationKey & { readonly managedAppId: string },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, asked.workspaceId),
        eq(connections.organisationId, asked.organisationId),
        eq(connections.managedAppId, asked.managedAppId),
        ne(connections.status, "disconnected"),
      ),
    );
  return row?.id;
}

/** What a SaaS Management connection is made of. It is ready at once: its organisation is verified. */
export interface NewSaasConnection extends OrganisationKey {
  readonly id: string;
  readonly name: string;
  readonly managedAppId: string;
  readonly tenantId: string;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly cloud: Cloud;
  readonly verifiedAt: Date;
  readonly createdBy: string;
}

/** False when the tenant, or the application, has a SaaS Management connection: the unique indexes decide. */
export async function insertSaasConnection(
  tx: Tx,
  connection: NewSaasConnection,
): Promise<boolean> {
  const rows = await tx
    .insert(connections)
    .values({
      ...connection,
      source: "saas-management",
      method: null,
      status: "ready",
      tenantHint: connection.tenantId,
      provenAt: sql`now()`,
    })
    .onConflictDoNothing()
    .returning({ id: connections.id });
  return rows.length === 1;
}

/** A tenant the workspace knows from its connections of any source. */
export interface KnownTenant {
  readonly tenantId: string;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly connectionName: string;
  readonly cloud: Cloud;
}

/** The tenants of the workspace's living connections, once each; what Microsoft said of them before what was entered. */
export async function listKnownTenants(
  tx: Tx,
  query: { readonly workspaceId: string; readonly tenantId?: string },
): Promise<readonly KnownTenant[]> {
  const rows = await tx
    .selectDistinctOn([connections.tenantId], {
      tenantId: connections.tenantId,
      tenantName: connections.tenantName,
      tenantDomain: connections.tenantDomain,
      connectionName: connections.name,
      cloud: connections.cloud,
    })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, query.workspaceId),
        ne(connections.status, "disconnected"),
        ne(connections.source, "saas-management"),
        query.tenantId === undefined
          ? isNotNull(connections.tenantId)
          : eq(connections.tenantId, query.tenantId),
      ),
    )
    .orderBy(connections.tenantId, sql`${connections.tenantName} is null`, connections.createdAt);
  return rows.flatMap(({ tenantId, ...row }) => (tenantId === null ? [] : [{ tenantId, ...row }]));
}

/** Locks the organisation's connections of that kind, in the order everybody locks connections in. */
async function lockOf(
  tx: Tx,
  key: OrganisationKey,
  statuses: readonly ConnectionStatus[],
): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(and(ofOrganisation(key), inArray(connections.status, [...statuses])))
    .orderBy(asc(connections.id))
    .for("update");
  return rows.map((row) => row.id);
}

/**
 * The organisation's connections that a lost credential stopped, and whose application is among those listed, are ready
 * again. Returns their ids.
 */
export async function healOrganisationConnections(
  tx: Tx,
  key: OrganisationKey,
  listed: readonly string[],
): Promise<readonly string[]> {
  const locked = await lockOf(tx, key, ["action-needed"]);
  if (locked.length === 0) return [];
  const rows = await tx
    .update(connections)
    .set({ status: "ready", problem: null, verifiedAt: sql`now()`, updatedAt: sql`now()` })
    .where(
      and(
        ofOrganisation(key),
        inArray(connections.id, [...locked]),
        inArray(connections.managedAppId, [...listed]),
        sql`${connections.problem} ->> 'class' in ('credential', 'permission', 'tenant')`,
      ),
    )
    .returning({ id: connections.id });
  return rows.map((row) => row.id);
}

/** The credential in use works no more: the organisation's connections need somebody. Returns their ids. */
export async function stopOrganisationConnections(
  tx: Tx,
  key: OrganisationKey,
  problem: Failure,
): Promise<readonly string[]> {
  const locked = await lockOf(tx, key, ["ready", "action-needed"]);
  if (locked.length === 0) return [];
  await tx
    .update(connections)
    .set({ status: "action-needed", problem, updatedAt: sql`now()` })
    .where(and(ofOrganisation(key), inArray(connections.id, [...locked])));
  return locked;
}
