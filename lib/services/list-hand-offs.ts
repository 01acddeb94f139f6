import { z } from "zod";
import type { Tx } from "#db/client";
import { findConnection } from "#db/queries/connections";
import { type ListedHandOff, listHandOffRows } from "#db/queries/hand-offs";
import type { HandOffItem } from "#lib/domain/hand-off";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { handOffEndOf } from "./hand-off-view.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const listHandOffsInput = z.strictObject({ connectionId: guid });

/** A connection has few links; the newest say what is going on. */
const shown = 20;

/**
 * The hand-off links of a connection, newest first, at most 20. The links themselves are not kept. Right:
 * manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function listHandOffs(
  ctx: Ctx,
  input: z.input<typeof listHandOffsInput>,
): Promise<readonly HandOffItem[]> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(listHandOffsInput, input);
  return inWorkspace(ctx, async (tx) => {
    const connection = await findConnection(tx, { workspaceId: ctx.workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    return readHandOffs(tx, ctx, connectionId);
  });
}

/** The links of a connection that is known to be this workspace's. */
export async function readHandOffs(
  tx: Tx,
  ctx: Ctx,
  connectionId: string,
): Promise<readonly HandOffItem[]> {
  const { workspaceId } = ctx;
  const rows = await listHandOffRows(tx, { workspaceId, connectionId, limit: shown });
  return rows.map(toItem);
}

const toItem = (row: ListedHandOff): HandOffItem => {
  const end = handOffEndOf(row);
  return {
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.memberName,
    expiresAt: row.expiresAt.toISOString(),
    end,
    lastTry:
      row.lastTry === null
        ? null
        : {
            leg: row.lastTry.leg,
            at: row.lastTry.at.toISOString(),
            outcome: row.lastTry.outcome ?? (row.lastTry.over ? "never-came-back" : "under-way"),
          },
  };
};
