import { z } from "zod";
import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import type { LockedConnection } from "#db/queries/connections";
import { recordPaused, recordResumed, saveTiming } from "#db/queries/schedules";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { nextRun, type Schedule } from "#lib/domain/schedule";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { readSchedule } from "./get-schedule.ts";
import { guid, parseInput } from "./input.ts";
import { lockScheduled } from "./lock-scheduled.ts";
import { inWorkspace } from "./read-list.ts";

export const pauseImportsInput = z.strictObject({ connectionId: guid, paused: z.boolean() });

/**
 * Pauses a connection, or ends the pause. While it lasts no import starts, neither by schedule nor by hand; one under way
 * ends normally. Runs that would have been due meanwhile are not made up for. The pause is the connection's status
 * `paused` and nothing besides (docs/adr/0010). Doing it again changes nothing. Right: manage-connections.
 * @throws UseCaseError `not-found`; `conflict` for a connection that was never ready, is being verified or is
 * disconnected.
 */
export async function pauseImports(
  ctx: Ctx,
  input: z.input<typeof pauseImportsInput>,
): Promise<ScheduleItem> {
  requireRight(ctx, "manage-connections");
  const { connectionId, paused } = parseInput(pauseImportsInput, input);
  return inWorkspace(ctx, async (tx) => {
    const { connection, row } = await lockScheduled(tx, ctx, connectionId);
    await setPaused(tx, ctx, { connection, schedule: row.schedule, paused });
    return readSchedule(tx, ctx, connectionId);
  });
}

/** Sets the pause of a connection that is locked with its schedule. @throws UseCaseError `conflict`. */
export async function setPaused(
  tx: Tx,
  ctx: Ctx,
  set: {
    readonly connection: LockedConnection;
    readonly schedule: Schedule;
    readonly paused: boolean;
  },
): Promise<void> {
  const { connection, schedule, paused } = set;
  if ((connection.status === "paused") === paused) return;
  const key = { workspaceId: ctx.workspaceId, connectionId: connection.id };
  if (paused) {
    requirePausable(connection);
    await recordPaused(tx, key, ctx.actor.name);
  } else {
    await recordResumed(tx, key);
    const nextRunAt = nextRun(schedule, await databaseNow(tx));
    await saveTiming(tx, key, { schedule, nextRunAt, changedBy: ctx.actor.name });
  }
  await auditChange(tx, ctx, {
    action: paused ? "connection.paused" : "connection.resumed",
    target: { kind: "connection", id: connection.id },
  });
}

function requirePausable({ status }: LockedConnection): void {
  if (status === "ready" || status === "action-needed") return;
  throw new UseCaseError(
    "conflict",
    "The connection is being verified. Pause it when that has ended.",
  );
}
