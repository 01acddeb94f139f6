import { GraphFailure, graphErrors } from "./errors.ts";

/** How to compute each property of a resource from its source; undefined leaves the property out of the row. */
export type PropertyTable<T> = Readonly<Record<string, (source: T) => unknown>>;

/** Names asked for by `$select`, or the resource's default set. Throws 400 for a name the resource does not have. */
export function selectedProperties<T>(
  table: PropertyTable<T>,
  type: string,
  select: string | null,
  defaults: readonly string[],
): string[] {
  if (select === null || select.trim() === "") return [...defaults];
  const canonical = new Map(Object.keys(table).map((name) => [name.toLowerCase(), name]));
  return select.split(",").map((part) => {
    const name = canonical.get(part.trim().toLowerCase());
    if (name === undefined) throw new GraphFailure(graphErrors.unknownProperty(part.trim(), type));
    return name;
  });
}

/** A row with exactly these properties. */
export function selectRow<T>(
  table: PropertyTable<T>,
  names: readonly string[],
  source: T,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const name of names) {
    const value = table[name]?.(source);
    if (value !== undefined) row[name] = value;
  }
  return row;
}

/** `$top` within 1..max. Throws Graph's 400 otherwise. */
export function pageSize(top: string | null, standard: number, max: number): number {
  if (top === null) return Math.min(standard, max);
  if (!/^\d+$/.test(top) || Number(top) < 1 || Number(top) > 999)
    throw new GraphFailure(graphErrors.pageSize(top));
  if (Number(top) > max) throw new GraphFailure(graphErrors.signInPageSize(max));
  return Number(top);
}
