import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** How soon the server notices that the program behind a running statement is gone, and ends the statement. */
const abandonedAfter = "5s";

/** Longest a set-wise statement may take; the program's own limit is meant for pages. */
const bulkStatementTimeout = "15min";

/** Per sort and, doubled, per hash table: an account of a join takes about 100 bytes. Only large tenants use it. */
const bulkWorkMem = "128MB";

/** Costs that only steer the planner would have every statement compiled first. */
const uncompiled = { jit: "off" };

const bulkSettings = {
  ...uncompiled,
  enable_nestloop: "off",
  enable_mergejoin: "off",
  enable_sort: "off",
  enable_indexscan: "off",
  enable_indexonlyscan: "off",
  statement_timeout: bulkStatementTimeout,
  work_mem: bulkWorkMem,
};

const lookupSettings = {
  ...uncompiled,
  enable_nestloop: "on",
  enable_indexscan: "on",
  enable_sort: "off",
  enable_bitmapscan: "off",
  enable_seqscan: "off",
};

const listSettings = { ...lookupSettings, enable_nestloop: "off" };

const placeSettings = {
  ...uncompiled,
  enable_indexscan: "off",
  enable_indexonlyscan: "off",
  enable_bitmapscan: "off",
  enable_seqscan: "off",
};

/**
 * Runs set-wise work over rows that were written a moment ago. The planner has no statistics of them yet, takes them for
 * a handful, and would join whole snapshots row by row (quadratic), read their pages in the order of an index or sort
 * what only has to be grouped. Bitmap scans, hash joins and hash aggregates are right for few rows and for millions. Measured in
 * docs/benchmarks.md, Publish.
 *
 * A statement of minutes outlives a killed program by default and keeps its locks, so that whoever resumes the run would
 * wait for it. The server is told to look after its client; on Windows it cannot (PostgreSQL manual,
 * client_connection_check_interval).
 */
export async function withBulkPlans<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.execute(sql`
    select set_config('client_connection_check_interval', ${abandonedAfter}, true)
    where version() !~* 'windows|mingw|visual c'`);
  return withSettings(tx, bulkSettings, work);
}

/**
 * Runs statements that look single rows up in a snapshot the planner takes for a handful of rows: to it, reading the whole
 * snapshot by another index costs the same as finding the row. A lateral subquery that says `x between k and k order by x`
 * leaves it only the index on x, since sorting is off.
 */
export const withLookups = <T>(tx: Tx, work: () => Promise<T>): Promise<T> =>
  withSettings(tx, lookupSettings, work);

/** As `withLookups`, for a subquery that says `x = any (…) order by x` of a long list, joined to others by hash. */
export const withList = <T>(tx: Tx, work: () => Promise<T>): Promise<T> =>
  withSettings(tx, listSettings, work);

/** Runs statements that say `ctid = any (…)`: rows found a moment ago, by their place alone. */
export const withPlaces = <T>(tx: Tx, work: () => Promise<T>): Promise<T> =>
  withSettings(tx, placeSettings, work);

/** Rows no run will ever have, which the planner takes for 10⁹: a select of nothing. */
const imagined = sql`
  generate_series(1, floor(random())::int) x, generate_series(1, x) y, generate_series(1, y) z`;

/**
 * A select of the rows of `table` under `where`, to be joined to a smaller table: that one is hashed. By the planner's own
 * guess it would hash the millions of rows of a new snapshot, and look the accounts up in them. `columns` are of the table.
 */
export const largeRows = (table: string, columns: readonly string[], where: SQL): SQL => {
  const list = sql.raw(columns.join(", "));
  const nulls = sql.raw(columns.map((column) => `(null::${table}).${column}`).join(", "));
  return sql`(
    select ${list} from ${sql.raw(table)} where ${where}
    union all
    select ${nulls} from ${imagined})`;
};

async function withSettings<T>(
  tx: Tx,
  settings: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const names = JSON.stringify(Object.keys(settings));
  const [before] = await tx.execute<{ settings: Readonly<Record<string, string>> }>(sql`
    select jsonb_object_agg(name, current_setting(name)) as settings
    from jsonb_array_elements_text(${names}::jsonb) name`);
  if (before === undefined) throw new Error("Settings always have a value.");
  await set(tx, settings);
  const result = await work();
  // After a failure the transaction is over, and its settings with it.
  await set(tx, before.settings);
  return result;
}

async function set(tx: Tx, settings: Readonly<Record<string, string>>): Promise<void> {
  await tx.execute(sql`
    select set_config(key, value, true) from jsonb_each_text(${JSON.stringify(settings)}::jsonb)`);
}
