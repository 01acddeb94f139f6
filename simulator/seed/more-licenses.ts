import type { TenantSpec } from "../types.ts";
import { accountAt } from "./account.ts";
import { licensesAt } from "./licenses.ts";
import type { SubscriptionRule } from "./profile.ts";
import { fractionAt, guidAt } from "./random.ts";
import { otherSkus, type Sku } from "./skus.ts";
import type { SeedGrant, SeedGroup, SeedTenant } from "./tenant.ts";

/** SKUs beyond those of a tenant's profile, and how many of them a licensed person holds. */
export type MoreLicenses = {
  grants: readonly SeedGrant[];
  groups: readonly SeedGroup[];
  /** Mean number per licensed person. */
  mean: number;
  /** Steps through the list that reach every SKU before one comes again. */
  steps: readonly number[];
  subscriptions: readonly (Omit<SubscriptionRule, "sku"> & { sku: Sku })[];
};

const STANDARD_SKUS = 100;
const STANDARD_LICENSES_PER_USER = 2.5;
const GROUP_SALT = 906;
/** Accounts the profile's own mean of licenses is measured on. */
const SAMPLE = 2000;

/** As many more SKUs as the specification asks for, each with a subscription and every third through a group. */
export function moreLicenses(tenant: SeedTenant, spec: TenantSpec): MoreLicenses {
  const own = new Set(tenant.profile.subscriptions.map((rule) => rule.sku)).size;
  const count = Math.max(1, (spec.skus ?? STANDARD_SKUS) - own);
  const added = otherSkus.slice(0, count);
  const groups = added
    .filter((_, i) => i % 3 === 0)
    .map((sku, i) => ({
      key: sku.key,
      id: guidAt(tenant.seed, i, GROUP_SALT),
      name: `LIC ${sku.productName}`,
      skus: [sku],
    }));
  const { licenses, licensed } = sampled(tenant);
  const wanted = spec.licensesPerUser ?? STANDARD_LICENSES_PER_USER;
  return {
    grants: added.map((sku) => ({
      sku,
      group: groups.find((group) => group.key === sku.key) ?? null,
    })),
    groups,
    mean: Math.max(0, (wanted - licenses) / licensed),
    steps: coprimes(added.length),
    subscriptions: added.map((sku, i) => ({
      sku,
      status: i % 23 === 22 ? "Warning" : "Enabled",
      // Between 5 % too few and 35 % too many seats.
      size: { ratio: 0.95 + (i % 9) * 0.05 },
      createdDaysAgo: 30 + ((i * 37) % 1200),
      lifecycleInDays: 5 + ((i * 53) % 360),
      partner: i % 4 === 0,
    })),
  };
}

/** What a licensed person holds besides the profile's licenses: a run of SKUs from a start that favours the first ones. */
export function moreGrantsAt(more: MoreLicenses, seed: number, index: number): SeedGrant[] {
  const { grants, steps, mean } = more;
  const spread = 2 * mean * fractionAt(seed, index, 52) + fractionAt(seed, index, 53);
  const count = Math.min(grants.length, Math.floor(spread));
  const list: SeedGrant[] = [];
  if (count === 0) return list;
  const step = steps[Math.floor(fractionAt(seed, index, 54) * steps.length)] ?? 1;
  let at = Math.floor(fractionAt(seed, index, 55) ** 2 * grants.length);
  for (let i = 0; i < count; i += 1) {
    const grant = grants[at];
    if (grant) list.push(grant);
    at = (at + step) % grants.length;
  }
  return list;
}

/** Means over a tenant's accounts: licenses per account, and the share of accounts that are licensed people. */
function sampled(tenant: SeedTenant): { licenses: number; licensed: number } {
  let licenses = 0;
  let licensed = 0;
  // Beyond the named people, who are few and all alike.
  const first = tenant.people.length;
  for (let index = first; index < first + SAMPLE; index += 1) {
    const account = accountAt(tenant, index);
    const held = licensesAt(tenant, index, account).licenses.length;
    licenses += held;
    if (account.kind === "person" && held > 0) licensed += 1;
  }
  return { licenses: licenses / SAMPLE, licensed: licensed / SAMPLE };
}

function coprimes(length: number): number[] {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return Array.from({ length }, (_, i) => i + 1).filter((step) => divisor(length, step) === 1);
}
