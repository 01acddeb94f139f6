import type { Cloud, ConnectionStatus, Method, Source } from "#lib/domain/connection";
import type {
  Dataset,
  ImportState,
  ImportTrigger,
  RunState,
  Stream,
  StreamState,
} from "#lib/domain/import";
import type { Activity, Compliance, Flag, RetiredReason } from "#lib/domain/license";
import type { Confidence, OpportunityKind } from "#lib/domain/opportunity";
import type { UnavailableReason } from "#lib/domain/quantity";
import type { Role } from "#lib/domain/role";

/** How loud a state is; the badge chooses colour and icon from it. */
export type Tone = "ok" | "risk" | "warn" | "info" | "quiet";

interface Word {
  readonly label: string;
  readonly tone: Tone;
}

export const complianceWords: Record<Compliance, Word> = {
  compliant: { label: "Compliant", tone: "ok" },
  "at-risk": { label: "At risk", tone: "risk" },
  unknown: { label: "Unknown", tone: "warn" },
  "not-applicable": { label: "Not applicable", tone: "quiet" },
};

/** Flags in words, with what follows from each. Source: DESIGN §5 Flags. */
export const flagWords: Record<Flag, Word & { readonly means: string }> = {
  expiring: {
    label: "Expiring",
    tone: "warn",
    means:
      "Some units are in Microsoft's grace period. They still count, until Microsoft suspends them.",
  },
  suspended: {
    label: "Suspended",
    tone: "warn",
    means: "Some units are suspended. They are not part of the entitlement.",
  },
  "depends-on-grace": {
    label: "Depends on grace",
    tone: "risk",
    means:
      "More seats are used than are enabled; only units in grace cover the rest. When grace ends, this license is short.",
  },
  trial: {
    label: "Trial",
    tone: "info",
    means: "All its subscriptions are trials. The entitlement ends with them.",
  },
  "under-consumed": {
    label: "Under-consumed",
    tone: "info",
    means: "At least 5 % of the entitlement is not assigned to anyone.",
  },
  orphan: {
    label: "Orphan",
    tone: "risk",
    means: "Accounts hold this product, but the tenant has no subscription for it.",
  },
  "free-pool": {
    label: "Free pool",
    tone: "quiet",
    means: "A free or self-service pool without a real limit. It has no compliance and no cost.",
  },
  "review-free-pool": {
    label: "Maybe a free pool",
    tone: "warn",
    means:
      "Very many units, hardly any used, no price and no purchase. If this is a free pool, say so; no figure changes until then.",
  },
  capacity: {
    label: "Capacity",
    tone: "quiet",
    means: "Belongs to the whole tenant, not to people.",
  },
  "contract-mismatch": {
    label: "Contract mismatch",
    tone: "warn",
    means: "What was bought differs from the paid units Microsoft reports.",
  },
  difference: {
    label: "Count differs",
    tone: "warn",
    means:
      "Our count of holders differs from Microsoft's beyond tolerance, and the import does not explain it.",
  },
};

/** Why a figure is not known: what it means and where it is mended. Source: DESIGN §5 "Unknown is not zero". */
export const reasonWords: Record<
  UnavailableReason,
  { readonly text: string; readonly fix: "connection" | "price" | "import" | null }
> = {
  "not-offered-in-cloud": {
    text: "Microsoft does not offer this in the tenant's cloud.",
    fix: null,
  },
  "not-licensed": {
    text: "Microsoft shows this only to tenants with Entra ID P1.",
    fix: "connection",
  },
  permission: { text: "A permission is missing on the connection.", fix: "connection" },
  concealed: {
    text: "The tenant conceals names in its usage reports, so they cannot be joined to accounts.",
    fix: "connection",
  },
  stale: { text: "The last reading is too old to rest a statement on.", fix: "connection" },
  "not-per-user": { text: "This license belongs to the tenant, not to people.", fix: null },
  "not-reported": { text: "Microsoft did not report this.", fix: null },
  "not-entered": { text: "Nobody has entered this yet.", fix: null },
  "not-imported": { text: "This was not imported yet.", fix: "connection" },
};

export const retiredWords: Record<RetiredReason, string> = {
  "superseded-by-saas-management": "Superseded by SaaS Management",
  "superseded-by-microsoft-365": "Superseded by the Microsoft 365 connector",
  "no-longer-reported": "No longer reported by Microsoft and held by nobody",
  disconnected: "Its connection was disconnected",
  manual: "Retired by hand",
};

