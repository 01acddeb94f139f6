import { z } from "zod";
import { revokeUploadTokenRow } from "#db/queries/upload-tokens";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { settlePackages } from "./settle-packages.ts";

export const revokeUploadTokenInput = z.strictObject({ tokenId: guid });

/** Ends an upload token at once; doing it again changes nothing. Right: manage-connections. @throws UseCaseError `not-found`. */
export async function revokeUploadToken(
  ctx: Ctx,
  input: z.input<typeof revokeUploadTokenInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { tokenId } = parseInput(revokeUploadTokenInput, input);
  const key = { workspaceId: ctx.workspaceId, tokenId };
  await inWorkspace(ctx, async (tx) => {
    const { connectionId, ended } = await revokeUploadTokenRow(tx, key);
    if (connectionId === undefined) throw notFound("upload token");
    if (!ended) return;
    await settlePackages(tx, { workspaceId: ctx.workspaceId, connectionId });
    await auditChange(tx, ctx, {
      action: "upload-token.revoked",
      target: { kind: "connection", id: connectionId },
      details: { tokenId },
    });
  });
}
