import { findUploadToken, looksLikeUploadToken } from "#db/queries/upload-tokens";
import { authenticateToken } from "./authenticate-token.ts";
import type { Platform } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import type { Uploader } from "./uploader.ts";

/**
 * Who a bearer token uploads for: an upload token for its one connection, an API token with its role.
 * @throws UseCaseError `unauthenticated` for a token that is unknown, expired or revoked, without saying which.
 */
export async function authenticateUpload(platform: Platform, bearer: string): Promise<Uploader> {
  if (!looksLikeUploadToken(bearer)) return authenticateToken(platform, bearer);
  const facts = await platform.db.outside((tx) => findUploadToken(tx, bearer));
  if (facts === undefined) {
    throw new UseCaseError("unauthenticated", "This token is unknown, expired or revoked.");
  }
  const { workspaceId, connectionId, tokenId, name } = facts;
  const actor = { kind: "token", id: tokenId, name } as const;
  return { platform, workspaceId, uploadsTo: connectionId, actor };
}
