import {
  type Compliance,
  type ContractPosition,
  type Difference,
  type Flag,
  flags,
  type LicenseStatus,
} from "./license.ts";
import { combineKnown, type Maybe, type Quantity, unknown } from "./quantity.ts";

/** Tolerated deviation: at most 2 seats or 1 % of the base, whichever is more. Integers only. */
const exceedsTolerance = (deviation: number, base: number): boolean =>
  Math.abs(deviation) > 2 && Math.abs(deviation) * 100 > base;

/**
 * Microsoft's count against ours: total = second read − consumed; moved = the part that Microsoft's own movement
 * between its two reads explains (same sign, at most total). All in seats.
 * Source: DESIGN §5 `difference`, fault-catalogue B33.
 */
export const differenceOf = (input: {
  readonly firstRead: number;
  readonly secondRead: number;
  readonly consumed: number;
}): Difference => {
  const total = input.secondRead - input.consumed;
  const movement = input.secondRead - input.firstRead;
  const moved =
    Math.sign(movement) === Math.sign(total)
      ? Math.sign(total) * Math.min(Math.abs(movement), Math.abs(total))
      : 0;
  return { total, moved, unexplained: total - moved };
};

/**
 * Units under contract: enabled − trial, none at the least (units of a trial in grace are not among the enabled).
 * Seats. Source: DESIGN §5 Contract position.
 */
export const paidUnits = (enabled: Quantity, trial: Quantity): Quantity =>
  combineKnown(enabled, trial, (units, trialUnits) => Math.max(0, units - trialUnits));

/**
 * Where the license stands against the contract. A license nobody bought is `no-purchase` whatever else is unknown;
 * a tenant license has no consumers, so that its paid units alone need cover. Source: DESIGN §5 Contract position.
 */
export const contractOf = (input: {
  readonly purchased: Quantity;
  readonly paid: Quantity;
  readonly consumed: Quantity;
  readonly perUser: boolean;
}): ContractPosition => {
  const { purchased, paid, consumed } = input;
  if (purchased.kind === "unknown") {
    return purchased.reason === "not-entered" ? { kind: "no-purchase" } : { kind: "unknown" };
  }
  if (paid.kind === "unknown" || (input.perUser && consumed.kind === "unknown")) {
    return { kind: "unknown" };
  }
  const used = consumed.kind === "known" ? consumed.value : 0;
  const uncovered = Math.max(0, Math.max(used, paid.value) - purchased.value);
  return uncovered > 0 ? { kind: "short", uncovered } : { kind: "covered" };
};

/**
 * Source: DESIGN §5 Compliance, first that fits. `notRead` seats may be consumed beyond `consumed`: what is certain either
 * way is said, what hangs on them is unknown.
 */
export const complianceOf = (input: {
  readonly status: LicenseStatus;
  readonly tenantWide: boolean;
  readonly freePool: boolean;
  readonly entitled: Quantity;
  readonly consumed: Quantity;
  readonly notRead: number;
}): Compliance => {
  if (input.status === "retired" || input.tenantWide || input.freePool) return "not-applicable";
  const { entitled, consumed } = input;
  if (entitled.kind === "unknown" || consumed.kind === "unknown") return "unknown";
  if (consumed.value > entitled.value) return "at-risk";
  return consumed.value + input.notRead > entitled.value ? "unknown" : "compliant";
};

/** What the flags are decided on. Quantities in seats. */
export interface FlagFacts {
  readonly enabled: Quantity;
  readonly expiring: Quantity;
  readonly suspended: Quantity;
  readonly entitled: Quantity;
  readonly consumed: Quantity;
  /** Seats that may be consumed beyond `consumed`. */
  readonly notRead: number;
  readonly reported: Quantity;
  readonly difference: Maybe<Difference>;
  readonly paid: Quantity;
  readonly purchased: Quantity;
  /** It has subscriptions, all were read, and every one is a trial. */
  readonly onlyTrials: boolean;
  readonly listed: boolean;
  readonly freePool: boolean;
  readonly tenantWide: boolean;
  readonly hasPrice: boolean;
}

const value = (quantity: Quantity): number | null =>
  quantity.kind === "known" ? quantity.value : null;

const isUnderConsumed = (entitled: number, consumed: number): boolean =>
  entitled > 0 && (entitled - consumed) * 20 >= entitled;

/** What tells a license that may be free from one that is merely large. Seats; null = unknown. */
interface PoolFacts {
  readonly entitled: number | null;
  readonly consumed: number | null;
  readonly purchased: number | null;
  readonly hasPrice: boolean;
}

const mayBeFreePool = ({ entitled, consumed, purchased, hasPrice }: PoolFacts): boolean =>
  !hasPrice &&
  purchased === null &&
  entitled !== null &&
  consumed !== null &&
  entitled >= 10_000 &&
  consumed * 100 < entitled;

/** The flags that hold, in the order of `flags`. A flag on an unknown quantity never holds. Source: DESIGN §5 Flags. */
export const flagsOf = (facts: FlagFacts): readonly Flag[] => {
  const enabled = value(facts.enabled);
  const entitled = value(facts.entitled);
  const consumed = value(facts.consumed);
  const reported = value(facts.reported);
  const purchased = value(facts.purchased);
  const paid = value(facts.paid);
  const counted = entitled !== null && consumed !== null ? { entitled, consumed } : null;
  const costs = !facts.freePool && !facts.tenantWide;
  const holds: Record<Flag, boolean> = {
    expiring: (value(facts.expiring) ?? 0) > 0,
    suspended: (value(facts.suspended) ?? 0) > 0,
    "depends-on-grace":
      enabled !== null &&
      counted !== null &&
      enabled < counted.consumed &&
      counted.consumed <= counted.entitled,
    trial: facts.onlyTrials,
    "under-consumed":
      costs &&
      counted !== null &&
      facts.notRead === 0 &&
      isUnderConsumed(counted.entitled, counted.consumed),
    orphan: !facts.listed && consumed !== null && consumed > 0,
    "free-pool": facts.freePool,
    "review-free-pool":
      costs && mayBeFreePool({ entitled, consumed, purchased, hasPrice: facts.hasPrice }),
    capacity: facts.tenantWide,
    "contract-mismatch":
      purchased !== null && paid !== null && exceedsTolerance(purchased - paid, purchased),
    difference:
      facts.difference.kind === "known" &&
      reported !== null &&
      exceedsTolerance(facts.difference.value.unexplained, reported),
  };
  return flags.filter((flag) => holds[flag]);
};

/** The flags of a position after its price changed: one of them asks whether there is a price, none how high it is. */
export const repricedFlags = (before: readonly Flag[], facts: PoolFacts): readonly Flag[] => {
  const costs = !before.includes("free-pool") && !before.includes("capacity");
  return flags.filter((flag) =>
    flag === "review-free-pool" ? costs && mayBeFreePool(facts) : before.includes(flag),
  );
};

/** Reason of every quantity that exists per person, on a license that is not assigned to people. */
export const notPerUser = unknown("not-per-user");
