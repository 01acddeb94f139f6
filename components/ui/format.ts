import type { UtcDay } from "#lib/domain/license";
import type { Money } from "#lib/domain/money";
import { dayInWords } from "#lib/domain/utc-day";

/** One locale on server and client, so that both write the same text. */
const locale = "en";

const numberFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** A whole number grouped by locale: `2,940`. */
export const formatNumber = (value: number): string => numberFormat.format(value);

/** A difference with its sign: `+12`, `−3`, `0`. */
export const formatChange = (difference: number): string =>
  difference > 0 ? `+${formatNumber(difference)}` : formatNumber(difference).replace("-", "−");

/** `1 seat`, `2,940 seats`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

/** A part of a whole in per cent, never rounded up to 100 or down to 0. */
export const formatShare = (part: number, whole: number): string => {
  if (whole <= 0) return "–";
  const share = (part / whole) * 100;
  if (part > 0 && share < 1) return "< 1 %";
  if (part < whole && share > 99) return "> 99 %";
  return `${Math.round(share)} %`;
};

/** Money with its currency code, from the decimal string without a detour through floats: `EUR 1,234.50`. */
export const formatMoney = (money: Money): string =>
  new Intl.NumberFormat(locale, {
    style: "currency",
    currency: money.currency,
    currencyDisplay: "code",
    // Intl formats decimal strings exactly; the type of the argument is a numeric string literal.
  }).format(money.amount as Intl.StringNumericLiteral);

/** A UTC calendar day: `19 Nov 2026`. Own words, so that no two runtimes differ in them. */
export const formatDay = (day: UtcDay): string => dayInWords(day);

/** An instant in UTC, the same on every machine: `19 Nov 2026, 14:02 UTC`. */
export const formatUtc = (instant: string): string => {
  const iso = new Date(instant).toISOString();
  return `${dayInWords(iso.slice(0, 10))}, ${iso.slice(11, 16)} UTC`;
};

/** An instant in the browser's own time zone with its offset. Only after mount. */
export const formatLocal = (instant: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "shortOffset",
  }).format(new Date(instant));

/** The clock time in the browser's own time zone with its offset: `14:32 GMT+1`. Only after mount. */
export const formatLocalClock = (instant: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "shortOffset",
  }).format(new Date(instant));

const steps: readonly (readonly [one: string, many: string, milliseconds: number])[] = [
  ["day", "days", 86_400_000],
  ["h", "h", 3_600_000],
  ["min", "min", 60_000],
];

/** How far an instant is from now, in words: `2 h ago`, `in 3 days`, `just now`. Milliseconds since 1970. */
export const formatRelative = (instant: string, now: number): string => {
  const distance = Date.parse(instant) - now;
  const far = Math.abs(distance);
  for (const [one, many, size] of steps) {
    if (far < size) continue;
    const count = Math.floor(far / size);
    const amount = `${formatNumber(count)} ${count === 1 ? one : many}`;
    return distance < 0 ? `${amount} ago` : `in ${amount}`;
  }
  return "just now";
};

/** A duration in words of at most two units: `2 min 5 s`. */
export const formatDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** A label within a sentence; names of products in it keep their capitals. */
export const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
