import type { UtcDay } from "./license.ts";

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const millisecondsPerDay = 86_400_000;

const startOf = (day: UtcDay): number => Date.parse(`${day}T00:00:00Z`);

const dayOf = (milliseconds: number): UtcDay => new Date(milliseconds).toISOString().slice(0, 10);

/** A day that exists in the calendar and lies after year 1 (Microsoft writes "never" as 0001-01-01). */
const isDay = (text: string): boolean => {
  if (!dayPattern.test(text) || Number(text.slice(0, 4)) <= 1) return false;
  const start = startOf(text);
  return !Number.isNaN(start) && dayOf(start) === text;
};

/**
 * The UTC calendar day of a Date, of an ISO 8601 instant with an offset, or of a `YYYY-MM-DD` day.
 * Null for what Microsoft means as absent (`""`, null, year 0001) and for anything that is no date: an instant without
 * an offset is none, because its day would depend on the machine. Source: DESIGN §5 Activity, fault-catalogue B37.
 */
export const toUtcDay = (value: Date | string | null | undefined): UtcDay | null => {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") {
    const milliseconds = value.getTime();
    if (Number.isNaN(milliseconds)) return null;
    const day = dayOf(milliseconds);
    return isDay(day) ? day : null;
  }
  if (dayPattern.test(value)) return isDay(value) ? value : null;
  if (!instantPattern.test(value) || !isDay(value.slice(0, 10))) return null;
  return toUtcDay(new Date(value));
};

/** The day `days` later (earlier when negative). UTC days have no daylight saving. Throws RangeError on an invalid day. */
export const addDays = (day: UtcDay, days: number): UtcDay => {
  if (!isDay(day)) throw new RangeError(`not a UTC day: ${day}`);
  return dayOf(startOf(day) + days * millisecondsPerDay);
};

/** Whole days from `from` to `to`; negative when `to` is earlier. Throws RangeError on an invalid day. */
export const daysBetween = (from: UtcDay, to: UtcDay): number => {
  if (!isDay(from) || !isDay(to)) throw new RangeError(`not UTC days: ${from}, ${to}`);
  return (startOf(to) - startOf(from)) / millisecondsPerDay;
};

/** The latest of the days that are there; null when none is. */
export const latestDay = (days: readonly (UtcDay | null)[]): UtcDay | null =>
  days.reduce<UtcDay | null>(
    (latest, day) => (day !== null && (latest === null || day > latest) ? day : latest),
    null,
  );

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A day in words for sentences, such as `3 Jun 2026`. */
export const dayInWords = (day: UtcDay): string =>
  `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