export const activityWords: Record<Activity, Word> = {
  active: { label: "Active", tone: "ok" },
  inactive: { label: "Inactive", tone: "warn" },
  neverUsed: { label: "No successful sign-in recorded", tone: "warn" },
  tooNew: { label: "Too new to tell", tone: "info" },
  unknown: { label: "Unknown", tone: "quiet" },
};

export const originWords: Record<"direct" | "group" | "both" | "unknown", string> = {
  direct: "Direct",
  group: "By group",
  both: "Direct and by group",
  unknown: "Unknown",
};

export const kindWords: Record<
  OpportunityKind,
  { readonly label: string; readonly means: string }
> = {
  "blocked-account": {
    label: "Blocked accounts",
    means: "The account cannot sign in, and still holds the license.",
  },
  "never-used": {
    label: "Never used",
    means: "No successful sign-in is recorded for the account.",
  },
  inactive: { label: "Inactive", means: "The last use lies before the activity window." },
  unassigned: { label: "Unassigned", means: "Paid units that nobody holds." },
};

export const confidenceWords: Record<Confidence, Word> = {
  high: { label: "High", tone: "ok" },
  medium: { label: "Medium", tone: "info" },
  low: { label: "Low: check the mailbox first", tone: "quiet" },
};

export const connectionStatusWords: Record<ConnectionStatus, Word> = {
  draft: { label: "Draft", tone: "quiet" },
  "awaiting-consent": { label: "Awaiting consent", tone: "info" },
  verifying: { label: "Verifying", tone: "info" },
  ready: { label: "Ready", tone: "ok" },
  "action-needed": { label: "Action needed", tone: "risk" },
  paused: { label: "Paused", tone: "quiet" },
  disconnected: { label: "Disconnected", tone: "quiet" },
};

export const importStateWords: Record<ImportState, Word> = {
  queued: { label: "Queued", tone: "info" },
  running: { label: "Running", tone: "info" },
  succeeded: { label: "Succeeded", tone: "ok" },
  partial: { label: "Partly read", tone: "warn" },
  suspect: { label: "Held for review", tone: "warn" },
  failed: { label: "Failed", tone: "risk" },
  cancelled: { label: "Cancelled", tone: "quiet" },
  superseded: { label: "Superseded", tone: "quiet" },
};

export const runStateWords: Record<RunState, Word> = importStateWords;

export const streamStateWords: Record<StreamState, Word> = {
  queued: { label: "Queued", tone: "quiet" },
  running: { label: "Reading", tone: "info" },
  succeeded: { label: "Read", tone: "ok" },
  unavailable: { label: "Not available", tone: "quiet" },
  failed: { label: "Failed", tone: "risk" },
  cancelled: { label: "Cancelled", tone: "quiet" },
};

export const streamWords: Record<Stream, string> = {
  organization: "Organization",
  subscriptions: "Subscriptions",
  users: "Users",
  groups: "Groups",
  "deleted-users": "Deleted users",
  "sign-ins": "Sign-ins",
  usage: "Usage reports",
};

export const datasetWords: Record<Dataset, { readonly label: string; readonly gives: string }> = {
  directory: { label: "Directory", gives: "Entitlements, accounts and who holds what" },
  "sign-ins": { label: "Sign-ins", gives: "The last successful sign-in of each account" },
  usage: { label: "Usage", gives: "When each service was last used" },
};

export const triggerWords: Record<ImportTrigger, string> = {
  manual: "By hand",
  scheduled: "Scheduled",
  first: "First import",
  api: "By the API",
};

export const sourceWords: Record<Source, string> = {
  "microsoft-365": "Microsoft 365",
  "office-365-deprecated": "Office 365 (deprecated connector)",
  "saas-management": "SaaS Management",
};

export const methodWords: Record<Method, string> = {
  "multi-tenant-app": "Seatledger's app, by admin consent",
  "registered-app": "App registered by the customer",
};

export const cloudWords: Record<Cloud, string> = {
  global: "Global",
  "us-gov-l4": "US Government L4",
  "us-gov-l5": "US Government L5 (DoD)",
  china: "China (21Vianet)",
};

export const roleWords: Record<Role, string> = {
  viewer: "Viewer",
  analyst: "Analyst",
  "connection-admin": "Connection administrator",
  auditor: "Auditor",
  owner: "Owner",
};

export const leftOutWords: Readonly<Record<string, string>> = {
  "device-account": "on room or shared-device accounts",
  excluded: "excluded by hand",
  "large-mailbox": "on blocked accounts with a mailbox above 50 GB",
};
