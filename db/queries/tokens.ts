import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { apiTokens } from "#db/schema/workspaces";
import type { Role } from "#lib/domain/role";

/** A live API token. */
export interface ApiTokenFacts {
  readonly workspaceId: string;
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
}

/** What is stored of a token: SHA-256 in hex. The token holds 256 random bits, so no salt is needed. */
const hashApiToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Whether the text has the shape of a token: `sl_` and 32 bytes in base64url. */
const looksLikeApiToken = (text: string): boolean => /^sl_[A-Za-z0-9_-]{43}$/.test(text);

/**
 * The token's workspace, name and role; undefined when unknown, revoked or expired. Notes the use. Call outside any
 * workspace.
 */
export async function findApiToken(tx: Tx, token: string): Promise<ApiTokenFacts | undefined> {
  if (!looksLikeApiToken(token)) return undefined;
  const [row] = await tx.execute<Record<keyof ApiTokenFacts, string> & { role: Role }>(sql`
    select workspace_id as "workspaceId", token_id as "tokenId", name, role
    from app.find_api_token(${hashApiToken(token)})`);
  return row;
}

/** Creates a token. Its text is in the answer and nowhere else. */
export async function insertApiToken(
  tx: Tx,
  input: {
    readonly workspaceId: string;
    readonly name: string;
    readonly role: Role;
    readonly createdBy: string;
    readonly expiresAt: Date;
  },
): Promise<{ readonly tokenId: string; readonly token: string }> {
  const token = `sl_${randomBytes(32).toString("base64url")}`;
  const [row] = await tx
    .insert(apiTokens)
    .values({ ...input, tokenHash: hashApiToken(token) })
    .returning({ tokenId: apiTokens.id });
  if (row === undefined) throw new Error("The token was not written.");
  return { tokenId: row.tokenId, token };
}

/** Ends a token. False when it was over already or is another workspace's. */
export async function revokeApiToken(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tokenId: string },
): Promise<boolean> {
  const rows = await tx
    .update(apiTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(apiTokens.workspaceId, key.workspaceId),
        eq(apiTokens.id, key.tokenId),
        isNull(apiTokens.revokedAt),
      ),
    )
    .returning({ tokenId: apiTokens.id });
  return rows.length > 0;
}
