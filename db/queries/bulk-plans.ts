import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/**
 * Runs set-wise work over rows that were written a moment ago. The planner has no statistics of them yet, takes them for
 * a handful, and would join whole snapshots row by row (quadratic); hash joins are right for few rows and for millions.
 */
export async function withBulkPlans<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const setNestedLoops = (value: string) =>
    tx.execute(sql`select set_config('enable_nestloop', ${value}, true)`);
  const [before] = await tx.execute<{ value: string }>(
    sql`select current_setting('enable_nestloop') as value`,
  );
  await setNestedLoops("off");
  const result = await work();
  // After a failure the transaction is over, and the setting with it.
  await setNestedLoops(before?.value ?? "on");
  return result;
}
