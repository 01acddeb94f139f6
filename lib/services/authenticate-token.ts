import { findApiToken } from "#db/queries/tokens";
import type { Ctx, Platform } from "./context.ts";
import { UseCaseError } from "./errors.ts";

/**
 * Who a bearer token speaks for; its last use is noted. Source: fault-catalogue C28.
 * @throws UseCaseError `unauthenticated` for a token that is unknown, expired or revoked, without saying which.
 */
export async function authenticateToken(platform: Platform, bearer: string): Promise<Ctx> {
  const facts = await platform.db.outside((tx) => findApiToken(tx, bearer));
  if (facts === undefined) {
    throw new UseCaseError("unauthenticated", "This token is unknown, expired or revoked.");
  }
  const { workspaceId, tokenId, name, role } = facts;
  return { platform, workspaceId, actor: { kind: "token", id: tokenId, name, role } };
}
