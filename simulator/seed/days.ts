/** Days are counted since 1970-01-01 UTC, so that dates of the seed are plain arithmetic. */
export type DayNumber = number;

const MS_PER_DAY = 86_400_000;

/** The UTC day of an instant. */
export function dayOf(instant: Date): DayNumber {
  return Math.floor(instant.getTime() / MS_PER_DAY);
}

/** Texts of days already written: a tenant's dates are a few thousand different days, written millions of times. */
const written = new Map<DayNumber, string>();

/** `2026-11-23` */
export function isoDate(day: DayNumber): string {
  const known = written.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
  if (written.size < 20_000) written.set(day, text);
  return text;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

/** `2026-11-23T08:30:00Z`, the way Graph writes instants; `minuteOfDay` in 0..1439. */
export function isoInstant(day: DayNumber, minuteOfDay = 0): string {
  const hour = TWO_DIGITS[Math.floor(minuteOfDay / 60)];
  return `${isoDate(day)}T${hour}:${TWO_DIGITS[minuteOfDay % 60]}:00Z`;
}

/** First day on which Microsoft records successful sign-ins apart (reference §3.5). */
export const FIRST_SUCCESSFUL_SIGN_IN_DAY: DayNumber = dayOf(new Date("2023-12-01T00:00:00Z"));
