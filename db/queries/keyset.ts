import { type SQL, sql } from "drizzle-orm";

/** What a list is ordered by. Rows without a value come last in either direction. */
export interface SortKey {
  readonly expression: SQL;
  readonly type: "number" | "text";
  readonly descending: boolean;
  /** No row is without a value; numbers are integers. Compared as it stands, so that an index can give the order. */
  readonly complete?: boolean;
}

/** Where the last page ended: the sort value as text, and the row's own key. */
export interface After {
  readonly key: string;
  readonly id: string;
}

/** How to continue after a row: its own key has the type the index compares. */
export type IdType = "uuid" | "integer" | "text" | "bigint";

/** Beyond every number of seats, so that unknown comes last. */
const beyond = sql.raw("1000000000000000");
const before = sql.raw("-1000000000000000");

/** The value rows are ordered and continued by; never null. Text uses a fixed ICU collation, the same on every host. */
export const sortValue = (key: SortKey): SQL => {
  if (key.complete) {
    return key.type === "number" ? key.expression : sql`(${key.expression} collate "und-x-icu")`;
  }
  if (key.type === "number") {
    return sql`coalesce((${key.expression})::numeric, ${key.descending ? before : beyond})`;
  }
  const last = key.descending ? "" : "\uffff";
  return sql`coalesce(${key.expression}, ${last}) collate "und-x-icu"`;
};

/** The sort value as it goes into a cursor. */
export const sortValueText = (key: SortKey): SQL<string> => sql<string>`(${sortValue(key)})::text`;

export const direction = (key: Pick<SortKey, "descending">): SQL =>
  key.descending ? sql.raw("desc") : sql.raw("asc");

/** Order of a page: the sort value, then the row's own key. */
export const keysetOrder = (key: SortKey, id: SQL): SQL =>
  sql`${sortValue(key)} ${direction(key)}, ${id} ${direction(key)}`;

/** Rows after the cursor; undefined for the first page. Source: reference/fault-catalogue.md §6.4. */
export const keysetAfter = (
  key: SortKey,
  id: SQL,
  idType: IdType,
  after: After | null,
): SQL | undefined => {
  if (after === null) return undefined;
  const cursor = sql`(${cursorValue(key, after)}, ${after.id}::${sql.raw(idType)})`;
  return sql`(${sortValue(key)}, ${id}) ${beyondIt(key)} ${cursor}`;
};

/** The sort value of a cursor, as `sortValue` compares it. */
export const cursorValue = (key: SortKey, after: After): SQL => {
  const number = key.complete ? sql`${after.key}::integer` : sql`${after.key}::numeric`;
  return key.type === "number" ? number : sql`${after.key} collate "und-x-icu"`;
};

/** What a row that follows compares as to a cursor. */
export const beyondIt = (key: SortKey): SQL => (key.descending ? sql.raw("<") : sql.raw(">"));

/** `%` and `_` of a search are ordinary characters. */
export const containsPattern = (search: string): string =>
  `%${search.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
