import type { ChangedLink } from "./app-license.ts";
import type { Source } from "./connection.ts";
import { countsDisagree } from "./disagreement.ts";
import type { Dataset, Read } from "./import.ts";
import type { UtcDay } from "./license.ts";

/** Why a complete read is held for a person's decision. Source: DESIGN §4.5, fault-catalogue B20, B26, B27, B32. */
export const holdReasons = [
  "rows-fell",
  "skus-vanished",
  "consumed-fell",
  "consumed-below-reported",
  "quarantined-rows",
  "future-report-date",
  "other-source-disagrees",
  "links-changed",
] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What a read is judged by. SKU figures and seats exist for `directory` only. */
export interface ReadFigures {
  /** Accounts, or report rows for `usage`. */
  readonly rows: number;
  /** SKUs in subscribedSkus. */
  readonly skuIds: readonly string[];
  /** Σ distinct holders over user SKUs. Seats. */
  readonly consumed: number;
  /** Σ Microsoft's consumedUnits over user SKUs. Seats. */
  readonly reported: number | null;
}

/** Seats of the SKUs that both know, as this read and as another source of the tenant counts them. */
export interface BesideFigures {
  readonly source: Source;
  readonly consumed: number;
  readonly counted: number;
}

/** A complete read beside the published one. */
export interface HoldFacts {
  readonly reads: readonly {
    readonly read: Read;
    /** Rows accepted and rows that were not. */
    readonly manifestRows: number;
    readonly quarantined: number;
  }[];
  readonly current: ReadFigures;
  /** Null before the first publish. */
  readonly published: ReadFigures | null;
  /** Null or left out: nothing to compare with. */
  readonly beside?: BesideFigures | null;
  /** Licenses of an application that lost the SKU they stood for, or have another one, by nobody's decision. */
  readonly links?: readonly ChangedLink[];
}

/** Fell by at least 20 % and by at least 20: a small tenant may lose a few without being asked. */
const fell = (before: number, after: number): boolean =>
  before - after >= 20 && (before - after) * 5 >= before;

const vanished = (before: readonly string[], after: readonly string[]): boolean => {
  const still = new Set(after.map((id) => id.toLowerCase()));
  const gone = before.filter((id) => !still.has(id.toLowerCase())).length;
  return gone > 0 && gone * 3 >= before.length;
};

/** Reads whose every row counts: one bad row is one too many. */
const wholeReads: readonly Read[] = [
  "organization",
  "subscribed-skus-first",
  "subscribed-skus-second",
];

/** At least 10 bad rows and more than 0.1 % of all rows of the read, or any in organization and subscribedSkus. */
const isTooManyBadRows = (read: HoldFacts["reads"][number]): boolean =>
  wholeReads.includes(read.read)
    ? read.quarantined > 0
    : read.quarantined >= 10 && read.quarantined * 1_000 > read.manifestRows + read.quarantined;

/**
 * Why a complete read is not believable enough to be published without a person: an empty list publishes. Limits are
 * inclusive (20 %, 20 rows or seats, a third of the SKUs; below 80 % of Microsoft's count). Σ consumed against
 * Microsoft's own count holds on the first import as well. `reportDates` are the Report Refresh Dates of a `usage` read:
 * one after the evaluation day cannot be true. Source: DESIGN §4.3 and §4.5.
 */
export const decideHold = (input: {
  readonly dataset: Dataset;
  readonly facts: HoldFacts;
  readonly evaluatedOn: UtcDay;
  readonly reportDates?: readonly (UtcDay | null)[];
}): readonly HoldReason[] => {
  const { current, published, reads, beside = null, links = [] } = input.facts;
  const isDirectory = input.dataset === "directory";
  const holds: Record<HoldReason, boolean> = {
    "rows-fell": published !== null && fell(published.rows, current.rows),
    "skus-vanished":
      isDirectory && published !== null && vanished(published.skuIds, current.skuIds),
    "consumed-fell":
      isDirectory && published !== null && fell(published.consumed, current.consumed),
    "consumed-below-reported":
      isDirectory && current.reported !== null && current.consumed * 5 < current.reported * 4,
    "quarantined-rows": reads.some(isTooManyBadRows),
    "future-report-date": (input.reportDates ?? []).some(
      (day) => day !== null && day > input.evaluatedOn,
    ),
    "other-source-disagrees": beside !== null && countsDisagree(beside.consumed, beside.counted),
    "links-changed": links.length > 0,
  };
  return holdReasons.filter((reason) => holds[reason]);
};

/** Why a read is held, in words. Accounts and seats. Source: UX "Import". */
export const holdReasonText = (reason: HoldReason): string => {
  switch (reason) {
    case "rows-fell":
      return "At least a fifth of the rows is gone since the last published read.";
    case "skus-vanished":
      return "At least a third of the licenses is gone since the last published read.";
    case "consumed-fell":
      return "Assigned seats fell by at least a fifth since the last published read.";
    case "consumed-below-reported":
      return "We counted less than 80 % of the assigned seats that Microsoft reports.";
    case "quarantined-rows":
      return "Too many rows could not be read.";
    case "future-report-date":
      return "A usage report is dated in the future.";
    case "other-source-disagrees":
      return "Assigned seats differ by more than a third from what another connector of this tenant counts.";
    case "links-changed":
      return "Licenses stand for another product than before, or for none, though nobody decided that.";
    default:
      return reason satisfies never;
  }
};
