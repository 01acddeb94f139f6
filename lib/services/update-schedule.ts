import { z } from "zod";
import { databaseNow } from "#db/queries/clock";
import { saveTiming } from "#db/queries/schedules";
import { cadences, localTimePattern, weekdays } from "#lib/domain/cadence";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { isTimeZone, nextRun, type Schedule } from "#lib/domain/schedule";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { readSchedule } from "./get-schedule.ts";
import { guid, parseInput } from "./input.ts";
import { lockScheduled } from "./lock-scheduled.ts";
import { setPaused } from "./pause-imports.ts";
import { inWorkspace } from "./read-list.ts";

export const updateScheduleInput = z.strictObject({
  connectionId: guid,
  cadence: z.enum(cadences),
  /** Weekly only. */
  weekday: z.enum(weekdays).nullable().optional(),
  /** By the wall clock of the time zone. */
  time: z.string().regex(localTimePattern, "Enter a time such as 02:30, from 00:00 to 23:59."),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, "Choose a time zone by its IANA name, such as Europe/Berlin, or UTC."),
  /** Left as it is when absent. */
  paused: z.boolean().optional(),
});

/**
 * Sets when a connection is imported by itself; the next run is the first one from now on. Saving the same timing
 * again changes nothing. Right: manage-connections.
 * @throws UseCaseError `invalid` per field, `not-found`; `conflict` for a connection that was never ready, is
 * disconnected, or cannot be paused now.
 */
export async function updateSchedule(
  ctx: Ctx,
  input: z.input<typeof updateScheduleInput>,
): Promise<ScheduleItem> {
  requireRight(ctx, "manage-connections");
  const { connectionId, paused, ...timing } = parseInput(updateScheduleInput, input);
  const schedule = toSchedule(timing);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const { connection, row } = await lockScheduled(tx, ctx, connectionId);
    if (!sameTiming(row.schedule, schedule)) {
      const nextRunAt = nextRun(schedule, await databaseNow(tx));
      await saveTiming(tx, key, { schedule, nextRunAt, changedBy: ctx.actor.name });
      await auditChange(tx, ctx, {
        action: "schedule.changed",
        target: { kind: "connection", id: connectionId },
        details: { from: row.schedule, to: schedule },
      });
    }
    if (paused !== undefined) await setPaused(tx, ctx, { connection, schedule, paused });
    return readSchedule(tx, ctx, connectionId);
  });
}

type Timing = Pick<
  z.output<typeof updateScheduleInput>,
  "cadence" | "weekday" | "time" | "timeZone"
>;

/** @throws UseCaseError `invalid` when the weekday is missing, or given for every day. */
function toSchedule({ cadence, weekday, time, timeZone }: Timing): Schedule {
  const day = weekday ?? null;
  if (cadence === "daily") {
    if (day !== null) throw wrongWeekday("Leave the weekday out of a daily schedule.");
    return { cadence, time, timeZone };
  }
  if (day === null) throw wrongWeekday("Choose the weekday.");
  return { cadence, weekday: day, time, timeZone };
}

const wrongWeekday = (message: string) =>
  new UseCaseError("invalid", "Some of the input cannot be used.", {
    fields: { weekday: message },
  });

const sameTiming = (one: Schedule, other: Schedule): boolean =>
  one.time === other.time &&
  one.timeZone === other.timeZone &&
  (one.cadence === "weekly"
    ? other.cadence === "weekly" && one.weekday === other.weekday
    : other.cadence === "daily");
