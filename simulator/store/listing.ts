import type { FaultEngine } from "../faults/engine.ts";
import type { FaultOf } from "../faults/types.ts";
import type { DayNumber } from "../seed/days.ts";
import type { HeldLicense } from "../seed/licenses.ts";
import { type Sku, UNKNOWN_SKU_ID } from "../seed/skus.ts";
import type { SeedTenant } from "../seed/tenant.ts";
import { type SeatHolder, type SeedUser, seatHolderAt, userAt } from "../seed/user.ts";
import type { TenantSpec } from "../types.ts";

/** Which users exist for a reader: the seed's, less those a fault removed, and those it added. */
export type View = {
  size: number;
  gone: ReadonlySet<number>;
  renamed: ReadonlySet<number>;
  /** Indices of accounts created meanwhile, `createdFrom` on: behind those of deletedItems. */
  created: number;
  createdFrom: number;
  unknownSku: number;
  /** The same for the same users and licenses; null = those of the seed. */
  key: string | null;
};

/** A list of users as it was when it was opened. */
export type Listing = {
  /** Accounts in the list from `from` on, in its order. */
  indices: (from?: number) => Generator<number>;
  /** One of them, computed now. */
  user: (index: number) => SeedUser;
};

/** The users of one tenant: those of its seed as its faults leave them. Nothing is kept but who is gone or renamed. */
export function createUserList(spec: TenantSpec, faults: FaultEngine, seed: () => SeedTenant) {
  /** The fault `churn` whose changes have happened. */
  let happened: FaultOf<"churn"> | undefined;

  function view(): View {
    const drop = faults.state("mass-drop");
    const size = drop ? Math.ceil(spec.size * drop.keep) : spec.size;
    const vanishing = faults.state("vanishing-user")?.count ?? 0;
    const gone = new Set(Array.from({ length: vanishing }, (_, i) => size - 1 - i));
    const renamed = new Set<number>();
    const churn = happened === faults.state("churn") ? happened : undefined;
    if (churn) {
      // Half of the changes are to accounts at the start of the list, half to accounts at its end.
      const edges = bothEnds(spec.people.length, size - vanishing);
      for (const index of edges(churn.deleted, 0)) gone.add(index);
      for (const index of edges(churn.renamed, churn.deleted)) renamed.add(index);
    }
    const unknownSku = faults.state("unknown-sku")?.count ?? 0;
    const created = churn?.created ?? 0;
    const createdFrom = spec.size + deletedInSeed(spec.size);
    const parts = [size, vanishing, unknownSku, listedAndDeleted().size, JSON.stringify(churn)];
    const plain = [spec.size, 0, 0, 0, undefined];
    const key = parts.join() === plain.join() ? null : parts.join();
    return { size, gone, renamed, created, createdFrom, unknownSku, key };
  }

  /** Indices that are in the list of users and in deletedItems at once; they count as deleted. */
  function listedAndDeleted(): Set<number> {
    const count = faults.state("listed-and-deleted")?.count ?? 0;
    return new Set(
      Array.from({ length: count }, (_, i) => spec.people.length + i).filter((i) => i < spec.size),
    );
  }

  /** Whether the fault `unknown-sku` gives this account its SKU. */
  const holdsUnknown = (index: number, current: View): boolean =>
    index >= spec.people.length && index < spec.people.length + current.unknownSku;

  function userOf(index: number, current: View): SeedUser {
    const tenant = seed();
    const user = userAt(tenant, index);
    if (current.renamed.has(index)) user.displayName = `${user.displayName} (renamed)`;
    if (!holdsUnknown(index, current)) return user;
    return { ...user, licenses: withUnknownSku(user.licenses, user.created) };
  }

  /** The list of users as it is now: which accounts are in it, and each of them, computed when it is asked for. */
  function listing(): Listing {
    const current = view();
    return {
      indices: (from = 0): Generator<number> => indicesOf(current, from),
      user: (index: number): SeedUser => userOf(index, current),
    };
  }

  /** Users from `index` on, in order. They are computed while they are read. */
  function* users(index = 0): Generator<SeedUser> {
    const list = listing();
    for (const i of list.indices(index)) yield list.user(i);
  }

  /** Users that are listed and not deleted, each with its index, from `index` on. */
  function* consumersFrom(index = 0): Generator<readonly [number, SeedUser]> {
    const deleted = listedAndDeleted();
    const list = listing();
    for (const i of list.indices(index)) if (!deleted.has(i)) yield [i, list.user(i)];
  }

  function* consumers(): Generator<SeedUser> {
    for (const [, user] of consumersFrom()) yield user;
  }

  /** What counting needs of the consumers. */
  function* numberedSeatHolders(): Generator<readonly [number, SeatHolder]> {
    const tenant = seed();
    const current = view();
    const deleted = listedAndDeleted();
    for (const i of indicesOf(current)) {
      if (deleted.has(i)) continue;
      const holder = seatHolderAt(tenant, i);
      yield [
        i,
        holdsUnknown(i, current)
          ? { ...holder, licenses: withUnknownSku(holder.licenses, tenant.today) }
          : holder,
      ];
    }
  }

  function* seatHolders(): Generator<SeatHolder> {
    for (const [, holder] of numberedSeatHolders()) yield holder;
  }

  return {
    view,
    listing,
    users,
    /** Users that hold their licenses for Microsoft: listed and not deleted. */
    consumers,
    consumersFrom,
    seatHolders,
    numberedSeatHolders,
    listedAndDeleted,
    /** Lets the changes of the fault `churn` happen, when it is set: from now on they are true. */
    churn(): void {
      happened = faults.state("churn");
    },
  };
}

/** The indices of a view's users from `from` on, in the order of the list. */
function* indicesOf(view: View, from = 0): Generator<number> {
  for (let i = from; i < view.size; i += 1) if (!view.gone.has(i)) yield i;
  const end = view.createdFrom + view.created;
  for (let i = Math.max(from, view.createdFrom); i < end; i += 1) yield i;
}

/** Indices at both ends of a range, `count` in all, after leaving out `skipped` of them the same way. */
function bothEnds(start: number, end: number): (count: number, skipped: number) => number[] {
  return (count, skipped) => {
    const first = start + Math.ceil(skipped / 2);
    const last = end - 1 - Math.floor(skipped / 2);
    return Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? first + i / 2 : last - (i - 1) / 2,
    );
  };
}

/** Number of soft-deleted accounts of the seed: half a percent of the tenant. Their indices follow those of the list. */
export function deletedInSeed(size: number): number {
  return Math.max(1, Math.round(size * 0.005));
}

const unknownSku: Sku = {
  key: "",
  skuId: UNKNOWN_SKU_ID,
  partNumber: "",
  productName: "",
  appliesTo: "User",
  plans: [],
  workloads: {
    exchange: false,
    teams: false,
    sharePoint: false,
    apps: false,
    yammer: false,
    copilot: false,
  },
};

function withUnknownSku(licenses: readonly HeldLicense[], updated: DayNumber): HeldLicense[] {
  const row = { sku: unknownSku, group: null, state: "Active", error: "None", updated } as const;
  return [...licenses, { sku: unknownSku, disabledPlans: [], rows: [row] }];
}
