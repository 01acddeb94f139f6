import type { Failure, FailureClass } from "./failure.ts";
import { type FailureContext, hiddenText, usageReportName } from "./failure-context.ts";
import { usageReports } from "./import.ts";
import { dayInWords } from "./utc-day.ts";

/** A failure as a person reads it: what happened, what is not shown because of it, what to do. */
export interface FailureText {
  readonly what: string;
  readonly hidden: string;
  readonly action: string;
}

interface Story {
  readonly what: string;
  readonly action: string;
}
type Telling = (failure: Failure, context: FailureContext) => Story;

const story = (what: string, action: string): Story => ({ what, action });
const fixed =
  (what: string, action: string): Telling =>
  () =>
    story(what, action);

const tenantOf = (context: FailureContext): string => context.tenant ?? "the tenant";
const factOf = (failure: Failure, name: string): string | null =>
  failure.facts?.[name] === undefined ? null : String(failure.facts[name]);

const reportOf = (failure: Failure, context: FailureContext): string => {
  const named = factOf(failure, "report") ?? context.read?.replace(/^report:/, "");
  const report = usageReports.find((name) => name === named);
  return report === undefined ? "a usage report" : usageReportName(report);
};

/** The multi-tenant app's credential is ours: a customer cannot repair it. */
const renewing = (context: FailureContext, customer: string): string =>
  context.method === "multi-tenant-app"
    ? "Tell whoever runs this installation: the credential of its multi-tenant app has to be renewed."
    : customer;

const consentAgain: Telling = (_failure, context) =>
  story(
    `Microsoft no longer knows our app in ${tenantOf(context)}: the consent was withdrawn or the enterprise application deleted.`,
    "Ask a Global Administrator of the tenant to consent again.",
  );

const later =
  "Nothing to do: the next import tries again. If it stays, check Microsoft's service health.";
const reportLater =
  "Nothing to do: the next import asks for it again. If it stays, tell whoever runs this installation.";
const tellOperator = "Tell whoever runs this installation, with the id in the details.";

const credential = {
  "secret-wrong": (_failure, context) =>
    story(
      "Microsoft refused the secret: it is not one of this app registration. Often the secret's ID was pasted instead of its value.",
      renewing(
        context,
        "Copy the value of the secret (shown once, when it is created) and enter it.",
      ),
    ),
  "secret-expired": (_failure, context) => {
    const expiresOn = context.credential?.expiresOn;
    return story(
      expiresOn
        ? `Microsoft refused the secret: it expired on ${dayInWords(expiresOn)}.`
        : "Microsoft refused the secret: it has expired.",
      renewing(context, "Create a new secret in the app registration and enter it."),
    );
  },
  "certificate-rejected": (_failure, context) =>
    story(
      "Microsoft refused the certificate: it is not registered for this app, has expired, or does not fit the private key.",
      renewing(
        context,
        "Upload the public part in the app registration, or replace the certificate.",
      ),
    ),
  "clock-skew": fixed(
    "Microsoft refused our sign-in because it was not valid at the time: a clock is wrong.",
    "Tell whoever runs this installation: the worker's clock has to be set.",
  ),
  "app-not-in-tenant": (_failure, context) =>
    context.method === "registered-app"
      ? story(
          `Microsoft does not find this app in ${tenantOf(context)}.`,
          "Check that client id and tenant belong together, and that the app registration still exists.",
        )
      : consentAgain(_failure, context),
  "app-disabled": (_failure, context) =>
    story(
      `The enterprise application is switched off in ${tenantOf(context)}.`,
      "Ask an administrator to enable sign-in for it: Entra ID, Enterprise applications, Properties.",
    ),
  "consent-revoked": consentAgain,
  "token-refused": (_failure, context) =>
    story(
      "Microsoft refused our credential.",
      renewing(context, "Check the app registration and enter a new credential."),
    ),
  "credential-unreadable": fixed(
    "The stored credential can no longer be opened: its encryption key is missing.",
    "Enter the credential again, or tell whoever runs this installation to restore the key.",
  ),
} as const satisfies Record<string, Telling>;

const permission = {
  "permission-missing": (failure) =>
    story(
      failure.permission === undefined
        ? "Microsoft refused to give this: a permission is missing."
        : `Microsoft refused to give this: the permission ${failure.permission} is missing.`,
      "Ask a Global Administrator to grant it, then verify the connection again.",
    ),
  "consent-declined": fixed(
    "Consent was not given at Microsoft.",
    "Start the consent again, or send the link to an administrator of the tenant.",
  ),
  "consent-needs-administrator": fixed(
    "The person who signed in may not consent for the tenant.",
    "Ask a Global Administrator or Privileged Role Administrator to consent.",
  ),
} as const satisfies Record<string, Telling>;

