import { type SQL, sql } from "drizzle-orm";
import { containsPattern } from "./keyset.ts";

/** Whether any of the columns contains the text, without case; every character of it counts as itself. */
export const matchesText = (search: string, columns: readonly SQL[]): SQL => {
  const pattern = containsPattern(search);
  return sql`(${sql.join(
    columns.map((column) => sql`${column} ilike ${pattern}`),
    sql` or `,
  )})`;
};
