import type { Person, TenantSpec } from "../types.ts";
import type { DayNumber } from "./days.ts";
import { type MoreLicenses, moreLicenses } from "./more-licenses.ts";
import type { Grant, Profile } from "./profile.ts";
import { profiles } from "./profiles.ts";
import { guidAt, seedNumber } from "./random.ts";
import { type Sku, skus } from "./skus.ts";

/** A licensing group of a tenant. */
export type SeedGroup = { key: string; id: string; name: string; skus: readonly Sku[] };

/** One way people get a SKU; `group` null = assigned directly. */
export type SeedGrant = { sku: Sku; group: SeedGroup | null };

/** What the profile hands out, looked up once. `totalWeight` is the sum over the bundles. */
export type GrantTable = {
  totalWeight: number;
  bundles: readonly { weight: number; grants: readonly SeedGrant[] }[];
  addOns: readonly (SeedGrant & { share: number; on: readonly Sku[] | undefined })[];
  room: SeedGrant;
  sharedMailbox: SeedGrant;
  service: SeedGrant;
  guest: SeedGrant;
};

/** What users of a tenant are computed from: small, constant, the same for every user. */
export type SeedTenant = {
  id: string;
  name: string;
  seed: number;
  size: number;
  today: DayNumber;
  profile: Profile;
  domains: readonly string[];
  people: readonly Person[];
  groups: readonly SeedGroup[];
  grants: GrantTable;
  /** SKUs beyond the profile's; null = the profile's alone. */
  more: MoreLicenses | null;
};

/** Salts of `random.ts` for tenant-level ids, far from those of users. */
const GROUP_SALT = 900;

/** The constant part of a tenant's seed on day `today`. */
export function seedTenant(spec: TenantSpec, today: DayNumber): SeedTenant {
  const seed = seedNumber(spec.seed);
  const profile = profiles[spec.profile];
  const own = profile.groups.map(({ key, name, skus: keys }, i) => ({
    key,
    id: guidAt(seed, i, GROUP_SALT),
    name,
    skus: keys.map((sku) => skus[sku]),
  }));
  const tenant: SeedTenant = {
    id: spec.id,
    name: spec.name,
    seed,
    size: spec.size,
    today,
    profile,
    domains: spec.domains,
    people: spec.people,
    groups: own,
    grants: grantTable(profile, own),
    more: null,
  };
  if (spec.skus === undefined && spec.licensesPerUser === undefined) return tenant;
  const more = moreLicenses(tenant, spec);
  return { ...tenant, more, groups: [...own, ...more.groups] };
}

function grantTable(profile: Profile, groups: readonly SeedGroup[]): GrantTable {
  const grant = ({ sku, via }: Grant): SeedGrant => ({
    sku: skus[sku],
    group: via === "direct" ? null : groupOf(groups, via),
  });
  const direct = (sku: Grant["sku"]) => grant({ sku, via: "direct" });
  return {
    totalWeight: profile.bundles.reduce((sum, bundle) => sum + bundle.weight, 0),
    bundles: profile.bundles.map(({ weight, grants }) => ({ weight, grants: grants.map(grant) })),
    addOns: profile.addOns.map((addOn) => ({
      ...grant(addOn),
      share: addOn.share,
      on: addOn.on?.map((sku) => skus[sku]),
    })),
    room: direct(profile.roomSku),
    sharedMailbox: direct(profile.sharedMailboxSku),
    service: direct(profile.serviceSku),
    guest: direct("POWER_BI_PRO"),
  };
}

function groupOf(groups: readonly SeedGroup[], key: string): SeedGroup {
  const group = groups.find((candidate) => candidate.key === key);
  if (!group) throw new Error(`profile has no group ${key}`);
  return group;
}
