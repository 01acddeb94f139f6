import type { Schedule, Weekday } from "./schedule.ts";

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
export const scheduleInWords = (schedule: Schedule): string => {
  const when = `at ${schedule.time} (${schedule.timeZone})`;
  switch (schedule.cadence) {
    case "daily":
      return `Daily ${when}`;
    case "weekly":
      return `${weekdayLabels[schedule.weekday]}s ${when}`;
    default:
      return schedule satisfies never;
  }
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
