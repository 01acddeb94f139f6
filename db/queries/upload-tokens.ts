import { createHash, randomBytes } from "node:crypto";
import { and, desc, eq, gt, isNotNull, isNull, ne, notExists, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { uploadTokens } from "#db/schema/packages";
import type { ConnectionKey } from "./connections.ts";

/** A live upload token: the one connection it may upload to. */
export interface UploadTokenFacts extends ConnectionKey {
  readonly tokenId: string;
  readonly name: string;
}

/** A token as lists show it; its text is nowhere. */
export interface UploadTokenRow {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** What is stored of a token: SHA-256 in hex. It holds 256 random bits, so no salt is needed. */
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Whether the text has the shape of an upload token: `slup_` and 32 bytes in base64url. */
export const looksLikeUploadToken = (text: string): boolean =>
  /^slup_[A-Za-z0-9_-]{43}$/.test(text);

/** Undefined when unknown, revoked or expired. Notes the use. Call outside any workspace. */
export async function findUploadToken(
  tx: Tx,
  token: string,
): Promise<UploadTokenFacts | undefined> {
  if (!looksLikeUploadToken(token)) return undefined;
  const [row] = await tx.execute<{
    workspace_id: string;
    token_id: string;
    connection_id: string;
    name: string;
  }>(sql`
    select workspace_id, token_id, connection_id, name from app.find_upload_token(${hashOf(token)})`);
  if (row === undefined) return undefined;
  const { workspace_id: workspaceId, token_id: tokenId, connection_id: connectionId, name } = row;
  return { workspaceId, tokenId, connectionId, name };
}

/** Creates a token. Its text is in the answer and nowhere else. */
export async function insertUploadToken(
  tx: Tx,
  input: ConnectionKey & {
    readonly name: string;
    readonly createdBy: string;
    readonly expiresAt: Date;
  },
): Promise<{ readonly tokenId: string; readonly token: string }> {
  const token = `slup_${randomBytes(32).toString("base64url")}`;
  const [row] = await tx
    .insert(uploadTokens)
    .values({ ...input, tokenHash: hashOf(token) })
    .returning({ tokenId: uploadTokens.id });
  if (row === undefined) throw new Error("The token was not written.");
  return { tokenId: row.tokenId, token };
}

/** A connection's tokens, newest first. */
export async function listUploadTokenRows(
  tx: Tx,
  key: ConnectionKey,
): Promise<readonly UploadTokenRow[]> {
  return tx
    .select({
      id: uploadTokens.id,
      name: uploadTokens.name,
      createdBy: uploadTokens.createdBy,
      createdAt: uploadTokens.createdAt,
      expiresAt: uploadTokens.expiresAt,
      revokedAt: uploadTokens.revokedAt,
      lastUsedAt: uploadTokens.lastUsedAt,
    })
    .from(uploadTokens)
    .where(
      and(
        eq(uploadTokens.workspaceId, key.workspaceId),
        eq(uploadTokens.connectionId, key.connectionId),
      ),
    )
    .orderBy(desc(uploadTokens.createdAt))
    .limit(100);
}

/** A token that a connection's collector rests on, or may. */
export interface WatchedTokenRow
  extends Pick<UploadTokenRow, "id" | "name" | "expiresAt" | "lastUsedAt"> {
  readonly connectionId: string;
  /** The tenant's name, else the connection's. */
  readonly tenant: string;
}

/** Tokens of connections that are not disconnected: those that live, and of each connection the one used last. */
export async function listWatchedTokens(
  tx: Tx,
  workspaceId: string,
): Promise<readonly WatchedTokenRow[]> {
  const newer = alias(uploadTokens, "newer");
  const usedLater = tx
    .select({ id: newer.id })
    .from(newer)
    .where(
      and(
        eq(newer.workspaceId, uploadTokens.workspaceId),
        eq(newer.connectionId, uploadTokens.connectionId),
        isNull(newer.revokedAt),
        gt(newer.lastUsedAt, uploadTokens.lastUsedAt),
      ),
    );
  return tx
    .select({
      id: uploadTokens.id,
      name: uploadTokens.name,
      expiresAt: uploadTokens.expiresAt,
      lastUsedAt: uploadTokens.lastUsedAt,
      connectionId: uploadTokens.connectionId,
      tenant: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
    })
    .from(uploadTokens)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, uploadTokens.workspaceId),
        eq(connections.id, uploadTokens.connectionId),
      ),
    )
    .where(
      and(
        eq(uploadTokens.workspaceId, workspaceId),
        isNull(uploadTokens.revokedAt),
        ne(connections.status, "disconnected"),
        or(
          gt(uploadTokens.expiresAt, sql`now()`),
          and(isNotNull(uploadTokens.lastUsedAt), notExists(usedLater)),
        ),
      ),
    )
    .orderBy(uploadTokens.id);
}

/** Ends a token. `connectionId` undefined: unknown here; `ended` false: it was over already. */
export async function revokeUploadTokenRow(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tokenId: string },
): Promise<{ readonly connectionId: string | undefined; readonly ended: boolean }> {
  const ofKey = and(
    eq(uploadTokens.workspaceId, key.workspaceId),
    eq(uploadTokens.id, key.tokenId),
  );
  const ended = await tx
    .update(uploadTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(ofKey, isNull(uploadTokens.revokedAt)))
    .returning({ id: uploadTokens.id });
  const [row] = await tx
    .select({ connectionId: uploadTokens.connectionId })
    .from(uploadTokens)
    .where(ofKey);
  return { connectionId: row?.connectionId, ended: ended.length === 1 };
}

/** Ends every token of a connection. */
export async function revokeUploadTokens(tx: Tx, key: ConnectionKey): Promise<number> {
  const rows = await tx
    .update(uploadTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(uploadTokens.workspaceId, key.workspaceId),
        eq(uploadTokens.connectionId, key.connectionId),
        isNull(uploadTokens.revokedAt),
      ),
    )
    .returning({ id: uploadTokens.id });
  return rows.length;
}
