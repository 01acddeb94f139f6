import { retiredReasonLabels } from "./labels.ts";
import type { LicenseItem } from "./license-item.ts";
import type { LicenseTotals } from "./overview.ts";

/** Writes a count of seats, as the reader's locale has it. */
export type FormatSeats = (seats: number) => string;

/** What the sentence of a license is made of. */
export type SentenceLicense = Pick<
  LicenseItem,
  | "tenantName"
  | "productName"
  | "type"
  | "status"
  | "retiredReason"
  | "flags"
  | "entitled"
  | "consumed"
  | "shortfall"
  | "activity"
>;

const counted = (count: number, one: string, many: string, format: FormatSeats): string =>
  `${format(count)} ${count === 1 ? one : many}`;

const are = (count: number): string => (count === 1 ? "is" : "are");

/** The part on use: what is idle, and for how many nobody can tell. */
const idlePart = (license: SentenceLicense, windowDays: number, format: FormatSeats): string => {
  const { activity, consumed } = license;
  if (consumed === 0) return "";
  if (activity === null) return "; how many are in use is unknown";
  const idle = activity.inactive + activity.neverUsed;
  const unknown = activity.unknown > 0 ? `, for ${format(activity.unknown)} it is unknown` : "";
  const amount = idle === 0 ? "none" : format(idle);
  return `, ${amount} of them idle for ${windowDays} days${unknown}`;
};

const shortPart = (license: SentenceLicense, format: FormatSeats): string =>
  license.shortfall !== null && license.shortfall > 0 ? `: ${format(license.shortfall)} short` : "";

const namedUserSentence = (
  license: SentenceLicense,
  windowDays: number,
  format: FormatSeats,
): string => {
  const { tenantName, productName, entitled, consumed } = license;
  if (entitled === null && consumed === null) {
    return `How many seats of ${productName} ${tenantName} owns and uses is unknown`;
  }
  if (entitled === null) {
    const seats = counted(consumed ?? 0, "seat", "seats", format);
    const idle = idlePart(license, windowDays, format);
    return `${seats} of ${productName} ${are(consumed ?? 0)} assigned in ${tenantName}${idle}; how many it owns is unknown`;
  }
  const owned = `${tenantName} owns ${counted(entitled, "seat", "seats", format)} of ${productName}`;
  if (consumed === null) return `${owned}; how many are assigned is unknown`;
  const assigned = `${format(consumed)} ${are(consumed)} assigned`;
  return `${owned}, ${assigned}${shortPart(license, format)}${idlePart(license, windowDays, format)}`;
};

/**
 * The finding of a license page in one sentence, with unknowns as words and never as 0. Seats; the window in days.
 * Source: UX principle 1, DESIGN §5.
 */
export const licenseSentence = (
  license: SentenceLicense,
  windowDays: number,
  format: FormatSeats,
): string => {
  const { tenantName, productName, entitled, consumed } = license;
  if (license.status === "retired") {
    const reason = license.retiredReason;
    const why = reason === null ? "" : ` ${retiredReasonLabels[reason].meaning}`;
    if (reason === "parallel-run") {
      return `${productName} of ${tenantName} is shown and not counted.${why}`;
    }
    return `${productName} of ${tenantName} is retired.${why}`;
  }
  if (license.type === "tenant") {
    const units =
      entitled === null ? "an unknown number of units" : counted(entitled, "unit", "units", format);
    return `${tenantName} owns ${units} of ${productName}, which serves the whole tenant.`;
  }
  if (license.flags.includes("orphan") && consumed !== null) {
    const people = counted(consumed, "account holds", "accounts hold", format);
    return `${people} ${productName} in ${tenantName}, but Microsoft lists no units of it${shortPart(license, format)}.`;
  }
  if (license.flags.includes("free-pool") && entitled !== null && consumed !== null) {
    return `${productName} is a free pool of ${counted(entitled, "unit", "units", format)} in ${tenantName}, ${format(consumed)} ${are(consumed)} assigned.`;
  }
  return `${namedUserSentence(license, windowDays, format)}.`;
};

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/**
 * The finding of the overview in one sentence. Licenses, with the seats that are short; licenses that are not
 * applicable or retired are left to the cards. Source: UX principle 1, DESIGN §5 Totals.
 */
export const overviewSentence = (
  totals: Pick<LicenseTotals, "active" | "retired" | "byCompliance" | "shortfall" | "idleUnits">,
  tenants: number,
  format: FormatSeats,
): string => {
  if (tenants === 0) return "No tenant is connected yet.";
  const where = counted(tenants, "tenant", "tenants", format);
  if (totals.active === 0 && totals.retired > 0) return `Every license in ${where} is retired.`;
  if (totals.active === 0) return `Nothing has been imported yet from ${where}.`;
  const { compliant, unknown, "at-risk": atRisk } = totals.byCompliance;
  const parts = [
    atRisk > 0
      ? `${counted(atRisk, "license", "licenses", format)} at risk (${counted(totals.shortfall, "seat", "seats", format)} short)`
      : null,
    compliant > 0 ? `${format(compliant)} compliant` : null,
    unknown > 0 ? `${format(unknown)} unknown` : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return `No license in ${where} needs cover.`;
  const idle =
    totals.idleUnits > 0
      ? ` ${counted(totals.idleUnits, "seat", "seats", format)} could be reclaimed.`
      : "";
  return `In ${where}: ${joined(parts)}.${idle}`;
};
