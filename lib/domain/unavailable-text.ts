import { staleAfterDays } from "./activity.ts";
import type { UnavailableReason } from "./quantity.ts";

/** What is unknown: a dataset, or a field of a license as the API's `unavailable` names it. */
export type UnavailableSubject =
  | "directory"
  | "sign-ins"
  | "usage"
  | "mailbox"
  | "activity"
  | "enabled"
  | "expiring"
  | "suspended"
  | "lockedOut"
  | "entitled"
  | "reported"
  | "consumed"
  | "difference"
  | "trial"
  | "available"
  | "shortfall"
  | "purchased"
  | "assigned"
  | "blocked"
  | "guests"
  | "decisionDate"
  | "unassigned";

const names: Record<UnavailableSubject, string> = {
  directory: "the directory",
  "sign-ins": "sign-ins",
  usage: "usage reports",
  mailbox: "mailbox sizes",
  activity: "sign-ins and usage reports",
  enabled: "enabled units",
  expiring: "units in grace",
  suspended: "suspended units",
  lockedOut: "locked-out units",
  entitled: "units",
  reported: "its count of assigned seats",
  consumed: "assigned seats",
  difference: "its count of assigned seats",
  trial: "which subscriptions are trials",
  available: "units",
  shortfall: "units",
  purchased: "purchases",
  assigned: "how seats are assigned",
  blocked: "blocked accounts",
  guests: "guests",
  decisionDate: "a decision date",
  unassigned: "unassigned units",
};

/** Whole datasets: Microsoft refuses or conceals them, only other sources can be without. */
const ofOtherSources: ReadonlySet<UnavailableSubject> = new Set([
  "directory",
  "sign-ins",
  "usage",
  "mailbox",
  "activity",
  "blocked",
  "guests",
]);

const permissionOf = (subject: UnavailableSubject): string | null => {
  switch (subject) {
    case "sign-ins":
      return "AuditLog.Read.All";
    case "usage":
    case "mailbox":
      return "Reports.Read.All";
    case "activity":
      return "AuditLog.Read.All or Reports.Read.All";
    case "trial":
    case "unassigned":
      return "Organization.Read.All";
    default:
      return null;
  }
};

/**
 * Why a value is unknown, in one or two sentences, with the fix where there is one. Source: DESIGN §5 "Unknown is not
 * zero", UX principle 3, reference/microsoft-graph.md §3.13 (concealed names).
 */
export const unavailableText = (reason: UnavailableReason, subject: UnavailableSubject): string => {
  const name = names[subject];
  switch (reason) {
    case "not-offered-in-cloud":
      return `Microsoft does not offer ${name} in this cloud.`;
    case "not-licensed":
      return "Microsoft gives sign-ins only to tenants with Entra ID P1 or P2.";
    case "permission": {
      const permission = permissionOf(subject);
      return permission === null
        ? `A permission is missing to read ${name}.`
        : `To read ${name}, the tenant has to grant ${permission}.`;
    }
    case "concealed":
      return "The tenant conceals names in its usage reports. An administrator can change that in the Microsoft 365 admin center: Settings, Org settings, Reports.";
    case "stale":
      return `What Microsoft last gave of ${name} is more than ${staleAfterDays} days old.`;
    case "not-per-user":
      return "This license serves the whole tenant; it is not assigned to people.";
    case "not-reported":
      if (subject === "available" || subject === "shortfall") {
        return "Microsoft did not tell all that this takes: the units, or what every account holds.";
      }
      return ofOtherSources.has(subject)
        ? `This connector does not bring ${subject === "directory" ? "this" : name}.`
        : `Not reported for this license: ${name}.`;
    case "not-entered":
      return subject === "decisionDate"
        ? "No purchase term was entered."
        : "No purchase was entered for this license.";
    case "not-imported":
      return `Not imported yet: ${name}.`;
    default:
      return reason satisfies never;
  }
};
