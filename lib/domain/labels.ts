import type { Activity, Compliance, ContractPosition, Flag, RetiredReason } from "./license.ts";
import type { Confidence, OpportunityKind } from "./opportunity.ts";

/** Words for a value of the vocabulary, and what it means for the reader. */
export interface Label {
  readonly label: string;
  readonly meaning: string;
}

const label = (text: string, meaning: string): Label => ({ label: text, meaning });

export const retiredReasonLabels: Readonly<Record<RetiredReason, Label>> = {
  "superseded-by-saas-management": label(
    "Superseded by SaaS Management",
    "SaaS Management reports this license now.",
  ),
  "superseded-by-microsoft-365": label(
    "Superseded by Microsoft 365",
    "The Microsoft 365 connector reports this license now.",
  ),
  "parallel-run": label(
    "Shown, not counted",
    "Another connector still counts for this tenant. These numbers count once you switch.",
  ),
  "no-longer-reported": label(
    "No longer reported",
    "Microsoft neither lists it nor does anybody hold it.",
  ),
  disconnected: label("Disconnected", "Its connection was disconnected."),
  manual: label("Retired by hand", "Somebody in your organisation retired it."),
};

/** Source: DESIGN §5 Compliance, UX principle 5 (state is words). */
export const complianceLabels: Readonly<Record<Compliance, Label>> = {
  compliant: label("Compliant", "No more seats are assigned than owned."),
  "at-risk": label("At risk", "More seats are assigned than owned."),
  unknown: label("Unknown", "Microsoft's units or the assignments could not be read."),
  "not-applicable": label("Not applicable", "Nothing has to be covered here."),
};

/** Flags as words with their consequence. Source: DESIGN §5 Flags, UX "Licenses". */
export const flagLabels: Readonly<Record<Flag, Label>> = {
  expiring: label(
    "Expiring",
    "Some units are past their term; they still work, until Microsoft's grace ends.",
  ),
  suspended: label(
    "Suspended units",
    "Some units are suspended: they cannot be used or assigned, and do not count as owned.",
  ),
  "depends-on-grace": label(
    "Depends on grace",
    "When the units in grace end, more seats are assigned than owned.",
  ),
  trial: label("Trial", "All its subscriptions are trials and will end by themselves."),
  "under-consumed": label("Under-consumed", "At least 5 % of its units are assigned to nobody."),
  orphan: label(
    "Orphan",
    "People hold it, but Microsoft lists no units of it: every seat is short.",
  ),
  "free-pool": label("Free pool", "Microsoft gives it away: it costs nothing and needs no cover."),
  "review-free-pool": label(
    "Free pool?",
    "It looks like a pool that nobody bought. Decide whether it is one; no figure changes until then.",
  ),
  capacity: label("Capacity", "It serves the whole tenant and has no seats to reclaim."),
  "contract-mismatch": label(
    "Contract mismatch",
    "The purchases entered and the units paid for at Microsoft differ by more than 2 and 1 %.",
  ),
  difference: label(
    "Count differs",
    "Microsoft's count and ours differ by more than 2 and 1 %, and nothing explains it.",
  ),
};

/** Source: DESIGN §5 Activity. */
export const activityLabels: Readonly<Record<Activity, Label>> = {
  active: label("Active", "Use or a successful sign-in was recorded in the window."),
  inactive: label("Inactive", "The last recorded use is older than the window."),
  neverUsed: label("Never used", "No successful sign-in recorded."),
  tooNew: label("Too new", "The account or the assignment is too young to judge."),
  unknown: label("Unknown", "No source says whether it is used."),
};

/** Source: DESIGN §5 Opportunities. */
export const opportunityKindLabels: Readonly<Record<OpportunityKind, Label>> = {
  "blocked-account": label(
    "Blocked account",
    "The account cannot sign in and still holds the seat.",
  ),
  "never-used": label("Never used", "No successful sign-in recorded since the account exists."),
  inactive: label("Inactive", "No use recorded in the window."),
  unassigned: label("Unassigned", "Paid units that nobody holds."),
};

export const confidenceLabels: Readonly<Record<Confidence, Label>> = {
  high: label("High", "The directory, or sign-ins and usage together, say so."),
  medium: label("Medium", "Only one of sign-ins and usage could be read."),
  low: label("Low", "Something has to be checked first; it is in no money figure."),
};

/** The contract position in words; seats as `format` writes them. Source: DESIGN §5 Contract position. */
export const contractLabel = (
  contract: ContractPosition,
  format: (seats: number) => string = String,
): Label => {
  switch (contract.kind) {
    case "covered":
      return label("Covered", "Purchases cover what is used and paid for.");
    case "short":
      return label(
        `${format(contract.uncovered)} uncovered`,
        "More seats are used or paid for than the purchases cover.",
      );
    case "no-purchase":
      return label("No purchase", "No purchase was entered for this license.");
    case "unknown":
      return label("Unknown", "Trials or units could not be read, so paid units are not known.");
    default:
      return contract satisfies never;
  }
};
