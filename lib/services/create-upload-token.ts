import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { insertUploadToken } from "#db/queries/upload-tokens";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const createUploadTokenInput = z.strictObject({
  connectionId: guid,
  name: z.string().trim().min(1, "Enter a name, such as the computer's.").max(80),
  /** Days until it expires. */
  days: z.int().min(1).max(366),
});

const dayMs = 24 * 3_600_000;

/** The token's text is in this answer and nowhere else. */
export interface CreatedUploadToken {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

/**
 * Makes a token that may upload packages to one connection and do nothing else. Rights: manage-connections and
 * manage-credentials. @throws UseCaseError `not-found`, `invalid`; `conflict` for a connection that takes no packages.
 */
export async function createUploadToken(
  ctx: Ctx,
  input: z.input<typeof createUploadTokenInput>,
): Promise<CreatedUploadToken> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { connectionId, name, days } = parseInput(createUploadTokenInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    if (connection.source !== "office-365-deprecated" || connection.status === "disconnected") {
      throw new UseCaseError("conflict", "This connection takes no packages.");
    }
    const expiresAt = new Date(ctx.platform.now().getTime() + days * dayMs);
    const { tokenId, token } = await insertUploadToken(tx, {
      ...key,
      name,
      createdBy: ctx.actor.name,
      expiresAt,
    });
    await auditChange(tx, ctx, {
      action: "upload-token.created",
      target: { kind: "connection", id: connectionId },
      details: { tokenId, expiresAt: expiresAt.toISOString() },
    });
    return { id: tokenId, token, expiresAt: expiresAt.toISOString() };
  });
}
