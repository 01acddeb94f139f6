import type { LicenseItem } from "#lib/domain/read-models";
import { daysBetween } from "#lib/domain/utc-day";
import { countOf, formatDay, formatNumber } from "../ui/format.ts";
import { retiredWords } from "../words.ts";

/**
 * The finding about a license in one or two sentences. Says what is not known instead of leaving it out.
 * Source: UX "Answer first".
 */
export const licenseSentence = (license: LicenseItem): string => {
  const owner = `${license.tenantName} `;
  if (license.status === "retired") {
    const why = license.retiredReason === null ? "" : `: ${retiredWords[license.retiredReason]}`;
    return `This license is retired${why}. Its last figures stay visible and are in no total.`;
  }
  if (license.type === "tenant") {
    return `${owner}has ${license.productName} for the whole tenant. It is not assigned to people, so there is nothing to reconcile.`;
  }
  if (license.entitled === null && license.consumed === null) {
    return `${owner}has ${license.productName}, but its units are not known yet.`;
  }
  return `${owner}${ownership(license)}${idleness(license)}.${nextStep(license)}`;
};

const ownership = ({ entitled, consumed, productName }: LicenseItem): string => {
  const owns =
    entitled === null
      ? `owns an unknown number of seats of ${productName}`
      : `owns ${countOf(entitled, "seat")} of ${productName}`;
  return consumed === null
    ? `${owns}; how many are assigned is not known`
    : `${owns}, ${formatNumber(consumed)} ${consumed === 1 ? "is" : "are"} assigned`;
};

const idleness = ({ activity, consumed }: LicenseItem): string => {
  if (consumed === null || consumed === 0) return "";
  if (activity === null) return "; whether they are used is not known";
  const idle = activity.inactive + activity.neverUsed;
  return idle === 0 ? "; none of them is known to be idle" : `, ${formatNumber(idle)} of them idle`;
};

const nextStep = (license: LicenseItem): string => {
  const { shortfall, available, decisionDate, evaluatedOn } = license;
  const short =
    shortfall !== null && shortfall > 0 ? ` It is ${formatNumber(shortfall)} short.` : "";
  const free =
    short === "" && available !== null && available > 0
      ? ` ${countOf(available, "seat")} ${available === 1 ? "is" : "are"} free.`
      : "";
  if (decisionDate === null || evaluatedOn === null) return `${short}${free}`;
  const days = daysBetween(evaluatedOn, decisionDate.date);
  const when = days >= 0 ? `, in ${countOf(days, "day")}` : "";
  const renew = decisionDate.source === "microsoft-lifecycle" ? " (may auto-renew)" : "";
  return `${short}${free} Next decision: ${formatDay(decisionDate.date)}${when}${renew}.`;
};
