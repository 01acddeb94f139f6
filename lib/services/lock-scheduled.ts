import type { Tx } from "#db/client";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { lockSchedule, type ScheduleRow } from "#db/queries/schedules";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { notFound } from "./input.ts";

/** A connection and its schedule, both locked. */
export interface LockedSchedule {
  readonly connection: LockedConnection;
  readonly row: ScheduleRow;
}

/**
 * Locks the schedule, then its connection: the order of the worker that takes a due run.
 * @throws UseCaseError `not-found`; `conflict` for a connection that was never ready or is disconnected.
 */
export async function lockScheduled(
  tx: Tx,
  ctx: Ctx,
  connectionId: string,
): Promise<LockedSchedule> {
  const key = { workspaceId: ctx.workspaceId, connectionId };
  const row = await lockSchedule(tx, key);
  const connection = await lockConnection(tx, key);
  if (connection === undefined) throw notFound("connection");
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (row === undefined) {
    throw new UseCaseError(
      "conflict",
      "The connection is not finished: it gets a schedule when it is verified for the first time.",
    );
  }
  return { connection, row };
}
