import type { Person, TenantSpec } from "../types.ts";
import type { DayNumber } from "./days.ts";
import type { GroupKey, Profile } from "./profile.ts";
import { profiles } from "./profiles.ts";
import { guidAt, seedNumber } from "./random.ts";
import type { SkuKey } from "./skus.ts";

/** A licensing group of a tenant. */
export type SeedGroup = { key: GroupKey; id: string; name: string; skus: readonly SkuKey[] };

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
};

/** Salts of `random.ts` for tenant-level ids, far from those of users. */
const GROUP_SALT = 900;

/** The constant part of a tenant's seed on day `today`. */
export function seedTenant(spec: TenantSpec, today: DayNumber): SeedTenant {
  const seed = seedNumber(spec.seed);
  const profile = profiles[spec.profile];
  return {
    id: spec.id,
    name: spec.name,
    seed,
    size: spec.size,
    today,
    profile,
    domains: spec.domains,
    people: spec.people,
    groups: profile.groups.map((group, i) => ({ ...group, id: guidAt(seed, i, GROUP_SALT) })),
  };
}
