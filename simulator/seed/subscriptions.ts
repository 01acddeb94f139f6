import type { DayNumber } from "./days.ts";
import type { SubscriptionRule } from "./profile.ts";
import { guidAt } from "./random.ts";
import { type Sku, skus } from "./skus.ts";
import type { SeedTenant } from "./tenant.ts";
import type { Totals } from "./totals.ts";

/** One commercial subscription of a tenant. */
export type SeedSubscription = {
  id: string;
  commerceId: string;
  sku: Sku;
  status: SubscriptionRule["status"];
  units: number;
  trial: boolean;
  created: DayNumber;
  nextLifecycle: DayNumber | null;
  partnerTenantId: string | null;
};

/** Units of one SKU as in `prepaidUnits`. */
export type Units = { enabled: number; warning: number; suspended: number; lockedOut: number };

/** A row of subscribedSkus. */
export type SeedSubscribedSku = {
  sku: Sku;
  units: Units;
  subscriptionIds: string[];
  listed: boolean;
};

const PARTNER_TENANT_ID = "a1c5e6d2-3b47-4c7e-9f0d-5d8c2b9e7f31";

/** The tenant's subscriptions; `totals` are those of the full tenant, since units are bought in proportion to seats. */
export function subscriptionsOf(tenant: SeedTenant, totals: Totals): SeedSubscription[] {
  const own = tenant.profile.subscriptions.map((rule) => ({ ...rule, sku: skus[rule.sku] }));
  return [...own, ...(tenant.more?.subscriptions ?? [])].map((rule, i) => ({
    id: guidAt(tenant.seed, i, 901),
    commerceId: guidAt(tenant.seed, i, 902),
    sku: rule.sku,
    status: rule.status,
    units: unitsOf(rule, totals),
    trial: rule.trial ?? false,
    created: tenant.today - rule.createdDaysAgo,
    nextLifecycle: rule.lifecycleInDays === null ? null : tenant.today + rule.lifecycleInDays,
    partnerTenantId: rule.partner ? PARTNER_TENANT_ID : null,
  }));
}

function unitsOf(rule: { sku: Sku; size: SubscriptionRule["size"] }, totals: Totals): number {
  if ("units" in rule.size) return rule.size.units;
  const holders = totals.skus.get(rule.sku.skuId)?.holders ?? 0;
  if ("pool" in rule.size) return rule.size.pool * Math.max(1, Math.ceil(holders / rule.size.pool));
  return Math.max(1, Math.round(holders * rule.size.ratio));
}

/** Pools subscriptions by SKU, one row each; held SKUs without a subscription come last and are not listed. */
export function subscribedSkusOf(tenant: SeedTenant, totals: Totals): SeedSubscribedSku[] {
  const rows = new Map<string, SeedSubscribedSku>();
  for (const subscription of subscriptionsOf(tenant, totals)) {
    const row = rows.get(subscription.sku.key) ?? emptyRow(subscription.sku, true);
    row.units[unitField(subscription.status)] += subscription.units;
    row.subscriptionIds.push(subscription.id);
    rows.set(subscription.sku.key, row);
  }
  for (const key of tenant.profile.unlisted)
    if (!rows.has(key)) rows.set(key, emptyRow(skus[key], false));
  return [...rows.values()];
}

function emptyRow(sku: Sku, listed: boolean): SeedSubscribedSku {
  return {
    sku,
    units: { enabled: 0, warning: 0, suspended: 0, lockedOut: 0 },
    subscriptionIds: [],
    listed,
  };
}

function unitField(status: SubscriptionRule["status"]): keyof Units {
  switch (status) {
    case "Enabled":
      return "enabled";
    case "Warning":
      return "warning";
    case "Suspended":
      return "suspended";
    case "LockedOut":
      return "lockedOut";
    default:
      return status satisfies never;
  }
}
