import { and, asc, desc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { credentials } from "#db/schema/connections";
import type { ConnectionKey } from "./connections.ts";

const ofConnection = (key: ConnectionKey) =>
  and(eq(credentials.workspaceId, key.workspaceId), eq(credentials.connectionId, key.connectionId));

/** The credential people are shown: the active one, else the newest candidate. Never the sealed value. */
export interface CredentialFacts {
  readonly connectionId: string;
  readonly kind: "secret" | "certificate";
  readonly expiresAt: Date | null;
  readonly version: number;
  readonly state: "candidate" | "active";
  /** PEM, public; null for a secret. */
  readonly certificate: string | null;
}

/** One credential per connection that has any. */
export async function listCredentialFacts(
  tx: Tx,
  query: { readonly workspaceId: string; readonly connectionIds: readonly string[] },
): Promise<ReadonlyMap<string, CredentialFacts>> {
  if (query.connectionIds.length === 0) return new Map();
  const rows = await tx
    .selectDistinctOn([credentials.connectionId], {
      connectionId: credentials.connectionId,
      kind: credentials.kind,
      expiresAt: credentials.expiresAt,
      version: credentials.version,
      state: credentials.state,
      certificate: credentials.certificate,
    })
    .from(credentials)
    .where(
      and(
        eq(credentials.workspaceId, query.workspaceId),
        inArray(credentials.connectionId, [...query.connectionIds]),
        inArray(credentials.state, ["candidate", "active"]),
      ),
    )
    .orderBy(credentials.connectionId, asc(credentials.state), desc(credentials.version));
  return new Map(
    rows.map((row) => [
      row.connectionId,
      { ...row, state: row.state === "active" ? "active" : "candidate" },
    ]),
  );
}

/** A credential on its way: verified before it is used. */
export interface NewCredential {
  readonly workspaceId: string;
  readonly id: string;
  readonly connectionId: string;
  readonly version: number;
  readonly kind: "secret" | "certificate";
  /** Another app than the connection's; null = the connection's. */
  readonly clientId: string | null;
  readonly sealed: string;
  readonly kid: string;
  /** PEM, public; null for a secret. */
  readonly certificate: string | null;
  readonly expiresAt: Date | null;
  readonly createdBy: string;
}

/** Stores a sealed candidate; earlier candidates are retired and erased, the active one goes on. */
export async function insertCandidate(tx: Tx, credential: NewCredential): Promise<void> {
  await retireCredentials(tx, credential, "candidate");
  await tx.insert(credentials).values({ ...credential, state: "candidate" });
}

/** Retires and erases the connection's credentials in that state. */
export async function retireCredentials(
  tx: Tx,
  key: ConnectionKey,
  state: "prepared" | "candidate",
): Promise<void> {
  await tx
    .update(credentials)
    .set({ state: "retired", sealed: null, retiredAt: sql`now()` })
    .where(and(ofConnection(key), eq(credentials.state, state)));
}

/** The next version of the connection's credentials; the caller has locked the connection. */
export async function nextCredentialVersion(tx: Tx, key: ConnectionKey): Promise<number> {
  const [row] = await tx
    .select({ version: sql<number>`coalesce(max(${credentials.version}), 0) + 1` })
    .from(credentials)
    .where(ofConnection(key));
  return row?.version ?? 1;
}

/** The newest candidate that still has its secret. */
export async function findCandidate(tx: Tx, key: ConnectionKey): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: credentials.id })
    .from(credentials)
    .where(
      and(ofConnection(key), eq(credentials.state, "candidate"), isNull(credentials.retiredAt)),
    );
  return row?.id;
}

/** Whether the connection has a credential that has worked and is in use. */
export async function hasActiveCredential(tx: Tx, key: ConnectionKey): Promise<boolean> {
  const rows = await tx
    .select({ id: credentials.id })
    .from(credentials)
    .where(and(ofConnection(key), eq(credentials.state, "active")));
  return rows.length > 0;
}

/** Makes a verified candidate the active credential; the one before it is retired and erased. */
export async function activateCredential(
  tx: Tx,
  key: ConnectionKey,
  candidate: SealedCredential,
): Promise<void> {
  await tx
    .update(credentials)
    .set({ state: "retired", sealed: null, retiredAt: sql`now()` })
    .where(
      and(
        ofConnection(key),
        ne(credentials.id, candidate.credentialId),
        inArray(credentials.state, ["active", "candidate", "prepared"]),
        sql`${credentials.version} < ${candidate.version}`,
      ),
    );
  await tx
    .update(credentials)
    .set({ state: "active", activatedAt: sql`now()` })
    .where(
      and(
        eq(credentials.workspaceId, key.workspaceId),
        eq(credentials.id, candidate.credentialId),
        eq(credentials.state, "candidate"),
      ),
    );
}

/** Erases every secret of the connection and retires the rows. Returns how many were not retired before. */
export async function eraseCredentials(tx: Tx, key: ConnectionKey): Promise<number> {
  const rows = await tx
    .update(credentials)
    .set({
      sealed: null,
      retiredAt: sql`coalesce(${credentials.retiredAt}, now())`,
      state: "retired",
    })
    .where(ofConnection(key))
    .returning({ id: credentials.id });
  return rows.length;
}

/** A credential row as the worker opens it. */
export interface SealedCredential {
  readonly credentialId: string;
  readonly version: number;
  readonly kind: "secret" | "certificate";
  readonly state: "prepared" | "candidate" | "active" | "retired";
  /** The app it belongs to; null = the connection's. */
  readonly clientId: string | null;
  /** Null once erased. */
  readonly sealed: string | null;
}

const sealedColumns = {
  credentialId: credentials.id,
  version: credentials.version,
  kind: credentials.kind,
  state: credentials.state,
  clientId: credentials.clientId,
  sealed: credentials.sealed,
};

/** One credential with its sealed secret; undefined for an unknown id. */
export async function findSealedCredential(
  tx: Tx,
  key: { readonly workspaceId: string; readonly credentialId: string },
): Promise<SealedCredential | undefined> {
  const [row] = await tx
    .select(sealedColumns)
    .from(credentials)
    .where(and(eq(credentials.workspaceId, key.workspaceId), eq(credentials.id, key.credentialId)));
  return row;
}

/** The credential in use, else the newest candidate; undefined when the connection has none. */
export async function findUsableCredential(
  tx: Tx,
  key: ConnectionKey,
): Promise<SealedCredential | undefined> {
  const [row] = await tx
    .select(sealedColumns)
    .from(credentials)
    .where(and(ofConnection(key), inArray(credentials.state, ["active", "candidate"])))
    .orderBy(sql`${credentials.state} = 'active' desc`, desc(credentials.version))
    .limit(1);
  return row;
}
