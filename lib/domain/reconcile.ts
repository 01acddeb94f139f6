import type {
  ActivityCounts,
  AssignedCounts,
  Difference,
  LicensePosition,
  LicenseStatus,
  RetiredReason,
  UtcDay,
} from "./license.ts";
import {
  complianceOf,
  contractOf,
  differenceOf,
  flagsOf,
  notPerUser,
  paidUnits,
} from "./position-rules.ts";
import {
  combineKnown,
  known,
  type Maybe,
  type Quantity,
  type UnavailableReason,
  unknown,
} from "./quantity.ts";

/** Microsoft's prepaidUnits. Seats; each may be null on its own. `expiring` is Microsoft's `warning`. */
export interface ReportedUnits {
  readonly enabled: number | null;
  readonly expiring: number | null;
  readonly suspended: number | null;
  readonly lockedOut: number | null;
}

/** What was counted in the published directory for one SKU. Seats. */
export interface HolderCounts {
  /** Distinct users whose assignedLicenses has the SKU and who are not deleted. */
  readonly consumed: number;
  readonly assigned: AssignedCounts;
  /** Every consumer in one class, or why activity as a whole is unknown. */
  readonly activity: Maybe<ActivityCounts>;
  readonly blocked: number;
  readonly guests: number;
}

/**
 * Whether any account of the directory has a block state, and a user type; whether it is told who holds the license, and by
 * what (origin and errors).
 */
export interface ToldOfAccounts {
  readonly blockState: boolean;
  readonly userType: boolean;
  readonly holders: boolean;
  readonly origins: boolean;
}

/** Everything one license is reconciled from, on one day, from one set of published snapshots. */
export interface LicenseFacts {
  readonly evaluatedOn: UtcDay;
  /** A directory snapshot is published; without one nothing about the license is known. */
  readonly directoryPublished: boolean;
  /** In the second read of subscribedSkus. */
  readonly listed: boolean;
  readonly heldByAnyone: boolean;
  readonly appliesTo: "user" | "company" | null;
  readonly units: ReportedUnits | null;
  /** Seats of its terms, of a source that has terms instead of units; null or left out = its units say it. */
  readonly entitled?: Quantity | null;
  /** Microsoft's consumedUnits; `first` is null as well when the first read lacked the SKU. */
  readonly consumedUnits: { readonly first: number | null; readonly second: number | null };
  readonly counts: HolderCounts;
  /** What the directory tells of accounts; everything unless said otherwise. Packages may be without. */
  readonly told?: ToldOfAccounts;
  /** Total units of its trial subscriptions; unknown when directory/subscriptions could not be read. */
  readonly trialUnits: Quantity;
  /** It has subscriptions and all of them are trials. */
  readonly allTrials: boolean;
  /** Valid purchase allocations on the day: 0 when all expired, null when none was ever entered. */
  readonly purchasedUnits: number | null;
  /** On the free or viral list, or an admin's decision. */
  readonly freePool: boolean;
  readonly hasPrice: boolean;
  /**
   * Accounts of the list whose licenses could not be read, now or ever: each may hold one seat more. 0 by default.
   * docs/adr/0021.
   */
  readonly unreadAccounts?: number;
  /** Retired by something outside its figures; null otherwise. */
  readonly retired: { readonly reason: RetiredReason } | null;
}

interface Units {
  readonly enabled: Quantity;
  readonly expiring: Quantity;
  readonly suspended: Quantity;
  readonly lockedOut: Quantity;
}

const sameUnits = (quantity: Quantity): Units => ({
  enabled: quantity,
  expiring: quantity,
  suspended: quantity,
  lockedOut: quantity,
});

const unitsOf = (facts: LicenseFacts): Units => {
  if (!facts.directoryPublished) return sameUnits(unknown("not-imported"));
  if (!facts.listed) return sameUnits(known(0));
  const { units } = facts;
  const reported =
    units !== null &&
    [units.enabled, units.expiring, units.suspended, units.lockedOut].some((n) => n !== null);
  if (!reported) return sameUnits(unknown("not-reported"));
  return {
    enabled: known(units.enabled ?? 0),
    expiring: known(units.expiring ?? 0),
    suspended: known(units.suspended ?? 0),
    lockedOut: known(units.lockedOut ?? 0),
  };
};

interface Holders {
  readonly reported: Quantity;
  readonly consumed: Quantity;
  readonly difference: Maybe<Difference>;
  readonly assigned: Maybe<AssignedCounts>;
  readonly activity: Maybe<ActivityCounts>;
  readonly blocked: Quantity;
  readonly guests: Quantity;
}

const noHolders = (reason: ReturnType<typeof unknown>): Holders => ({
  reported: reason,
  consumed: reason,
  difference: reason,
  assigned: reason,
  activity: reason,
  blocked: reason,
  guests: reason,
});

const everythingTold: ToldOfAccounts = {
  blockState: true,
  userType: true,
  holders: true,
  origins: true,
};

