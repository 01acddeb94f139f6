import type { Cloud, Source } from "./connection.ts";
import { type ExpiryStage, expiryStages } from "./credential-expiry.ts";
import type { Failure } from "./failure.ts";
import type { PackageFault } from "./package.ts";
import type { SaasCredentialKind } from "./saas-organisation.ts";

/** The most pressing first. */
export const alertSeverities = ["critical", "warning", "notice"] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/**
 * What is wrong, as facts of one kind each; the words are made when it is read (alert-text.ts). They are stored: no
 * secret, no name of a person. Instants ISO UTC.
 */
export type AlertFacts =
  /** Imports cannot run: Microsoft refuses the app, its credential, a mandatory permission or the whole tenant. */
  | { readonly kind: "access-lost"; readonly connectionId: string; readonly failure: Failure }
  /** An optional permission that was there is there no more. */
  | { readonly kind: "permission-lost"; readonly connectionId: string; readonly permission: string }
  /** The tenant has no Entra ID P1 or P2 any more: Microsoft gives no sign-ins. */
  | { readonly kind: "sign-ins-lost"; readonly connectionId: string }
  | {
      readonly kind: "credential-expiry";
      readonly connectionId: string;
      readonly credential: "secret" | "certificate";
      readonly expiresAt: string;
      readonly stage: ExpiryStage;
    }
  /** The credential of the installation's own multi-tenant app in a cloud. */
  | {
      readonly kind: "app-credential-expiry";
      readonly cloud: Cloud;
      readonly credential: "secret" | "certificate";
      readonly expiresAt: string;
      readonly stage: ExpiryStage;
    }
  /** The credential a SaaS Management organisation shares with its connections. `name` is the organisation's. */
  | {
      readonly kind: "organisation-credential-expiry";
      readonly organisationId: string;
      readonly name: string;
      readonly credential: SaasCredentialKind;
      readonly expiresAt: string;
      readonly stage: ExpiryStage;
    }
  /** Another workspace's administrator has proven the tenant and taken its claim. Which workspace is not told. */
  | { readonly kind: "claim-moved"; readonly connectionId: string; readonly source: Source }
  /** A package that a collector pushed was refused: nobody sat before it. */
  | { readonly kind: "upload-failed"; readonly connectionId: string; readonly fault: PackageFault }
  /** Packages came regularly, and the next one is overdue. */
  | {
      readonly kind: "packages-overdue";
      readonly connectionId: string;
      /** When the last one was collected. */
      readonly collectedAt: string;
      readonly everyDays: number;
    }
  /** The token that a collector uploads with. */
  | {
      readonly kind: "upload-token-expiry";
      readonly connectionId: string;
      readonly expiresAt: string;
      readonly stage: ExpiryStage;
    };

export const alertKinds = [
  "access-lost",
  "permission-lost",
  "sign-ins-lost",
  "credential-expiry",
  "app-credential-expiry",
  "organisation-credential-expiry",
  "claim-moved",
  "upload-failed",
  "packages-overdue",
  "upload-token-expiry",
] as const satisfies readonly AlertFacts["kind"][];
export type AlertKind = AlertFacts["kind"];

/** What at most one open alert of a workspace is about. */
export interface AlertKey {
  readonly kind: AlertKind;
  readonly subject: string;
}

/** The key by which alerts are one and the same while they are open. */
export const alertKey = (facts: AlertFacts): AlertKey => {
  switch (facts.kind) {
    case "permission-lost":
      return permissionKey(facts.connectionId, facts.permission);
    case "app-credential-expiry":
      return { kind: facts.kind, subject: facts.cloud };
    case "organisation-credential-expiry":
      return { kind: facts.kind, subject: facts.organisationId };
    case "access-lost":
    case "sign-ins-lost":
    case "credential-expiry":
    case "claim-moved":
    case "upload-failed":
    case "packages-overdue":
    case "upload-token-expiry":
      return { kind: facts.kind, subject: facts.connectionId };
    default:
      return facts satisfies never;
  }
};

/** The key of a lost permission: each permission is an alert of its own. */
export const permissionKey = (connectionId: string, permission: string): AlertKey => ({
  kind: "permission-lost",
  subject: `${connectionId} ${permission}`,
});

/** The connection an alert is about; null for what several share. */
export const connectionOf = (facts: AlertFacts): string | null =>
  "connectionId" in facts ? facts.connectionId : null;

/** Critical: nothing is imported, or will not be within a week. */
export const alertSeverity = (facts: AlertFacts): AlertSeverity => {
  switch (facts.kind) {
    case "access-lost":
    case "claim-moved":
      return "critical";
    case "permission-lost":
    case "sign-ins-lost":
    case "upload-failed":
    case "packages-overdue":
      return "warning";
    case "credential-expiry":
    case "app-credential-expiry":
    case "upload-token-expiry":
    case "organisation-credential-expiry":
      return severityOfStage[facts.stage];
    default:
      return facts satisfies never;
  }
};

const severityOfStage: Readonly<Record<ExpiryStage, AlertSeverity>> = {
  "60-days": "notice",
  "30-days": "warning",
  "7-days": "critical",
  "1-day": "critical",
  expired: "critical",
};

/** What a look at the world found about one key: that something is wrong, or that it is not (any more). */
export type AlertFinding =
  | { readonly found: "wrong"; readonly facts: AlertFacts }
  | { readonly found: "right"; readonly key: AlertKey };

/** An open alert as the rules see it. */
export interface OpenAlert {
  readonly facts: AlertFacts;
  readonly acknowledged: boolean;
}

/**
 * The alert that is open after a finding of its key; null = none. What is found again stays the same alert; an
 * acknowledgement holds until it gets worse or becomes another trouble.
 */
export const nextAlert = (open: OpenAlert | null, finding: AlertFinding): OpenAlert | null => {
  if (finding.found === "right") return null;
  const { facts } = finding;
  if (open === null) return { facts, acknowledged: false };
  return { facts, acknowledged: open.acknowledged && !isNews(open.facts, facts) };
};

/** Whether somebody who has acknowledged the one has to hear of the other. Both are of one key. */
const isNews = (before: AlertFacts, after: AlertFacts): boolean => {
  switch (after.kind) {
    case "access-lost":
      return before.kind !== after.kind || before.failure.code !== after.failure.code;
    case "upload-failed":
      return before.kind !== after.kind || before.fault.code !== after.fault.code;
    case "credential-expiry":
    case "app-credential-expiry":
    case "upload-token-expiry":
    case "organisation-credential-expiry":
      return before.kind !== after.kind || isLater(before.stage, after.stage);
    case "permission-lost":
    case "sign-ins-lost":
    case "claim-moved":
    case "packages-overdue":
      return false;
    default:
      return after satisfies never;
  }
};

const isLater = (before: ExpiryStage, after: ExpiryStage): boolean =>
  expiryStages.indexOf(after) > expiryStages.indexOf(before);
