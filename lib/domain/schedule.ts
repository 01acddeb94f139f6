import { Temporal } from "temporal-polyfill";
import { type Weekday, weekdays } from "./cadence.ts";

/** When a connection is imported by itself: at a wall clock's time in an IANA time zone. */
export type Schedule = {
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** Such as `Europe/Berlin`, or `UTC`. */
  readonly timeZone: string;
} & ({ readonly cadence: "daily" } | { readonly cadence: "weekly"; readonly weekday: Weekday });

/** Region names only: an offset such as `+02:00` knows no daylight saving. */
const zonePattern = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Whether this machine's time zone data has the name. */
export const isTimeZone = (name: string): boolean => {
  if (!zonePattern.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** The night in which connections are read unless somebody says otherwise: 01:00 to 04:59, minutes of the day. */
const nightFrom = 60;
const nightMinutes = 240;

/**
 * What a connection is given when it first becomes ready: daily, at a minute of the night that its id decides, so that
 * an installation's tenants do not all start at once. Ids are random GUIDs: their first 32 bits are hash enough. The
 * migration that brought schedules computes the same in SQL. @throws RangeError when the id is no GUID.
 */
export const defaultSchedule = (connectionId: string): Schedule => {
  const hash = Number.parseInt(connectionId.slice(0, 8), 16);
  if (Number.isNaN(hash)) throw new RangeError(`not a GUID: ${connectionId}`);
  const minute = nightFrom + (hash % nightMinutes);
  const padded = (value: number) => String(value).padStart(2, "0");
  const time = `${padded(Math.floor(minute / 60))}:${padded(minute % 60)}`;
  return { cadence: "daily", time, timeZone: "UTC" };
};

/**
 * The first run after an instant. Exactly one run belongs to each local day (weekly: to each such weekday): a time the
 * clocks skip runs once, as much later as they jump; a time they show twice runs once, at the first. Two days may share
 * an instant only where a zone skipped a whole day. @throws RangeError for an unknown zone or a malformed time.
 * Source: reference/fault-catalogue.md A19.
 */
export const nextRun = (schedule: Schedule, after: Date): Date => {
  const day = localDay(schedule, after);
  // A run of yesterday's may lie after midnight when the clocks jump over it.
  for (let offset = -1; offset <= 8; offset += 1) {
    const run = runOfDay(schedule, day.add({ days: offset }));
    if (run !== null && run > after.getTime()) return new Date(run);
  }
  throw new Error("a week without its weekday");
};

/** The last run at an instant or before it. Rules and errors of `nextRun`. */
export const lastRun = (schedule: Schedule, at: Date): Date => {
  const day = localDay(schedule, at);
  for (let offset = 0; offset >= -8; offset -= 1) {
    const run = runOfDay(schedule, day.add({ days: offset }));
    if (run !== null && run <= at.getTime()) return new Date(run);
  }
  throw new Error("a week without its weekday");
};

const localDay = ({ timeZone }: Schedule, at: Date): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();

/** The instant of a local day's run, ms since 1970; null on a day without one. */
const runOfDay = (schedule: Schedule, day: Temporal.PlainDate): number | null => {
  if (schedule.cadence === "weekly" && weekdays[day.dayOfWeek - 1] !== schedule.weekday)
    return null;
  // "compatible" is the rule of RFC 5545: the first of two, and forward over a gap.
  return day
    .toPlainDateTime(Temporal.PlainTime.from(schedule.time))
    .toZonedDateTime(schedule.timeZone, { disambiguation: "compatible" }).epochMilliseconds;
};
