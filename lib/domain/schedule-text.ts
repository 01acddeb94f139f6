import type { Weekday } from "./cadence.ts";
import type { ScheduleItem } from "./connection-item.ts";

export const weekdayLabels: Readonly<Record<Weekday, string>> = {
  monday: "Monday",
  tuesday: "Tuesday",
  wednesday: "Wednesday",
  thursday: "Thursday",
  friday: "Friday",
  saturday: "Saturday",
  sunday: "Sunday",
};

/** A schedule as one phrase: `Daily at 02:14 (Europe/Berlin)`, `Mondays at 06:00 (UTC)`. */
export const scheduleInWords = (
  schedule: Pick<ScheduleItem, "cadence" | "weekday" | "time" | "timeZone">,
): string => {
  const { cadence, weekday, time, timeZone } = schedule;
  const days = cadence === "daily" || weekday === null ? "Daily" : `${weekdayLabels[weekday]}s`;
  return `${days} at ${time} (${timeZone})`;
};

/**
 * An instant as the wall clock of a zone shows it: `Mon 23 Nov 2026, 02:14 (Europe/Berlin)`. Own words around the
 * numbers, so that server and browser write the same.
 */
export const inZone = (instant: string, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(instant));
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? "";
  const day = `${of("weekday")} ${of("day")} ${of("month").slice(0, 3)} ${of("year")}`;
  return `${day}, ${of("hour")}:${of("minute")} (${timeZone})`;
};
