/** Fields whose values were outside the documented set or had to be cleaned. Information, no fault. */
export type Notes = Set<string>;

/** Characters kept of any text: the longest documented directory property is shorter. */
export const maxTextLength = 1024;

/**
 * Text that PostgreSQL and JSON take: without NUL and lone surrogates, at most 1 024 UTF-16 units.
 * Null and absent stay null. Source: reference/fault-catalogue.md §6.2.
 */
export function cleanText(
  value: string | null | undefined,
  field: string,
  notes: Notes,
): string | null {
  if (value === null || value === undefined) return null;
  if (value.length <= maxTextLength && value.isWellFormed() && !value.includes("\0")) return value;
  const clean = value
    .slice(0, maxTextLength)
    .replaceAll("\0", "")
    .replace(/\p{Surrogate}/gu, "");
  if (clean !== value) notes.add(field);
  return clean;
}

/** `absent`: `""`, null or year 0001, which Microsoft uses for "none". Source: DESIGN §5 Activity. */
export type ParsedInstant =
  | { readonly kind: "instant"; readonly iso: string }
  | { readonly kind: "absent" }
  | { readonly kind: "invalid" };

const isoShape = /^(\d{4})-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const zoned = /(Z|[+-]\d{2}:\d{2})$/;

/** How Graph writes nearly every instant; on days that every month has, so that it is one. */
const plainInstant =
  /^(?:19\d\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Reads an ISO 8601 instant; one without a zone is UTC. */
export function parseInstant(value: string | null | undefined): ParsedInstant {
  if (typeof value === "string" && plainInstant.test(value)) {
    return { kind: "instant", iso: `${value.slice(0, -1)}.000Z` };
  }
  const trimmed = value?.trim() ?? "";
  if (trimmed === "") return { kind: "absent" };
  const shape = isoShape.exec(trimmed);
  if (!shape) return { kind: "invalid" };
  if (shape[1] === "0001") return { kind: "absent" };
  const withZone = trimmed.includes("T") && !zoned.test(trimmed) ? `${trimmed}Z` : trimmed;
  const ms = Date.parse(withZone);
  const year = Number.isNaN(ms) ? 0 : new Date(ms).getUTCFullYear();
  return year < 1900 || year > 9999
    ? { kind: "invalid" }
    : { kind: "instant", iso: new Date(ms).toISOString() };
}

/** ISO 8601 UTC or null; what cannot be read is null and noted. For fields no recommendation rests on. */
export function instantOrNull(
  value: string | null | undefined,
  field: string,
  notes: Notes,
): string | null {
  const parsed = parseInstant(value);
  if (parsed.kind === "invalid") notes.add(field);
  return parsed.kind === "instant" ? parsed.iso : null;
}

/** Notes a word outside the documented ones; null and absent are allowed everywhere. */
export function noteUnknown(
  value: string | null | undefined,
  known: readonly string[],
  field: string,
  notes: Notes,
): void {
  if (value === null || value === undefined || known.includes(value)) return;
  if (!known.some((word) => word.toLowerCase() === value.toLowerCase())) notes.add(field);
}
