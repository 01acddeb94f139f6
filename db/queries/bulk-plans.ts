import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** How soon the server notices that the program behind a running statement is gone, and ends the statement. */
const abandonedAfter = "5s";

/** Longest a set-wise statement may take; the program's own limit is meant for pages. */
const bulkStatementTimeout = "15min";

/**
 * Runs set-wise work over rows that were written a moment ago. The planner has no statistics of them yet, takes them for
 * a handful, and would join whole snapshots row by row (quadratic); hash joins are right for few rows and for millions.
 *
 * A statement of minutes outlives a killed program by default and keeps its locks, so that whoever resumes the run would
 * wait for it. The server is told to look after its client; on Windows it cannot (PostgreSQL manual,
 * client_connection_check_interval).
 */
export async function withBulkPlans<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const set = (settings: { readonly loops: string; readonly timeout: string }) =>
    tx.execute(sql`select set_config('enable_nestloop', ${settings.loops}, true),
      set_config('statement_timeout', ${settings.timeout}, true)`);
  const [before] = await tx.execute<{ loops: string; timeout: string }>(sql`
    select current_setting('enable_nestloop') as loops, current_setting('statement_timeout') as timeout`);
  if (before === undefined) throw new Error("Settings always have a value.");
  await set({ loops: "off", timeout: bulkStatementTimeout });
  await tx.execute(sql`
    select set_config('client_connection_check_interval', ${abandonedAfter}, true)
    where version() !~* 'windows|mingw|visual c'`);
  const result = await work();
  // After a failure the transaction is over, and its settings with it.
  await set(before);
  return result;
}
