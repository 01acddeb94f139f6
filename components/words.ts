import type { ConnectionStatus } from "#lib/domain/connection";
import { connectionStatusLabels, progressLabels } from "#lib/domain/connection-labels";
import type { CredentialItem } from "#lib/domain/credential-item";
import type { Dataset, ImportState, ImportTrigger, StreamState } from "#lib/domain/import";
import { activityLabels, complianceLabels, flagLabels } from "#lib/domain/labels";
import type { Activity, Compliance, Flag } from "#lib/domain/license";
import type { Confidence, LeftOutReason } from "#lib/domain/opportunity";
import type { UnavailableReason } from "#lib/domain/quantity";
import type { Role } from "#lib/domain/role";

/** How loud a state is; the badge chooses colour and icon from it. */
export type Tone = "ok" | "risk" | "warn" | "info" | "quiet";

interface Word {
  readonly label: string;
  readonly tone: Tone;
}

/** What kinds of credentials are called. */
export const credentialLabels: Readonly<Record<CredentialItem["credential"], string>> = {
  secret: "Client secret",
  certificate: "Certificate",
  "upload-token": "Upload token",
  "refresh-token": "Refresh token",
  "service-account": "Service account",
};

const complianceTones: Readonly<Record<Compliance, Tone>> = {
  compliant: "ok",
  "at-risk": "risk",
  unknown: "warn",
  "not-applicable": "quiet",
};
export const complianceWord = (compliance: Compliance): Word => ({
  label: complianceLabels[compliance].label,
  tone: complianceTones[compliance],
});

const flagTones: Readonly<Record<Flag, Tone>> = {
  expiring: "warn",
  suspended: "warn",
  "depends-on-grace": "risk",
  trial: "info",
  "under-consumed": "info",
  orphan: "risk",
  "free-pool": "quiet",
  "review-free-pool": "warn",
  capacity: "quiet",
  "contract-mismatch": "warn",
  difference: "warn",
};
export const flagWord = (flag: Flag): Word => ({
  label: flagLabels[flag].label,
  tone: flagTones[flag],
});

const activityTones: Readonly<Record<Activity, Tone>> = {
  active: "ok",
  inactive: "warn",
  neverUsed: "warn",
  tooNew: "info",
  unknown: "quiet",
};
export const activityWord = (activity: Activity): Word => ({
  label: activityLabels[activity].label,
  tone: activityTones[activity],
});

export const confidenceTones: Readonly<Record<Confidence, Tone>> = {
  high: "ok",
  medium: "info",
  low: "quiet",
};

const connectionTones: Readonly<Record<ConnectionStatus, Tone>> = {
  draft: "quiet",
  "awaiting-consent": "info",
  verifying: "info",
  ready: "ok",
  "action-needed": "risk",
  paused: "quiet",
  disconnected: "quiet",
};
export const connectionWord = (status: ConnectionStatus): Word => ({
  label: connectionStatusLabels[status],
  tone: connectionTones[status],
});

const progressTones: Readonly<Record<ImportState | StreamState, Tone>> = {
  queued: "quiet",
  running: "info",
  succeeded: "ok",
  partial: "warn",
  suspect: "warn",
  unavailable: "quiet",
  failed: "risk",
  cancelled: "quiet",
  superseded: "quiet",
};
/** State of an import, of a dataset run, or of a stream. */
export const progressWord = (state: ImportState | StreamState): Word => ({
  label: progressLabels[state],
  tone: progressTones[state],
});

/** Whether somebody can mend an unknown figure at its connection, by a permission, a setting or an import. */
export const mendedAtConnection: Readonly<Record<UnavailableReason, boolean>> = {
  "not-offered-in-cloud": false,
  "not-licensed": true,
  permission: true,
  concealed: true,
  stale: true,
  "not-per-user": false,
  "not-reported": false,
  "not-entered": false,
  "not-imported": true,
};

export const originWords: Readonly<Record<"direct" | "group" | "both" | "unknown", string>> = {
  direct: "Direct",
  group: "By group",
  both: "Direct and by group",
  unknown: "Unknown",
};

/** What a dataset is for. */
export const datasetGives: Readonly<Record<Dataset, string>> = {
  directory: "Entitlements, accounts and who holds what",
  "sign-ins": "The last successful sign-in of each account",
  usage: "When each service was last used",
};

export const triggerWords: Readonly<Record<ImportTrigger, string>> = {
  manual: "By hand",
  scheduled: "Scheduled",
  first: "First import",
  api: "By the API",
};

export const roleWords: Readonly<Record<Role, string>> = {
  viewer: "Viewer",
  analyst: "Analyst",
  "connection-admin": "Connection administrator",
  auditor: "Auditor",
  owner: "Owner",
};

/** Why assignments are left out of the opportunities, after a count of seats. */
export const leftOutWords: Readonly<Record<LeftOutReason, string>> = {
  "device-account": "on room or shared-device accounts",
  excluded: "excluded by hand",
  "not-read": "on accounts whose licenses could not be read",
  "large-mailbox": "on blocked accounts with a mailbox above 50 GB",
};
