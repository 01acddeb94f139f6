import { and, asc, desc, eq, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections, credentials } from "#db/schema/connections";
import { appCredentials } from "#db/schema/health";
import type { Cloud, ConnectionStatus } from "#lib/domain/connection";
import type { ConnectionKey } from "./connections.ts";

/** The end of a credential; null = not known. */
export interface CredentialEnd {
  readonly kind: "secret" | "certificate";
  readonly expiresAt: Date | null;
}

/** The end of the credential a connection uses; undefined without one. */
export async function findActiveEnd(
  tx: Tx,
  key: ConnectionKey,
): Promise<CredentialEnd | undefined> {
  const [row] = await tx
    .select({ kind: credentials.kind, expiresAt: credentials.expiresAt })
    .from(credentials)
    .where(
      and(
        eq(credentials.workspaceId, key.workspaceId),
        eq(credentials.connectionId, key.connectionId),
        eq(credentials.state, "active"),
      ),
    );
  return row;
}

/** A connection's own credential: the one in use, else the newest candidate. */
export interface ConnectionCredentialRow extends CredentialEnd {
  readonly connectionId: string;
  /** The tenant's name, else the connection's. */
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly state: "active" | "candidate";
  /** Microsoft said that the one in use has expired, whatever was entered for it. */
  readonly refusedAsExpired: boolean;
  /** When the connection was last verified. */
  readonly verifiedAt: Date | null;
}

/** The credentials of every connection that is not disconnected. */
export async function listConnectionCredentials(
  tx: Tx,
  workspaceId: string,
): Promise<readonly ConnectionCredentialRow[]> {
  const state = sql<"active" | "candidate">`${credentials.state}`;
  return tx
    .selectDistinctOn([credentials.connectionId], {
      connectionId: credentials.connectionId,
      name: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
      status: connections.status,
      kind: credentials.kind,
      state,
      expiresAt: credentials.expiresAt,
      refusedAsExpired: sql<boolean>`
        ${credentials.state} = 'active'
        and coalesce(${connections.problem} ->> 'code' = 'secret-expired', false)`,
      verifiedAt: connections.verifiedAt,
    })
    .from(credentials)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, credentials.workspaceId),
        eq(connections.id, credentials.connectionId),
      ),
    )
    .where(
      and(
        eq(credentials.workspaceId, workspaceId),
        inArray(credentials.state, ["active", "candidate"]),
        ne(connections.status, "disconnected"),
      ),
    )
    .orderBy(credentials.connectionId, asc(credentials.state), desc(credentials.version));
}

/** Enters the end of the credential a connection uses. False without one. */
export async function recordExpiry(
  tx: Tx,
  key: ConnectionKey,
  expiresAt: Date | null,
): Promise<boolean> {
  const rows = await tx
    .update(credentials)
    .set({ expiresAt })
    .where(
      and(
        eq(credentials.workspaceId, key.workspaceId),
        eq(credentials.connectionId, key.connectionId),
        eq(credentials.state, "active"),
      ),
    )
    .returning({ id: credentials.id });
  return rows.length === 1;
}

/** Connections with a credential in use, disconnected ones aside. */
export async function listCredentialed(tx: Tx, workspaceId: string): Promise<readonly string[]> {
  const rows = await tx
    .select({ connectionId: credentials.connectionId })
    .from(credentials)
    .where(and(eq(credentials.workspaceId, workspaceId), eq(credentials.state, "active")))
    .orderBy(asc(credentials.connectionId));
  return rows.map((row) => row.connectionId);
}

/** Clouds in which connections of the workspace rest on the installation's app. */
export async function listAppClouds(tx: Tx, workspaceId: string): Promise<readonly Cloud[]> {
  const rows = await tx
    .selectDistinct({ cloud: connections.cloud })
    .from(connections)
    .where(restsOnApp(workspaceId));
  return rows.map((row) => row.cloud);
}

const restsOnApp = (workspaceId: string) =>
  and(
    eq(connections.workspaceId, workspaceId),
    eq(connections.method, "multi-tenant-app"),
    ne(connections.status, "disconnected"),
    isNotNull(connections.provenAt),
  );

/** How many connections of the workspace rest on the installation's app, by cloud. */
export async function countAppConnections(
  tx: Tx,
  workspaceId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .select({ cloud: connections.cloud, count: sql<number>`count(*)::int` })
    .from(connections)
    .where(restsOnApp(workspaceId))
    .groupBy(connections.cloud);
  return new Map(rows.map((row) => [row.cloud, row.count]));
}

/** The installation's app in a cloud. */
export interface AppCredentialRow extends CredentialEnd {
  readonly cloud: Cloud;
}

/** The installation's apps that a worker has shown within a day. */
export async function listAppCredentials(tx: Tx): Promise<readonly AppCredentialRow[]> {
  return tx
    .select({
      cloud: appCredentials.cloud,
      kind: appCredentials.kind,
      expiresAt: appCredentials.expiresAt,
    })
    .from(appCredentials)
    .where(sql`${appCredentials.seenAt} > now() - interval '1 day'`)
    .orderBy(asc(appCredentials.cloud));
}

/** Says what a worker has for the app of a cloud. Called outside any workspace. */
export async function recordAppCredential(tx: Tx, app: AppCredentialRow): Promise<void> {
  const { cloud, kind, expiresAt } = app;
  await tx.execute(
    sql`select app.record_app_credential(${cloud}, ${kind}, ${expiresAt?.toISOString() ?? null}::timestamptz)`,
  );
}
