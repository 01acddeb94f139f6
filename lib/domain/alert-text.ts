import type { AlertFacts } from "./alert.ts";
import { permissions } from "./connection.ts";
import { cloudLabels, sourceLabels } from "./connection-labels.ts";
import { daysLeft } from "./credential-expiry.ts";
import type { FailureContext } from "./failure-context.ts";
import { tenantOf } from "./failure-story.ts";
import { type FailureText, failureText } from "./failure-text.ts";
import { packageFaultText } from "./package-text.ts";
import { saasCredentialNames } from "./saas-organisation.ts";
import { dayInWords, toUtcDay } from "./utc-day.ts";

/** When a credential ends, to follow its name: `expires in 6 days, on 5 Dec 2026`. UTC days. */
export const expiryText = (expiresAt: string, now: Date): string => {
  const at = new Date(expiresAt);
  const day = toUtcDay(at);
  if (day === null) return "expires on a day that cannot be read";
  const left = daysLeft(at, now);
  if (at.getTime() <= now.getTime()) return `expired on ${dayInWords(day)}`;
  if (left === 0) return `expires today, on ${dayInWords(day)}`;
  return `expires in ${left} ${left === 1 ? "day" : "days"}, on ${dayInWords(day)}`;
};

const replaceText: Readonly<Record<"secret" | "certificate", string>> = {
  secret:
    "Create a new secret in the app registration and enter it; the old one goes on until then.",
  certificate: "Replace the certificate; the old one goes on until the new one is verified.",
};

/** How often packages come, in words. */
export const rhythmText = (everyDays: number): string => {
  if (everyDays === 1) return "every day";
  return everyDays === 7 ? "every week" : `about every ${everyDays} days`;
};

const dayOf = (at: string): string => {
  const day = toUtcDay(at);
  return day === null ? "a day that cannot be read" : dayInWords(day);
};

/** An alert in words: what is wrong, what is not shown because of it, what to do. Source: UX principle 7. */
export const alertText = (facts: AlertFacts, context: FailureContext, now: Date): FailureText => {
  const customersApp = context.method === "registered-app";
  switch (facts.kind) {
    case "access-lost":
      return failureText(facts.failure, context);
    case "upload-failed": {
      const { what, action } = packageFaultText(facts.fault);
      return {
        what: `A package that the collector of ${tenantOf(context)} sent was refused. ${what}`,
        hidden: "Its numbers stay as of the last sound package.",
        action,
      };
    }
    case "packages-overdue":
      return {
        what: `No package of ${tenantOf(context)} has come since the one of ${dayOf(facts.collectedAt)}; they came ${rhythmText(facts.everyDays)}.`,
        hidden: "What changed there since is not shown.",
        action:
          "Look at the collector's task: its last result and its log say why it stopped. A Microsoft 365 connection needs no collector.",
      };
    case "upload-token-expiry":
      return {
        what: `The upload token that the collector of ${tenantOf(context)} uses ${expiryText(facts.expiresAt, now)}.`,
        hidden:
          facts.stage === "expired"
            ? "The collector is refused until it has another one."
            : "The collector is refused after that.",
        action:
          "Make a token on the connection's page and store it with the collector's -SaveUploadToken; the old one goes on until its end.",
      };
    case "permission-lost": {
      const known = permissions.find(({ name }) => name === facts.permission);
      return {
        what: `The permission ${facts.permission} was taken away from ${customersApp ? "the app" : "our app"} in ${tenantOf(context)}.`,
        hidden: known === undefined ? "" : `${known.without}.`,
        action: customersApp
          ? "Ask a Global Administrator to grant it to the app registration, then check the connection again."
          : "Ask a Global Administrator to consent again.",
      };
    }
    case "sign-ins-lost":
      return {
        what: `Microsoft gives no sign-ins of ${tenantOf(context)} any more: it has no Entra ID P1 or P2.`,
        hidden: "\u201CNever used\u201D cannot be told; activity rests on usage reports alone.",
        action: "Renew the subscription if it was not meant to end; otherwise acknowledge this.",
      };
    case "credential-expiry":
      return {
        what: `The ${facts.credential} ${expiryText(facts.expiresAt, now)}.`,
        hidden:
          facts.stage === "expired"
            ? "Nothing is imported until it is replaced."
            : "Nothing is imported after that.",
        action: replaceText[facts.credential],
      };
    case "app-credential-expiry":
      return {
        what: `The ${facts.credential} of the installation's app (${cloudLabels[facts.cloud]}) ${expiryText(facts.expiresAt, now)}.`,
        hidden: `No tenant that is connected through it is imported ${facts.stage === "expired" ? "until it is renewed" : "after that"}.`,
        action: "Tell whoever runs this installation to renew it.",
      };
    case "organisation-credential-expiry":
      return {
        what: `The ${saasCredentialNames[facts.credential]} of the SaaS Management organisation ${facts.name} ${expiryText(facts.expiresAt, now)}.`,
        hidden: `None of its connections is imported ${facts.stage === "expired" ? "until it is replaced" : "after that"}.`,
        action: "Create a new one in SaaS Management and enter it; the old one goes on until then.",
      };
    case "claim-moved":
      return {
        what: `An administrator of ${tenantOf(context)} has moved its ${sourceLabels[facts.source]} connection to another workspace.`,
        hidden: "It is not imported here any more; its numbers stay as they were.",
        action: "If that was not meant, ask the tenant's Global Administrator.",
      };
    default:
      return facts satisfies never;
  }
};
