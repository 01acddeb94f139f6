import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { credentials } from "#db/schema/connections";
import type { ConnectionKey } from "./connections.ts";
import { retireCredentials } from "./credentials.ts";

/** A key pair that is asked for or made, and not yet used. */
export interface PreparedKeyPair {
  readonly credentialId: string;
  /** PEM; null while no worker has made it. */
  readonly certificate: string | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

const prepared = (key: ConnectionKey) =>
  and(
    eq(credentials.workspaceId, key.workspaceId),
    eq(credentials.connectionId, key.connectionId),
    eq(credentials.state, "prepared"),
  );

/** The connection's key pair in preparation. */
export async function findPreparedKeyPair(
  tx: Tx,
  key: ConnectionKey,
): Promise<PreparedKeyPair | undefined> {
  const [row] = await tx
    .select({
      credentialId: credentials.id,
      certificate: credentials.certificate,
      expiresAt: credentials.expiresAt,
      createdAt: credentials.createdAt,
    })
    .from(credentials)
    .where(prepared(key))
    .orderBy(desc(credentials.version))
    .limit(1);
  return row;
}

/** Asks for a key pair; an earlier one in preparation is retired and erased. The caller has locked the connection. */
export async function insertKeyPair(
  tx: Tx,
  asked: ConnectionKey & {
    readonly id: string;
    readonly version: number;
    readonly kid: string;
    readonly createdBy: string;
  },
): Promise<void> {
  await retireCredentials(tx, asked, "prepared");
  await tx.insert(credentials).values({ ...asked, kind: "certificate", state: "prepared" });
}

/** What a key pair that is still to be made will belong to. */
export interface DueKeyPair extends ConnectionKey {
  readonly credentialId: string;
  readonly version: number;
}

/** The key pair when it is still to be made. */
export async function findDueKeyPair(
  tx: Tx,
  key: { readonly workspaceId: string; readonly credentialId: string },
): Promise<DueKeyPair | undefined> {
  const [row] = await tx
    .select({
      workspaceId: credentials.workspaceId,
      connectionId: credentials.connectionId,
      credentialId: credentials.id,
      version: credentials.version,
    })
    .from(credentials)
    .where(
      and(
        eq(credentials.workspaceId, key.workspaceId),
        eq(credentials.id, key.credentialId),
        eq(credentials.state, "prepared"),
        isNull(credentials.certificate),
      ),
    );
  return row;
}

/** Stores what a worker made. False when another one was faster or the pair is wanted no more. */
export async function recordKeyPair(
  tx: Tx,
  key: { readonly workspaceId: string; readonly credentialId: string },
  made: {
    readonly sealed: string;
    readonly kid: string;
    readonly certificate: string;
    readonly expiresAt: Date;
  },
): Promise<boolean> {
  const rows = await tx
    .update(credentials)
    .set(made)
    .where(
      and(
        eq(credentials.workspaceId, key.workspaceId),
        eq(credentials.id, key.credentialId),
        eq(credentials.state, "prepared"),
        isNull(credentials.certificate),
      ),
    )
    .returning({ id: credentials.id });
  return rows.length === 1;
}

/**
 * Makes a finished key pair the connection's candidate, in place of any other; `clientId`: another app than the
 * connection's, null for the connection's. Undefined when there is no such pair.
 */
export async function promoteKeyPair(
  tx: Tx,
  key: ConnectionKey & { readonly credentialId: string; readonly clientId: string | null },
): Promise<{ readonly version: number } | undefined> {
  const [row] = await tx
    .select({ version: credentials.version })
    .from(credentials)
    .where(
      and(prepared(key), eq(credentials.id, key.credentialId), isNotNull(credentials.certificate)),
    );
  if (row === undefined) return undefined;
  await retireCredentials(tx, key, "candidate");
  await tx
    .update(credentials)
    .set({ state: "candidate", clientId: key.clientId })
    .where(and(eq(credentials.workspaceId, key.workspaceId), eq(credentials.id, key.credentialId)));
  return row;
}

/** Key pairs somebody should make, across workspaces. Ids only. */
export async function listDueKeyPairs(
  tx: Tx,
): Promise<readonly { readonly workspaceId: string; readonly credentialId: string }[]> {
  const rows = await tx.execute<{ workspace_id: string; credential_id: string }>(
    sql`select workspace_id, credential_id from app.key_pairs_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, credentialId: row.credential_id }));
}
