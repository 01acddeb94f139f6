import type { Tx } from "#db/client";
import { type BucketSize, takeToken } from "#db/queries/rate-limits";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";

/** How often something may be done. Source: reference/fault-catalogue.md §4 Rate limits. */
export const limits = {
  /** Imports asked for by people and tokens, per connection. */
  import: { capacity: 6, seconds: 3600 },
  /** Ways to Microsoft, per connection: a workspace may connect many tenants in an afternoon. */
  consent: { capacity: 10, seconds: 3600 },
  /** Ways to Microsoft that are begun with one hand-off link. */
  handOffConsent: { capacity: 10, seconds: 3600 },
  /** Hand-off links made, per connection. */
  handOff: { capacity: 20, seconds: 3600 },
  /** Checks of a credential, per connection. */
  verification: { capacity: 10, seconds: 3600 },
  /** Checks of a SaaS Management organisation's credential, per organisation; and organisations entered. */
  organisation: { capacity: 20, seconds: 3600 },
  /** Uploads begun, per connection: history comes in one after the other. */
  package: { capacity: 60, seconds: 3600 },
  /** Key pairs a worker makes, per connection. */
  keyPair: { capacity: 10, seconds: 3600 },
} as const satisfies Record<string, BucketSize>;

/** Hand-off links nobody made, tried from one address. */
export const unknownLinks = { capacity: 20, seconds: 3600 } as const satisfies BucketSize;

/**
 * Takes one of the things allowed per hour, in the caller's transaction: what is rolled back was not done.
 * @throws UseCaseError `rate-limited` with the seconds to wait.
 */
export async function requireRate(
  tx: Tx,
  ctx: Pick<Ctx, "workspaceId">,
  what: keyof typeof limits,
  subject: string,
): Promise<void> {
  const key = { workspaceId: ctx.workspaceId, bucket: `${what}:${subject}` };
  const wait = await takeToken(tx, key, limits[what]);
  if (wait === null) return;
  const minutes = Math.ceil(wait / 60);
  throw new UseCaseError(
    "rate-limited",
    `This was done ${limits[what].capacity} times within the hour. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    { retryAfter: wait },
  );
}
