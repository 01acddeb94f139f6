import type { Cloud, ConnectionStatus, Method, Source } from "./connection.ts";
import type { Dataset, ImportState, RunState, Stream, StreamState } from "./import.ts";

export const sourceLabels: Readonly<Record<Source, string>> = {
  "microsoft-365": "Microsoft 365",
  "office-365-deprecated": "Office 365 (deprecated)",
  "saas-management": "SaaS Management",
};

export const methodLabels: Readonly<Record<Method, string>> = {
  "multi-tenant-app": "Multi-tenant app",
  "registered-app": "Registered app",
};

/** Source: reference/microsoft-graph.md §1.5. */
export const cloudLabels: Readonly<Record<Cloud, string>> = {
  global: "Global",
  "us-gov-l4": "US Government L4 (GCC High)",
  "us-gov-l5": "US Government L5 (DoD)",
  china: "China (21Vianet)",
};

export const connectionStatusLabels: Readonly<Record<ConnectionStatus, string>> = {
  draft: "Draft",
  "awaiting-consent": "Awaiting consent",
  verifying: "Verifying",
  ready: "Ready",
  "action-needed": "Action needed",
  paused: "Paused",
  disconnected: "Disconnected",
};

export const datasetLabels: Readonly<Record<Dataset, string>> = {
  directory: "Directory",
  "sign-ins": "Sign-ins",
  usage: "Usage",
};

export const streamLabels: Readonly<Record<Stream, string>> = {
  organization: "Organization",
  subscriptions: "Subscriptions",
  users: "Users",
  groups: "Groups",
  "deleted-users": "Deleted users",
  "sign-ins": "Sign-ins",
  usage: "Usage reports",
};

/** States of imports, dataset runs and streams share their words. Source: DESIGN §4 Run states, §6. */
export const progressLabels: Readonly<Record<ImportState | RunState | StreamState, string>> = {
  queued: "Queued",
  running: "Running",
  succeeded: "Succeeded",
  partial: "Partial",
  suspect: "Held",
  unavailable: "Not available",
  failed: "Failed",
  cancelled: "Cancelled",
  superseded: "Superseded",
};
