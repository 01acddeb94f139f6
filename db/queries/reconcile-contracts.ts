import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { UtcDay } from "#lib/domain/license";
import type { MonthlyPrice } from "#lib/domain/money";
import { known, type Quantity, type UnavailableReason, unknown } from "#lib/domain/quantity";
import type { Basis } from "./reconcile-basis.ts";

/** When something must be decided about a license, and how many paid units reach it then (null = not known). Seats. */
export interface Decision {
  readonly on: UtcDay;
  readonly source: "purchase-term" | "microsoft-lifecycle";
  readonly units: number | null;
}

/** What the contract and the price book say of one SKU. Seats. */
export interface ContractFacts {
  readonly price: MonthlyPrice | null;
  /** Valid allocations on the day; null when none was ever entered. */
  readonly purchasedUnits: number | null;
  readonly purchaseDecision: Decision | null;
}

/** What Microsoft's subscriptions say of one SKU. Seats. */
export interface SubscriptionFacts {
  readonly trialUnits: Quantity;
  readonly allTrials: boolean;
  readonly lifecycleDecision: Decision | null;
}

interface PurchaseRow extends Record<string, unknown> {
  readonly sku_id: string;
  readonly valid: number;
  readonly decision_on: UtcDay | null;
  readonly deciding: number | null;
}

/** Prices and purchases by skuId, for the connection's tenant on the day. Source: DESIGN §5 `purchased`, Money. */
export async function loadContracts(
  tx: Tx,
  basis: Basis,
): Promise<(skuId: string) => ContractFacts> {
  const { workspaceId, tenantId } = basis.connection;
  const prices = await tx.execute<
    MonthlyPrice & { readonly sku_id: string } & Record<string, unknown>
  >(sql`
    select sku_id, amount::text, currency, source, as_of as "asOf" from prices
    where workspace_id = ${workspaceId}`);
  const purchases = await tx.execute<PurchaseRow>(sql`
    with allocated as (
      select a.sku_id, a.quantity, p.decision_on,
        p.valid_from <= ${basis.evaluatedOn}::date
          and (p.valid_to is null or p.valid_to >= ${basis.evaluatedOn}::date) as valid
      from purchase_allocations a
      join purchases p on p.workspace_id = a.workspace_id and p.id = a.purchase_id
      where a.workspace_id = ${workspaceId} and a.tenant_id = ${tenantId}),
    due as (
      select sku_id, min(decision_on) as decision_on from allocated
      where valid and decision_on >= ${basis.evaluatedOn}::date group by sku_id)
    select a.sku_id, coalesce(sum(a.quantity) filter (where a.valid), 0)::int as valid,
      max(d.decision_on)::text as decision_on,
      (sum(a.quantity) filter (where a.valid and a.decision_on = d.decision_on))::int as deciding
    from allocated a left join due d on d.sku_id = a.sku_id
    group by a.sku_id`);
  const priceOf = new Map(prices.map(({ sku_id, ...price }) => [sku_id, price]));
  const purchaseOf = new Map(purchases.map((row) => [row.sku_id, row]));
  return (skuId) => {
    const purchase = purchaseOf.get(skuId);
    return {
      price: priceOf.get(skuId) ?? null,
      purchasedUnits: purchase?.valid ?? null,
      purchaseDecision:
        purchase?.decision_on == null
          ? null
          : { on: purchase.decision_on, source: "purchase-term", units: purchase.deciding },
    };
  };
}

interface SubscriptionRow extends Record<string, unknown> {
  readonly sku_id: string;
  readonly status: string | null;
  readonly units: number | null;
  readonly trial: boolean | null;
  readonly next_lifecycle_on: UtcDay | null;
}

/** How directory/subscriptions was read for the published directory; null = it was. */
async function missingSubscriptions(tx: Tx, basis: Basis): Promise<UnavailableReason | null> {
  const [read] = await tx.execute<{ state: string; reason: UnavailableReason | null }>(sql`
    select c.state, c.reason
    from snapshots s
    join read_checkpoints c on c.workspace_id = s.workspace_id and c.run_id = s.run_id
    where s.workspace_id = ${basis.connection.workspaceId} and s.id = ${basis.directorySnapshotId}
      and c.read = 'company-subscriptions'`);
  return read?.state === "complete" ? null : (read?.reason ?? "not-imported");
}

/**
 * Microsoft's subscriptions by skuId; one without a skuId belongs to the SKU that lists its id. A trial flag or a
 * trial's size that Microsoft left out makes the trial units unknown. Source: DESIGN §5 `trial`, reference §3.4.
 */
export async function loadSubscriptions(
  tx: Tx,
  basis: Basis,
): Promise<(skuId: string) => SubscriptionFacts> {
  const missing = await missingSubscriptions(tx, basis);
  if (missing !== null) {
    const facts = { trialUnits: unknown(missing), allTrials: false, lifecycleDecision: null };
    return () => facts;
  }
  const rows = await tx.execute<SubscriptionRow>(sql`
    select coalesce(s.sku_id, n.sku_id) as sku_id, s.status, s.total_units as units, s.trial,
      (s.next_lifecycle_at at time zone 'UTC')::date::text as next_lifecycle_on
    from snapshot_subscriptions s
    left join snapshot_skus k on s.sku_id is null and k.workspace_id = s.workspace_id
      and k.snapshot_id = s.snapshot_id and k.reading = 2
      and s.subscription_id = any(k.subscription_ids)
    left join sku_numbers n on n.workspace_id = k.workspace_id and n.no = k.sku_no
    where s.workspace_id = ${basis.connection.workspaceId}
      and s.snapshot_id = ${basis.directorySnapshotId}
      and coalesce(s.sku_id, n.sku_id) is not null`);
  const bySku = Map.groupBy(rows, (row) => row.sku_id);
  return (skuId) => subscriptionFacts(bySku.get(skuId) ?? [], basis.evaluatedOn);
}

function subscriptionFacts(
  subscriptions: readonly SubscriptionRow[],
  evaluatedOn: UtcDay,
): SubscriptionFacts {
  const undecided = subscriptions.some(
    (row) => row.trial === null || (row.trial && row.units === null),
  );
  const trials = subscriptions.filter((row) => row.trial === true);
  return {
    trialUnits: undecided
      ? unknown("not-reported")
      : known(trials.reduce((sum, row) => sum + (row.units ?? 0), 0)),
    allTrials: subscriptions.length > 0 && trials.length === subscriptions.length,
    lifecycleDecision: lifecycleDecision(subscriptions, evaluatedOn),
  };
}

/** Only while a subscription is Enabled is its next lifecycle date a renewal. Source: reference §3.4. */
function lifecycleDecision(
  subscriptions: readonly SubscriptionRow[],
  evaluatedOn: UtcDay,
): Decision | null {
  const renewing = subscriptions.flatMap(({ status, trial, units, next_lifecycle_on: on }) =>
    status?.toLowerCase() === "enabled" && trial !== true && on !== null && on >= evaluatedOn
      ? [{ on, units }]
      : [],
  );
  const on = renewing.map((row) => row.on).sort()[0];
  if (on === undefined) return null;
  const deciding = renewing.filter((row) => row.on === on);
  const units = deciding.some((row) => row.units === null)
    ? null
    : deciding.reduce((sum, row) => sum + (row.units ?? 0), 0);
  return { on, source: "microsoft-lifecycle", units };
}
