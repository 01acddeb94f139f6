import type { Activity } from "./license.ts";
import type { LicenseItem } from "./license-item.ts";

/** Filters of a list of assignments that the license's own figures count. */
export interface CountedFilter {
  readonly activity?: Activity | undefined;
  readonly origin?: "direct" | "group" | "both" | "unknown" | undefined;
  readonly blocked?: boolean | undefined;
  readonly guest?: boolean | undefined;
  readonly error?: boolean | undefined;
}

type Figures = Pick<LicenseItem, "consumed" | "activity" | "assigned" | "blocked" | "guests">;

/**
 * How many of a license's assignments the filters are likely to leave, from its figures: their shares, taken as independent
 * of each other. Exact for one filter; null where a figure is unknown. Seats.
 */
export function expectedAssignments(license: Figures, filter: CountedFilter): number | null {
  const { consumed, activity, assigned } = license;
  if (consumed === null) return null;
  const counts = [
    filter.activity === undefined ? consumed : (activity?.[filter.activity] ?? null),
    filter.origin === undefined ? consumed : (assigned?.[filter.origin] ?? null),
    chosen(filter.blocked, license.blocked, consumed),
    chosen(filter.guest, license.guests, consumed),
    chosen(filter.error, assigned?.errors ?? null, consumed),
  ];
  let expected = consumed;
  for (const count of counts) {
    if (count === null) return null;
    if (count !== consumed) expected *= count / consumed;
  }
  return expected;
}

/** Of `all`, those that are (true) or are not (false); all where it was not asked. */
const chosen = (wanted: boolean | undefined, are: number | null, all: number): number | null =>
  wanted === undefined ? all : are === null ? null : wanted ? are : Math.max(0, all - are);
