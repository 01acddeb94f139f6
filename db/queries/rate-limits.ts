import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { rateBuckets } from "#db/schema/rate-limits";

/** `capacity` tokens, refilled evenly over `seconds`. */
export interface BucketSize {
  readonly capacity: number;
  readonly seconds: number;
}

/**
 * Seconds until a visitor may try again, null when now; `spend` uses up one try. `visitor` is a hash: addresses are not
 * kept. Call outside any workspace.
 */
export async function takeVisitorToken(
  tx: Tx,
  visitor: string,
  { capacity, seconds, spend }: BucketSize & { readonly spend: boolean },
): Promise<number | null> {
  const [row] = await tx.execute<{ wait: number | null }>(
    sql`select app.take_visitor_token(${visitor}, ${capacity}, ${seconds}, ${spend}) as wait`,
  );
  return row?.wait ?? null;
}

/**
 * Takes one token, in one statement, so that parallel takers take turns. Null when one was taken, else the seconds until
 * there is one. Database time.
 */
export async function takeToken(
  tx: Tx,
  key: { readonly workspaceId: string; readonly bucket: string },
  size: BucketSize,
): Promise<number | null> {
  const rate = size.capacity / size.seconds;
  const filled = sql`least(${size.capacity}::float8, b.tokens
    + greatest(0, extract(epoch from clock_timestamp() - b.refilled_at)) * ${rate}::float8)`;
  const taken = await tx.execute(sql`
    insert into ${rateBuckets} as b (workspace_id, bucket, tokens, refilled_at)
    values (${key.workspaceId}::uuid, ${key.bucket}, ${size.capacity - 1}, clock_timestamp())
    on conflict (workspace_id, bucket) do update
      set tokens = ${filled} - 1, refilled_at = clock_timestamp()
      where ${filled} >= 1
    returning b.bucket`);
  if (taken.length === 1) return null;
  const [row] = await tx.execute<{ tokens: number }>(sql`
    select ${filled} as tokens from ${rateBuckets} b
    where b.workspace_id = ${key.workspaceId}::uuid and b.bucket = ${key.bucket}`);
  return Math.max(1, Math.ceil((1 - (row?.tokens ?? 0)) / rate));
}
