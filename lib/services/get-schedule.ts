import { z } from "zod";
import type { Tx } from "#db/client";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { readConnection } from "./get-connection.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getScheduleInput = z.strictObject({ connectionId: guid });

/**
 * When a connection is imported by itself, and whether that works. Right: read.
 * @throws UseCaseError `not-found`, also for a connection that was never ready or is disconnected.
 */
export async function getSchedule(
  ctx: Ctx,
  input: z.input<typeof getScheduleInput>,
): Promise<ScheduleItem> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(getScheduleInput, input);
  return inWorkspace(ctx, (tx) => readSchedule(tx, ctx, connectionId));
}

/** The schedule as it stands inside a change's transaction. @throws UseCaseError `not-found`. */
export async function readSchedule(tx: Tx, ctx: Ctx, connectionId: string): Promise<ScheduleItem> {
  const { schedule } = await readConnection(tx, ctx, connectionId);
  if (schedule === null) throw notFound("schedule");
  return schedule;
}
