import { setImmediate as nextTurn } from "node:timers/promises";
import type { SeedUser } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import { isBelow, toAppUser } from "./applications.ts";
import type { Organisation } from "./organisation.ts";

/** Of a tenant's application, or of the one below it. */
export type Which = "own" | "below";

/** Where a list of accounts goes on: the next account's index, and how many consumers were before it. */
export type Place = { readonly index: number; readonly before: number };

export const firstPlace: Place = { index: 0, before: 0 };

/** A place as links carry it. */
export const writtenPlace = ({ index, before }: Place): string => `${index}.${before}`;

/** Undefined = no place of ours. */
export function readPlace(text: string): Place | undefined {
  const [, index, before] = /^(\d{1,9})\.(\d{1,9})$/.exec(text) ?? [];
  return index === undefined ? undefined : { index: Number(index), before: Number(before) };
}

/** One that an application lists: a consumer with a license of it, and the place after it. */
type Listed<U> = { readonly user: U; readonly next: Place };

type Holder = Pick<SeedUser, "enabled" | "licenses">;

const partNumbersOf = (organisation: Organisation, which: Which, { licenses }: Holder) =>
  licenses
    .map(({ sku }) => sku.partNumber)
    .filter((part) => isBelow(organisation, part) === (which === "below"));

/** Accounts hold a license of the application; of every `leaveOutEvery` consumers the last is left out. */
function* listed<U extends Holder>(
  organisation: Organisation,
  which: Which,
  consumers: Iterable<readonly [number, U]>,
  from: Place,
): Generator<Listed<U>> {
  const every = organisation.leaveOutEvery;
  let { before } = from;
  for (const [index, user] of consumers) {
    const leftOut = every > 0 && before % every === every - 1;
    before += 1;
    if (!leftOut && partNumbersOf(organisation, which, user).length > 0) {
      yield { user, next: { index: index + 1, before } };
    }
  }
}

/** Accounts of an application from a place on, computed while they are read: a page costs what is on it. */
export const appUsers = (
  organisation: Organisation,
  tenant: Tenant,
  which: Which,
  from: Place = firstPlace,
): Generator<Listed<SeedUser>> =>
  listed(organisation, which, tenant.consumersFrom(from.index), from);

/** An account of `appUsers` as the application shows it. */
export const appUserRow = (
  organisation: Organisation,
  tenant: Tenant,
  which: Which,
  user: SeedUser,
): Record<string, unknown> =>
  toAppUser(organisation, tenant, user, partNumbersOf(organisation, which, user));

/** How many accounts an application has, and how many of them are not deactivated. */
export type AppUserCounts = { all: number; active: number };

const counted = new WeakMap<Organisation, Map<string, Promise<AppUserCounts>>>();

/** Counts an application's accounts once for the same list of users; keeps only the counts. */
export function countAppUsers(
  organisation: Organisation,
  tenant: Tenant,
  which: Which,
): Promise<AppUserCounts> {
  const known = counted.get(organisation) ?? new Map<string, Promise<AppUserCounts>>();
  counted.set(organisation, known);
  const key = [tenant.spec.id, which, tenant.viewKey(), tenant.seed().today].join("/");
  const counts = known.get(key) ?? count(organisation, tenant, which);
  known.set(key, counts);
  return counts;
}

async function count(
  organisation: Organisation,
  tenant: Tenant,
  which: Which,
): Promise<AppUserCounts> {
  const counts = { all: 0, active: 0 };
  for (const { user } of listed(organisation, which, tenant.numberedSeatHolders(), firstPlace)) {
    counts.all += 1;
    if (user.enabled) counts.active += 1;
    if (counts.all % 1000 === 0) await nextTurn();
  }
  return counts;
}

/**
 * What an importer of a tenant's application, with the one below it, must find: accounts that hold a license, once each
 * (`deactivated` are those Microsoft has blocked), and the seats of the others.
 */
export function* truthAppUsers(organisation: Organisation, tenant: Tenant) {
  for (const { user } of holders(organisation, tenant)) {
    yield { userId: user.id, deactivated: !user.enabled };
  }
}

export function* truthAppSeats(organisation: Organisation, tenant: Tenant) {
  for (const { user } of holders(organisation, tenant)) {
    if (!user.enabled) continue;
    for (const { sku } of user.licenses) yield { userId: user.id, skuId: sku.skuId, held: true };
  }
}

/** Consumers with a license, of whichever application. */
function* holders(organisation: Organisation, tenant: Tenant): Generator<Listed<SeedUser>> {
  yield* appUsers({ ...organisation, below: [] }, tenant, "own");
}
