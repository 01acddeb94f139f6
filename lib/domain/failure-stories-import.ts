import type { Failure } from "./failure.ts";
import { type FailureContext, usageReportName } from "./failure-context.ts";
import {
  factOf,
  fixed,
  serviceOf,
  story,
  type Telling,
  tellOperator,
  tenantOf,
} from "./failure-story.ts";
import { usageReports } from "./import.ts";

const reportNamed = (failure: Failure, context: FailureContext): string => {
  const named = factOf(failure, "report") ?? context.read?.replace(/^report:/, "");
  const report = usageReports.find((name) => name === named);
  return report === undefined ? "a usage report" : usageReportName(report);
};

/** Why a link is not followed, in words. Source: fault-catalogue B8. */
const refusedAddress = (failure: Failure): string => {
  const host = factOf(failure, "host");
  if (host === null) return "another host, or to something that is no address";
  switch (factOf(failure, "reason")) {
    case "user-info":
      return `${host} with a user name in the address`;
    case "path":
      return `another place at ${host} than the list it belongs to`;
    default:
      return `${host}, which is not ${serviceOf(failure)}'s configured address`;
  }
};

const later = (failure: Failure): string =>
  `Nothing to do: the next import tries again. If it stays, check ${serviceOf(failure)}'s service health.`;
/** A sentence about the service that failed, and patience. */
const passing =
  (what: (service: string) => string): Telling =>
  (failure) =>
    story(what(serviceOf(failure)), later(failure));
const reportLater =
  "Nothing to do: the next import asks for it again. If it stays, tell whoever runs this installation.";
const upstream = {
  throttled: (failure, context) =>
    story(
      context.limitedUntil
        ? `${serviceOf(failure)} is limiting us until ${context.limitedUntil}.`
        : `${serviceOf(failure)} is limiting us.`,
      "Nothing to do: the import goes on by itself.",
    ),
  "upstream-error": passing(
    (service) => `${service}'s service answered with an error, again and again.`,
  ),
  "unreadable-response": passing((service) => `${service}'s answer could not be read.`),
  "timed-out": passing((service) => `${service} did not answer in time.`),
  network: passing((service) => `${service} could not be reached.`),
  "link-refused": (failure) =>
    story(
      `${serviceOf(failure)}'s answer pointed to ${refusedAddress(failure)}. We did not follow it.`,
      "Tell whoever runs this installation: it is recorded in the audit log.",
    ),
  "link-loop": passing(
    (service) => `${service}'s list came back to where it began and would never have ended.`,
  ),
  "too-many-pages": (failure) => {
    const limit = Number(factOf(failure, "limitPages"));
    const pages = limit > 0 ? `${limit.toLocaleString("en-US")} pages` : "more pages than we read";
    return story(
      `${serviceOf(failure)}'s list had not ended after ${pages}, where we stop: one that never ends would be read for ever.`,
      tellOperator,
    );
  },
  "report-malformed": (failure, context) =>
    story(
      `Microsoft sent ${reportNamed(failure, context)} in a form that cannot be read.`,
      reportLater,
    ),
  "report-missing-column": (failure, context) => {
    const column = factOf(failure, "column");
    const what = `Microsoft sent ${reportNamed(failure, context)} without the column`;
    return story(
      column === null ? `${what} we need.` : `${what} \u201C${column}\u201D.`,
      reportLater,
    );
  },
  "report-empty": (failure, context) =>
    story(
      `Microsoft sent ${reportNamed(failure, context)} without any row. We do not take that for no activity.`,
      reportLater,
    ),
  "report-host-refused": (failure, context) =>
    story(
      `Microsoft offers ${reportNamed(failure, context)} at ${factOf(failure, "host") ?? "an address"}, which is not allowed here.`,
      "Tell whoever runs this installation: REPORT_DOWNLOAD_ORIGINS names the allowed addresses.",
    ),
  "response-too-large": (failure) =>
    story(`${serviceOf(failure)}'s answer was larger than we accept.`, tellOperator),
  "bad-request": (failure) =>
    story(`${serviceOf(failure)} did not accept our request.`, tellOperator),
  "expired-page-token": passing((service) => `${service}'s list expired while it was read.`),
  "expired-page-token-too-often": fixed(
    "Microsoft's list expired while it was read, several times over.",
    "Import again, best when the tenant is quiet.",
  ),
  "package-damaged": fixed(
    "The uploaded package could no longer be read as it was checked.",
    "Upload the package again.",
  ),
  "conditional-access": (_failure, context) =>
    story(
      `A Conditional Access policy of ${tenantOf(context)} blocks our app.`,
      "Ask an administrator to exclude the app from the policy for workload identities.",
    ),
} as const satisfies Record<string, Telling>;

const database = {
  "database-unavailable": fixed(
    "Our database could not be reached.",
    "Nothing to do: the import goes on by itself. If it stays, tell whoever runs this installation.",
  ),
} as const satisfies Record<string, Telling>;

const suspect = {
  held: fixed(
    "The import was read in full, but its numbers are not believable enough to publish by themselves.",
    "Compare before and after, then publish or discard it.",
  ),
} as const satisfies Record<string, Telling>;

const system = {
  unexpected: fixed("Something went wrong on our side.", tellOperator),
  "no-progress": fixed(
    "The import made no progress for 30 minutes and was ended.",
    "Import again. If it happens again, tell whoever runs this installation.",
  ),
  "rows-lost": (failure) => {
    const [expected, found] = [factOf(failure, "expected"), factOf(failure, "found")];
    const counts = expected === null || found === null ? "" : ` (${found} of ${expected})`;
    return story(
      `Fewer rows were stored than read${counts}, so that the import was not published.`,
      "Import again, and tell whoever runs this installation.",
    );
  },
  "sku-list-unstable": fixed(
    "Microsoft's list of licenses changed each time it was read.",
    "Import again in a few minutes.",
  ),
  "app-misconfigured": fixed(
    "Microsoft refused the way our app asks: it is not set up right.",
    tellOperator,
  ),
} as const satisfies Record<string, Telling>;

/** Failures of Microsoft, of our database, of imports and of ours, by code. Source: fault-catalogue §1, B4 to B9, B19. */
export const importStories = { ...upstream, ...database, ...suspect, ...system };