const tenant = {
  "tenant-not-found": (_failure, context) =>
    story(
      `Microsoft does not know ${tenantOf(context)}.`,
      "Check the tenant id or domain for a typing error, and the cloud.",
    ),
  "tenant-other-cloud": (_failure, context) =>
    story(
      `Microsoft keeps ${tenantOf(context)} in another cloud.`,
      "Connect it again with the right cloud: Global, US Government or China.",
    ),
  "tenant-blocked": (_failure, context) =>
    story(
      `Microsoft does not give access to ${tenantOf(context)}: it is blocked or deleted.`,
      "Check with the tenant's administrator whether it still exists.",
    ),
  "tenant-mismatch": (_failure, context) =>
    story(
      `The credential belongs to another tenant than ${tenantOf(context)}.`,
      "Check the tenant id, or connect the other tenant by itself.",
    ),
  "account-not-in-tenant": (_failure, context) =>
    story(
      `The account that signed in does not belong to ${tenantOf(context)}.`,
      "Sign in with an administrator account of the tenant itself.",
    ),
} as const satisfies Record<string, Telling>;

const upstream = {
  throttled: (_failure, context) =>
    story(
      context.limitedUntil
        ? `Microsoft is limiting us until ${context.limitedUntil}.`
        : "Microsoft is limiting us.",
      "Nothing to do: the import goes on by itself.",
    ),
  "upstream-error": fixed("Microsoft's service answered with an error, again and again.", later),
  "unreadable-response": fixed("Microsoft's answer could not be read.", later),
  "timed-out": fixed("Microsoft did not answer in time.", later),
  network: fixed("Microsoft could not be reached.", later),
  "link-refused": (failure) => {
    const host = factOf(failure, "host");
    return story(
      `Microsoft's answer pointed to ${host ?? "another host"}, which is not Microsoft's configured address. We did not follow it.`,
      "Tell whoever runs this installation: it is recorded in the audit log.",
    );
  },
  "link-loop": fixed(
    "Microsoft's list came back to where it began and would never have ended.",
    later,
  ),
  "report-malformed": (failure, context) =>
    story(
      `Microsoft sent ${reportOf(failure, context)} in a form that cannot be read.`,
      reportLater,
    ),
  "report-missing-column": (failure, context) => {
    const column = factOf(failure, "column");
    const what = `Microsoft sent ${reportOf(failure, context)} without the column`;
    return story(
      column === null ? `${what} we need.` : `${what} \u201C${column}\u201D.`,
      reportLater,
    );
  },
  "report-empty": (failure, context) =>
    story(
      `Microsoft sent ${reportOf(failure, context)} without any row. We do not take that for no activity.`,
      reportLater,
    ),
  "report-host-refused": (failure, context) =>
    story(
      `Microsoft offers ${reportOf(failure, context)} at ${factOf(failure, "host") ?? "an address"}, which is not allowed here.`,
      "Tell whoever runs this installation: REPORT_DOWNLOAD_ORIGINS names the allowed addresses.",
    ),
  "response-too-large": fixed("Microsoft's answer was larger than we accept.", tellOperator),
  "bad-request": fixed("Microsoft did not accept our request.", tellOperator),
  "expired-page-token-too-often": fixed(
    "Microsoft's list expired while it was read, several times over.",
    "Import again, best when the tenant is quiet.",
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
  "rows-lost": fixed(
    "Fewer rows were stored than read, so that the import was not published.",
    "Import again, and tell whoever runs this installation.",
  ),
  "sku-list-unstable": fixed(
    "Microsoft's list of licenses changed each time it was read.",
    "Import again in a few minutes.",
  ),
  "app-misconfigured": fixed(
    "Microsoft refused the way our app asks: it is not set up right.",
    tellOperator,
  ),
} as const satisfies Record<string, Telling>;

const tellings: ReadonlyMap<string, Telling> = new Map<string, Telling>(
  [credential, permission, tenant, upstream, database, suspect, system].flatMap((group) =>
    Object.entries<Telling>(group),
  ),
);

/** The code that speaks for a class when a failure's own code has no text. */
const generalCodes: Record<FailureClass, string> = {
  credential: "token-refused",
  permission: "permission-missing",
  tenant: "tenant-not-found",
  throttled: "throttled",
  upstream: "upstream-error",
  database: "database-unavailable",
  suspect: "held",
  system: "unexpected",
};

/** Codes that have a text of their own. */
export const failureCodes: readonly string[] = [...tellings.keys()];

/** Whether the code has a text of its own. */
export const isKnownFailureCode = (code: string): boolean => tellings.has(code);

const unexpected: Telling = system.unexpected;

/**
 * The text of a failure. Nothing in it comes from Microsoft's descriptions; ids and numbers belong in a details box. A
 * code without a text of its own is told by its class. Source: DESIGN §4 Failure classes, fault-catalogue §1, UX "Words".
 */
export const failureText = (failure: Failure, context: FailureContext = {}): FailureText => {
  const telling =
    tellings.get(failure.code) ?? tellings.get(generalCodes[failure.class]) ?? unexpected;
  const { what, action } = telling(failure, context);
  return { what: capitalised(what), hidden: hiddenText(failure, context), action };
};

const capitalised = (sentence: string): string =>
  sentence.charAt(0).toUpperCase() + sentence.slice(1);
