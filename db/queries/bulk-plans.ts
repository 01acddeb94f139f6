import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** How soon the server notices that the program behind a running statement is gone, and ends the statement. */
const abandonedAfter = "5s";

/** Longest a set-wise statement may take; the program's own limit is meant for pages. */
const bulkStatementTimeout = "15min";

/** Per sort and, doubled, per hash table: an account of a join takes about 100 bytes. Only large tenants use it. */
const bulkWorkMem = "128MB";

const planSettings = [
  ["enable_nestloop", "off"],
  ["enable_mergejoin", "off"],
  ["enable_sort", "off"],
  ["enable_indexscan", "off"],
  ["enable_indexonlyscan", "off"],
  ["statement_timeout", bulkStatementTimeout],
  ["work_mem", bulkWorkMem],
] as const;

/**
 * Runs set-wise work over rows that were written a moment ago. The planner has no statistics of them yet, takes them for
 * a handful, and would join whole snapshots row by row (quadratic), read their pages in the order of an index or sort
 * what only has to be grouped. Bitmap scans, hash joins and hash aggregates are right for few rows and for millions; a
 * lateral subquery with `offset 0` is looked up row by row all the same. Measured in docs/benchmarks.md, Publish.
 *
 * A statement of minutes outlives a killed program by default and keeps its locks, so that whoever resumes the run would
 * wait for it. The server is told to look after its client; on Windows it cannot (PostgreSQL manual,
 * client_connection_check_interval).
 */
export async function withBulkPlans<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const names = JSON.stringify(planSettings.map(([name]) => name));
  const [before] = await tx.execute<{ settings: Readonly<Record<string, string>> }>(sql`
    select jsonb_object_agg(name, current_setting(name)) as settings
    from jsonb_array_elements_text(${names}::jsonb) name`);
  if (before === undefined) throw new Error("Settings always have a value.");
  await set(tx, Object.fromEntries(planSettings));
  await tx.execute(sql`
    select set_config('client_connection_check_interval', ${abandonedAfter}, true)
    where version() !~* 'windows|mingw|visual c'`);
  const result = await work();
  // After a failure the transaction is over, and its settings with it.
  await set(tx, before.settings);
  return result;
}

async function set(tx: Tx, settings: Readonly<Record<string, string>>): Promise<void> {
  await tx.execute(sql`
    select set_config(key, value, true) from jsonb_each_text(${JSON.stringify(settings)}::jsonb)`);
}
