import { z } from "zod";
import type { Tx } from "#db/client";
import { type ConnectionRow, findConnection } from "#db/queries/connections";
import { type ListedHandOff, listHandOffRows } from "#db/queries/hand-offs";
import { aadstsText } from "#lib/domain/aadsts-text";
import type { FailureContext } from "#lib/domain/failure-context";
import { failureText } from "#lib/domain/failure-text";
import type { HandOffItem, HandOffRefusal } from "#lib/domain/hand-off";
import { requireRight } from "./actor.ts";
import { contextOf } from "./connection-view.ts";
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
    return readHandOffs(tx, ctx, connection);
  });
}

/** The links of a connection that is known to be this workspace's. */
export async function readHandOffs(
  tx: Tx,
  ctx: Ctx,
  connection: ConnectionRow,
): Promise<readonly HandOffItem[]> {
  const { workspaceId } = ctx;
  const rows = await listHandOffRows(tx, {
    workspaceId,
    connectionId: connection.id,
    limit: shown,
  });
  const context = contextOf(connection);
  return rows.map((row) => toItem(row, context));
}

const toItem = (row: ListedHandOff, context: FailureContext): HandOffItem => ({
  id: row.id,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.memberName,
  expiresAt: row.expiresAt.toISOString(),
  end: handOffEndOf(row),
  lastTry: row.lastTry === null ? null : toLastTry(row.lastTry, context),
});

const toLastTry = (
  last: NonNullable<ListedHandOff["lastTry"]>,
  context: FailureContext,
): HandOffItem["lastTry"] => ({
  leg: last.leg,
  at: last.at.toISOString(),
  outcome: last.failure?.code ?? last.outcome ?? (last.over ? "never-came-back" : "under-way"),
  refusal: refusalOf(last, context),
});

/** What Microsoft refused on its own pages is told by its number, what came back by how its check failed. */
function refusalOf(
  { failure, errorNumber, correlationId }: NonNullable<ListedHandOff["lastTry"]>,
  context: FailureContext,
): HandOffRefusal | null {
  if (failure !== null) {
    const { what, action } = failureText(failure, context);
    return {
      text: `${what} ${action}`,
      errorNumber: failure.errorNumber ?? null,
      correlationId: failure.correlationId ?? null,
    };
  }
  if (errorNumber === null && correlationId === null) return null;
  const told = errorNumber === null ? null : aadstsText(errorNumber, context);
  return { text: told === null ? null : `${told.what} ${told.action}`, errorNumber, correlationId };
}
