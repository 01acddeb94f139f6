import type { ActivityBasis } from "./activity.ts";
import type { Activity, LicensePosition, UtcDay } from "./license.ts";
import { combineKnown, type Maybe, type Quantity } from "./quantity.ts";

/** Why a seat could be reclaimed, in order of precedence per assignment; `unassigned` is per license. Source: DESIGN §5. */
export const opportunityKinds = [
  "blocked-account",
  "never-used",
  "inactive",
  "unassigned",
] as const;
export type OpportunityKind = (typeof opportunityKinds)[number];

export const confidences = ["high", "medium", "low"] as const;
/** `low` stands in the list and in no money figure. Source: DESIGN §5. */
export type Confidence = (typeof confidences)[number];

/** Why a confidence is low: what has to be looked at first. */
export const cautions = ["mailbox-size-unknown", "mailbox-archive"] as const;
export type Caution = (typeof cautions)[number];

/** Why an assignment is left out, which is said where opportunities are shown. Source: DESIGN §5 Left out. */
export const leftOutReasons = ["device-account", "excluded", "not-read", "large-mailbox"] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** A mailbox above this may be a shared mailbox that needs its license. Bytes. Source: DESIGN §5, reference §5 rule 11. */
export const sharedMailboxLimitBytes = 50 * 2 ** 30;

/** Why a license has no opportunities at all; null = it may have. */
export type NoOpportunities = "retired" | "free-pool" | "capacity" | "unknown-units" | "no-units";

/**
 * Only Active licenses with known units above 0 that are neither `free-pool` nor `capacity` have opportunities.
 * Source: DESIGN §5 Opportunities, fault-catalogue B34, B41.
 */
export const noOpportunities = (
  license: Pick<LicensePosition, "status" | "flags" | "entitled">,
): NoOpportunities | null => {
  if (license.status === "retired") return "retired";
  if (license.flags.includes("free-pool")) return "free-pool";
  if (license.flags.includes("capacity")) return "capacity";
  if (license.entitled.kind === "unknown") return "unknown-units";
  return license.entitled.value > 0 ? null : "no-units";
};

/** The account's row in the mailbox report; the values the report lacks are null. */
export interface Mailbox {
  readonly storageBytes: number | null;
  readonly hasArchive: boolean | null;
}

/** One assignment of a license that may have opportunities. */
export interface AssignmentFacts {
  /** accountEnabled is false. */
  readonly blocked: boolean;
  /** Unknown when no source is usable. */
  readonly activity: Maybe<Activity>;
  /** What the activity rests on; unknown together with it. */
  readonly basis: Maybe<ActivityBasis>;
  /** Latest day with evidence of use; null = none. */
  readonly evidenceOn: UtcDay | null;
  readonly createdOn: UtcDay | null;
  /** The account holds a room, shared-device or resource-account SKU. */
  readonly deviceAccount: boolean;
  /** The customer left it out. */
  readonly excluded: boolean;
  /** What the account holds could not be read this time: it is as an earlier directory had it. docs/adr/0021. */
  readonly asReadBefore: boolean;
  /** The license brings this user a mailbox. */
  readonly bringsMailbox: boolean;
  /** Unknown unless the mailbox report is fresh, not concealed and has the account. */
  readonly mailbox: Maybe<Mailbox>;
}

/** `since`: last evidence of use, or the account's creation for `never-used`; null when not known. */
export interface AssignmentOpportunity {
  readonly kind: Exclude<OpportunityKind, "unassigned">;
  readonly confidence: Confidence;
  readonly since: UtcDay | null;
  readonly caution: Caution | null;
}

export type AssignmentFinding =
  | ({ readonly found: "opportunity" } & AssignmentOpportunity)
  | { readonly found: "left-out"; readonly why: LeftOutReason }
  | { readonly found: "none" };

type MailboxFinding = Caution | "large-mailbox" | null;

const mailboxFinding = (facts: AssignmentFacts): MailboxFinding => {
  if (!facts.bringsMailbox) return null;
  if (facts.mailbox.kind === "unknown") return "mailbox-size-unknown";
  const { storageBytes, hasArchive } = facts.mailbox.value;
  if (storageBytes === null) return "mailbox-size-unknown";
  if (storageBytes > sharedMailboxLimitBytes) return "large-mailbox";
  return hasArchive === false ? null : "mailbox-archive";
};

const looksIdle = ({ blocked, activity, basis }: AssignmentFacts): boolean =>
  blocked ||
  (basis.kind === "known" &&
    activity.kind === "known" &&
    (activity.value === "neverUsed" || activity.value === "inactive"));

const blockedAccount = (facts: AssignmentFacts): AssignmentFinding => {
  const mailbox = mailboxFinding(facts);
  if (mailbox === "large-mailbox") return { found: "left-out", why: mailbox };
  return {
    found: "opportunity",
    kind: "blocked-account",
    confidence: mailbox === null ? "high" : "low",
    since: facts.evidenceOn,
    caution: mailbox,
  };
};

/**
 * The one opportunity of an assignment, first kind that fits: `blocked-account`, `never-used`, `inactive`.
 *
 * Confidence: a blocked account is `high`, because the directory itself says so; on a license that brings a mailbox it
 * is `low` while the mailbox's size is not freshly known or it has (or may have) an archive, and left out above
 * 50 × 2³⁰ bytes. `never-used` and `inactive` are `high` when sign-ins and usage both say so, `medium` when only one of
 * them could be read. Activity that is unknown makes none. Source: DESIGN §5 Opportunities, fault-catalogue B38 to B40.
 */
export const classifyOpportunity = (facts: AssignmentFacts): AssignmentFinding => {
  if (facts.deviceAccount) return { found: "left-out", why: "device-account" };
  if (facts.excluded) return { found: "left-out", why: "excluded" };
  if (facts.asReadBefore && looksIdle(facts)) return { found: "left-out", why: "not-read" };
  if (facts.blocked) return blockedAccount(facts);
  if (facts.activity.kind === "unknown" || facts.basis.kind === "unknown") return { found: "none" };
  const { signIns, usage } = facts.basis.value;
  const confidence = signIns && usage ? "high" : "medium";
  switch (facts.activity.value) {
    case "neverUsed":
      return {
        found: "opportunity",
        kind: "never-used",
        confidence,
        since: facts.createdOn,
        caution: null,
      };
    case "inactive":
      return {
        found: "opportunity",
        kind: "inactive",
        confidence,
        since: facts.evidenceOn,
        caution: null,
      };
    case "active":
    case "tooNew":
    case "unknown":
      return { found: "none" };
    default:
      return facts.activity.value satisfies never;
  }
};

/**
 * Units nobody holds: max(0, enabled − trial − consumed), unknown with any of them and with what is available. Seats. As an opportunity it is of
 * confidence `high`: it is counted, not inferred. Source: DESIGN §5 Opportunities, fault-catalogue B42.
 */
export const unassignedUnits = (input: {
  readonly enabled: Quantity;
  readonly trial: Quantity;
  readonly consumed: Quantity;
  readonly available: Quantity;
}): Quantity => {
  const units = combineKnown(
    combineKnown(input.enabled, input.trial, (enabled, trial) => enabled - trial),
    input.consumed,
    (paid, consumed) => Math.max(0, paid - consumed),
  );
  return combineKnown(units, input.available, (free) => free);
};
