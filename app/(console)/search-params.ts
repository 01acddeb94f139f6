import { createParser, parseAsString } from "nuqs/server";

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id in a URL; anything but a GUID is as good as none. */
export const guidParameter = createParser({
  parse: (text) => (guidPattern.test(text.toLowerCase()) ? text.toLowerCase() : null),
  serialize: String,
});

/** The global tenant filter. */
export const tenantParameter = guidParameter;

export const cursorParameter = parseAsString;

/** What people look for, cut to what the use cases take. */
export const searchParameter = createParser({
  parse: (text) => text.trim().slice(0, 100) || null,
  serialize: String,
});

/** The given values that are there: use cases take no nulls. */
export function given<T extends Readonly<Record<string, unknown>>>(
  values: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  const present = Object.entries(values).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  // Safe: only keys of `values` are kept, and of those no null.
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** An address with those filters that are set. */
export function hrefWith(
  path: string,
  filters: Readonly<Record<string, string | boolean | null | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}
