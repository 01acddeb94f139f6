import { z } from "zod";
import { findWorkspace, type Workspace } from "#db/queries/workspaces";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getWorkspaceInput = z.strictObject({});

/** The workspace's name and settings (days). Right: read. */
export async function getWorkspace(
  ctx: Ctx,
  input: z.input<typeof getWorkspaceInput> = {},
): Promise<Workspace> {
  requireRight(ctx, "read");
  parseInput(getWorkspaceInput, input);
  return inWorkspace(ctx, async (tx) => {
    const found = await findWorkspace(tx, ctx.workspaceId);
    if (found === undefined) throw notFound("workspace");
    return found;
  });
}
