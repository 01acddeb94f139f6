import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** Seconds by which this machine's clock is ahead of the database's. */
export async function clockSkewSeconds(tx: Tx): Promise<number> {
  const before = Date.now();
  const [row] = await tx.execute<{ at: string }>(
    sql`select extract(epoch from clock_timestamp())::text as at`,
  );
  const middle = (before + Date.now()) / 2;
  return middle / 1000 - Number(row?.at ?? 0);
}

/** The database's time at the beginning of the transaction: the clock that rows are dated and judged by. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.execute<{ at: string }>(
    sql`select (extract(epoch from now()) * 1000)::text as at`,
  );
  if (row === undefined) throw new Error("the database gave no time");
  return new Date(Number(row.at));
}
