import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listUploadTokenRows, type UploadTokenRow } from "#db/queries/upload-tokens";
import type { UploadTokenItem } from "#lib/domain/package-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { iso } from "./told.ts";

export const listUploadTokensInput = z.strictObject({ connectionId: guid });

/** A connection's upload tokens, newest first; never their text. Right: manage-connections. @throws UseCaseError `not-found`. */
export async function listUploadTokens(
  ctx: Ctx,
  input: z.input<typeof listUploadTokensInput>,
): Promise<readonly UploadTokenItem[]> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(listUploadTokensInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  const now = ctx.platform.now();
  return inWorkspace(ctx, async (tx) => {
    if ((await findConnection(tx, key)) === undefined) throw notFound("connection");
    return (await listUploadTokenRows(tx, key)).map((row) => toItem(row, now));
  });
}

const toItem = (row: UploadTokenRow, now: Date): UploadTokenItem => ({
  id: row.id,
  name: row.name,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  revokedAt: iso(row.revokedAt),
  lastUsedAt: iso(row.lastUsedAt),
  state: row.revokedAt !== null ? "revoked" : row.expiresAt <= now ? "expired" : "live",
});
