import type { DayNumber } from "./days.ts";
import { between, fractionAt } from "./random.ts";
import type { SeedTenant } from "./tenant.ts";

/** What an account is used for. Graph does not say it; the simulator's truth does. */
export type AccountKind = "person" | "guest" | "shared-mailbox" | "room" | "service";

/** What decides the licenses of an account. */
export type Account = {
  kind: AccountKind;
  userType: "Member" | "Guest";
  enabled: boolean;
  created: DayNumber;
};

/** Account `index` without its name, licenses and activity. */
export function accountAt(tenant: SeedTenant, index: number): Account {
  const kind = kindAt(tenant, index);
  return {
    kind,
    userType: kind === "guest" ? "Guest" : "Member",
    enabled: enabledAt(tenant, index, kind),
    created: createdAt(tenant, index, kind),
  };
}

function kindAt(tenant: SeedTenant, index: number): AccountKind {
  const named = tenant.people[index];
  if (named) return named.role === "guest" ? "guest" : "person";
  const { guests, sharedMailboxes, rooms, serviceAccounts } = tenant.profile.mix;
  const r = fractionAt(tenant.seed, index, 2);
  if (r < guests) return "guest";
  if (r < guests + sharedMailboxes) return "shared-mailbox";
  if (r < guests + sharedMailboxes + rooms) return "room";
  if (r < guests + sharedMailboxes + rooms + serviceAccounts) return "service";
  return "person";
}

function enabledAt(tenant: SeedTenant, index: number, kind: AccountKind): boolean {
  if (index < tenant.people.length) return true;
  if (kind === "shared-mailbox") return false;
  return (
    kind !== "person" || fractionAt(tenant.seed, index, 31) >= tenant.profile.mix.blockedPeople
  );
}

/** Joined within the last 30 days. */
export function isNewJoiner(tenant: SeedTenant, index: number, kind: AccountKind): boolean {
  return (
    kind === "person" &&
    index >= tenant.people.length &&
    fractionAt(tenant.seed, index, 30) < tenant.profile.mix.newJoiners
  );
}

function createdAt(tenant: SeedTenant, index: number, kind: AccountKind): DayNumber {
  return isNewJoiner(tenant, index, kind)
    ? tenant.today - between(tenant.seed, index, 32, 0, 29)
    : tenant.today - between(tenant.seed, index, 32, 31, 2600);
}