const holdersOf = (facts: LicenseFacts, tenantWide: boolean): Holders => {
  if (tenantWide) return noHolders(notPerUser);
  if (!facts.directoryPublished) return noHolders(unknown("not-imported"));
  const { counts, told = everythingTold } = facts;
  const { first, second } = facts.consumedUnits;
  const notReported = unknown("not-reported");
  if (!told.holders) return noHolders(notReported);
  const secondRead = facts.listed ? second : null;
  return {
    reported: secondRead === null ? notReported : known(secondRead),
    consumed: known(counts.consumed),
    difference:
      secondRead === null || first === null
        ? notReported
        : known(differenceOf({ firstRead: first, secondRead, consumed: counts.consumed })),
    assigned: told.origins ? known(counts.assigned) : notReported,
    activity: counts.activity,
    blocked: told.blockState ? known(counts.blocked) : notReported,
    guests: told.userType ? known(counts.guests) : notReported,
  };
};

/**
 * Seats that accounts may hold whose licenses were never read: none where Microsoft counts no more seats than were
 * counted here, else at most the seats it counts beyond. Seats.
 */
const seatsNotRead = ({ unreadAccounts = 0 }: LicenseFacts, { reported, consumed }: Holders) => {
  if (unreadAccounts === 0 || consumed.kind === "unknown") return 0;
  if (reported.kind === "unknown") return unreadAccounts;
  return Math.min(unreadAccounts, Math.max(0, reported.value - consumed.value));
};

const statusOf = (
  facts: LicenseFacts,
): { readonly status: LicenseStatus; readonly retiredReason: RetiredReason | null } => {
  if (facts.retired !== null) return { status: "retired", retiredReason: facts.retired.reason };
  if (facts.directoryPublished && !facts.listed && !facts.heldByAnyone) {
    return { status: "retired", retiredReason: "no-longer-reported" };
  }
  return { status: "active", retiredReason: null };
};

/**
 * The position of one license: every quantity, its compliance, contract position and flags. An orphan (held, not
 * listed) has known 0 units, since the list was read in full. Availability is never clamped. Seats.
 * Source: DESIGN §5, fault-catalogue B21 to B23, B33, B34, B41, B42.
 */
export const reconcileLicense = (facts: LicenseFacts): LicensePosition => {
  const tenantWide = facts.appliesTo === "company" && (facts.listed || !facts.heldByAnyone);
  const { status, retiredReason } = statusOf(facts);
  const units = unitsOf(facts);
  const holders = holdersOf(facts, tenantWide);
  const entitled = facts.entitled ?? combineKnown(units.enabled, units.expiring, (a, b) => a + b);
  const notRead = seatsNotRead(facts, holders);
  const left = combineKnown(entitled, holders.consumed, (owned, used) => owned - used);
  // What could not be read is no free seat.
  const available = tenantWide ? notPerUser : notRead > 0 ? unknown("not-reported") : left;
  const shortfall: Quantity =
    available.kind === "known" ? known(Math.max(0, -available.value)) : available;
  const trial = facts.trialUnits;
  const paid = paidUnits(units.enabled, trial);
  const purchased: Quantity =
    facts.purchasedUnits === null ? unknown("not-entered") : known(facts.purchasedUnits);
  const { consumed, reported, difference } = holders;
  const { freePool } = facts;
  return {
    evaluatedOn: facts.evaluatedOn,
    type: tenantWide ? "tenant" : "named-user",
    status,
    retiredReason,
    ...units,
    entitled,
    ...holders,
    trial,
    available,
    shortfall,
    purchased,
    contract: contractOf({ purchased, paid, consumed, perUser: !tenantWide }),
    compliance: complianceOf({ status, tenantWide, freePool, entitled, consumed, notRead }),
    flags: flagsOf({
      ...units,
      entitled,
      consumed,
      notRead,
      reported,
      difference,
      paid,
      purchased,
      onlyTrials: facts.allTrials && trial.kind === "known",
      listed: facts.listed || !facts.directoryPublished,
      freePool,
      tenantWide,
      hasPrice: facts.hasPrice,
    }),
  };
};

/** The fields whose value is unknown and why, for the API's `unavailable`. Source: DESIGN §6. */
export const unavailableFields = (
  position: LicensePosition,
): Readonly<Record<string, UnavailableReason>> => {
  const maybes = {
    enabled: position.enabled,
    expiring: position.expiring,
    suspended: position.suspended,
    lockedOut: position.lockedOut,
    entitled: position.entitled,
    reported: position.reported,
    consumed: position.consumed,
    difference: position.difference,
    trial: position.trial,
    available: position.available,
    shortfall: position.shortfall,
    purchased: position.purchased,
    assigned: position.assigned,
    activity: position.activity,
    blocked: position.blocked,
    guests: position.guests,
  } satisfies Record<string, Maybe<unknown>>;
  return Object.fromEntries(
    Object.entries(maybes).flatMap(([field, maybe]) =>
      maybe.kind === "unknown" ? [[field, maybe.reason]] : [],
    ),
  );
};
