import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import type {
  Cloud,
  ConnectionStatus,
  DisconnectReason,
  Method,
  Source,
} from "#lib/domain/connection";
import type { ConnectionKey } from "./connections.ts";

export interface NewConnection {
  readonly workspaceId: string;
  readonly id: string;
  readonly name: string;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  readonly tenantId: string | null;
  readonly tenantHint: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  readonly createdBy: string;
  /** Whose first import starts by itself once the connection is verified. */
  readonly firstImportBy?: string;
}

/** False when the workspace already has this (tenant, source): the unique index decides. */
export async function insertConnection(tx: Tx, connection: NewConnection): Promise<boolean> {
  const rows = await tx
    .insert(connections)
    .values(connection)
    .onConflictDoNothing({
      target: [connections.workspaceId, connections.tenantId, connections.source],
      where: sql`tenant_id is not null and status <> 'disconnected'`,
    })
    .returning({ id: connections.id });
  return rows.length === 1;
}

/**
 * Takes the wish that the first import starts by itself: whose it was, once, and null for a connection that was imported
 * before. The caller has locked the connection.
 */
export async function takeFirstImport(tx: Tx, key: ConnectionKey): Promise<string | null> {
  const [wish] = await tx.execute<{ asked_by: string; imported: boolean }>(sql`
    with wish as (
      select workspace_id, id, first_import_by from connections
      where workspace_id = ${key.workspaceId} and id = ${key.connectionId}
        and first_import_by is not null)
    update connections c set first_import_by = null
    from wish w
    where c.workspace_id = w.workspace_id and c.id = w.id
    returning w.first_import_by as asked_by, exists (
      select from imports i where i.workspace_id = w.workspace_id and i.connection_id = w.id) as imported`);
  return wish === undefined || wish.imported ? null : wish.asked_by;
}

/** What a member may change of a connection; undefined leaves it as it is. */
export interface ConnectionChange {
  readonly name?: string | undefined;
  readonly enterprise?: string | null | undefined;
  readonly method?: Method | undefined;
  readonly cloud?: Cloud | undefined;
  readonly tenantId?: string | null | undefined;
  readonly tenantHint?: string | null | undefined;
  readonly clientId?: string | undefined;
  readonly status?: ConnectionStatus | undefined;
  readonly consentedAt?: Date | null | undefined;
  /** Null forgets why the status was `action-needed`. */
  readonly problem?: null | undefined;
}

const ofKey = (key: ConnectionKey) =>
  and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId));

/** Changes a connection that the caller has locked. */
export async function changeConnection(
  tx: Tx,
  key: ConnectionKey,
  change: ConnectionChange,
): Promise<void> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await tx
    .update(connections)
    .set({ ...set, updatedAt: sql`now()` })
    .where(ofKey(key));
}

/** The administrator came back from Microsoft with consent. */
export async function recordConsented(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx
    .update(connections)
    .set({ consentedAt: sql`now()`, updatedAt: sql`now()` })
    .where(ofKey(key));
}

/** Ends the link: status, date, who and why. Its numbers stay for the history. */
export async function recordDisconnected(
  tx: Tx,
  key: ConnectionKey,
  ended: { readonly by: string; readonly because: DisconnectReason },
): Promise<void> {
  await tx
    .update(connections)
    .set({
      status: "disconnected",
      problem: null,
      disconnectedAt: sql`now()`,
      disconnectedBy: ended.by,
      disconnectedBecause: ended.because,
      updatedAt: sql`now()`,
    })
    .where(ofKey(key));
}

/** Gives up the claim on (tenant, source), so that another connection may prove it. */
export async function releaseClaim(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx.execute(
    sql`select app.release_claim(${key.workspaceId}::uuid, ${key.connectionId}::uuid)`,
  );
}
