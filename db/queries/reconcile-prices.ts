import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Flag } from "#lib/domain/license";
import type { MonthlyPrice } from "#lib/domain/money";
import { repricedFlags } from "#lib/domain/position-rules";

interface PricedPosition extends Record<string, unknown> {
  readonly license_id: string;
  readonly flags: readonly Flag[];
  readonly entitled: number | null;
  readonly consumed: number | null;
  readonly purchased: number | null;
}

/**
 * Makes a reconciliation that differs from the connection's current one in what the price of one SKU says, and flips to
 * it. A price multiplies units per license: no account, seat or opportunity is looked at, so that it takes as long in a
 * tenant of a million accounts as in a small one. The day stays; another one is for the daily recompute. Locks the
 * connection first. Returns null when nothing was ever reconciled. Source: DESIGN §4.8, §5 Money, docs/adr/0017.
 */
export async function repriceReconciliation(
  tx: Tx,
  key: { readonly workspaceId: string; readonly connectionId: string; readonly skuId: string },
): Promise<number | null> {
  const { workspaceId, connectionId } = key;
  const [connection] = await tx.execute<{ current: number | null }>(sql`
    select reconciliation_id as current from connections
    where workspace_id = ${workspaceId} and id = ${connectionId} for no key update`);
  const current = connection?.current ?? null;
  if (current === null) return null;
  const patches = JSON.stringify(await pricePatches(tx, { ...key, current }));
  const [row] = await tx.execute<{ id: number }>(sql`
    insert into reconciliations (workspace_id, connection_id, opportunities_of,
      directory_snapshot_id, sign_ins_snapshot_id, usage_snapshot_id, evaluated_on,
      activity_window_days, grace_days, sign_ins_unavailable, usage_unavailable,
      mailbox_unavailable, cause)
    select workspace_id, connection_id, opportunities_of, directory_snapshot_id,
      sign_ins_snapshot_id, usage_snapshot_id, evaluated_on, activity_window_days, grace_days,
      sign_ins_unavailable, usage_unavailable, mailbox_unavailable, 'prices'
    from reconciliations where workspace_id = ${workspaceId} and id = ${current}
    returning id`);
  if (row === undefined) throw new Error("The current reconciliation is stored.");
  await tx.execute(sql`
    insert into license_positions
    select repriced.* from license_positions p
    left join jsonb_each(${patches}::jsonb) patch on patch.key = p.license_id::text
    cross join lateral jsonb_populate_record(p,
      jsonb_build_object('reconciliation_id', ${row.id}::int) || coalesce(patch.value, '{}')) repriced
    where p.workspace_id = ${workspaceId} and p.reconciliation_id = ${current}`);
  await tx.execute(sql`
    update connections set reconciliation_id = ${row.id}
    where workspace_id = ${workspaceId} and id = ${connectionId}`);
  return row.id;
}

/** What becomes different in the positions of the SKU, by license. */
async function pricePatches(
  tx: Tx,
  key: { readonly workspaceId: string; readonly skuId: string; readonly current: number },
): Promise<Readonly<Record<string, object>>> {
  const { workspaceId, skuId } = key;
  const [price] = await tx.execute<MonthlyPrice & Record<string, unknown>>(sql`
    select amount::text, currency, source, as_of as "asOf" from prices
    where workspace_id = ${workspaceId} and sku_id = ${skuId}::uuid`);
  const positions = await tx.execute<PricedPosition>(sql`
    select p.license_id, p.flags, p.entitled, p.consumed, p.purchased
    from license_positions p
    join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
    left join sku_numbers n on n.workspace_id = p.workspace_id and n.no = p.sku_no
    where p.workspace_id = ${workspaceId} and p.reconciliation_id = ${key.current}
      and case when n.sku_id is null then l.sku_id else n.sku_id end = ${skuId}::uuid`);
  return Object.fromEntries(
    positions.map(({ license_id, flags, ...counted }) => [
      license_id,
      {
        price_amount: price?.amount ?? null,
        price_currency: price?.currency ?? null,
        price_source: price?.source ?? null,
        price_as_of: price?.asOf ?? null,
        flags: repricedFlags(flags, { ...counted, hasPrice: price !== undefined }),
      },
    ]),
  );
}
