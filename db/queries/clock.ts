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
