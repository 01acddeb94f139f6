/** Datasets are published atomically, each on its own. Source: DESIGN §2. */
export const datasets = ["directory", "sign-ins", "usage"] as const;
export type Dataset = (typeof datasets)[number];

/** Streams as people and the API see them. Source: DESIGN §2, §6. */
export const streams = [
  "organization",
  "subscriptions",
  "users",
  "groups",
  "deleted-users",
  "sign-ins",
  "usage",
] as const;
export type Stream = (typeof streams)[number];

export const streamStates = [
  "queued",
  "running",
  "succeeded",
  "unavailable",
  "failed",
  "cancelled",
] as const;
export type StreamState = (typeof streamStates)[number];

export const runStates = [
  "queued",
  "running",
  "succeeded",
  "suspect",
  "failed",
  "cancelled",
  "superseded",
] as const;
export type RunState = (typeof runStates)[number];
export const activeRunStates: readonly RunState[] = ["queued", "running"];

export const importStates = [
  "queued",
  "running",
  "succeeded",
  "partial",
  "suspect",
  "failed",
  "cancelled",
  "superseded",
] as const;
export type ImportState = (typeof importStates)[number];

/** What asked for an import. `first` is the wizard's. */
export const importTriggers = ["manual", "scheduled", "first", "api"] as const;
export type ImportTrigger = (typeof importTriggers)[number];

/** The usage reports of reference/microsoft-graph.md §3.12, by our names. */
export const usageReports = [
  "active-users",
  "m365-apps",
  "mailbox",
  "teams",
  "onedrive-activity",
  "onedrive-storage",
  "sharepoint",
  "email",
  "activations",
  "copilot",
] as const;
export type UsageReport = (typeof usageReports)[number];

/** Reports whose last-activity dates are evidence of use. Source: DESIGN §5 Activity. */
export const evidenceReports: readonly UsageReport[] = [
  "active-users",
  "m365-apps",
  "teams",
  "onedrive-activity",
  "sharepoint",
  "email",
  "copilot",
];

/** One collection read to its end, with its own checkpoint. Several reads may make up a stream. */
export type Read =
  | "organization"
  | "subscribed-skus-first"
  | "users"
  | "subscribed-skus-second"
  | "company-subscriptions"
  | "groups"
  | "deleted-users"
  | "sign-ins"
  | "report-settings"
  | `report:${UsageReport}`;

/** The usage report a read is of; null for every other read. */
export const reportOf = (read: Read): UsageReport | null =>
  usageReports.find((report) => read === `report:${report}`) ?? null;

/**
 * How a read stands in its dataset. `mandatory`: a failure or absence fails the run. `optional`: its absence
 * is told, the dataset publishes all the same.
 */
export interface ReadPlan {
  readonly read: Read;
  readonly stream: Stream;
  readonly need: "mandatory" | "optional";
}

const plan = (read: Read, stream: Stream, need: ReadPlan["need"]): ReadPlan => ({
  read,
  stream,
  need,
});

const plans: Record<Dataset, readonly ReadPlan[]> = {
  directory: [
    plan("organization", "organization", "mandatory"),
    plan("subscribed-skus-first", "subscriptions", "mandatory"),
    plan("users", "users", "mandatory"),
    plan("subscribed-skus-second", "subscriptions", "mandatory"),
    plan("company-subscriptions", "subscriptions", "optional"),
    plan("groups", "groups", "optional"),
    plan("deleted-users", "deleted-users", "optional"),
  ],
  "sign-ins": [plan("sign-ins", "sign-ins", "mandatory")],
  usage: [
    plan("report-settings", "usage", "optional"),
    ...usageReports.map((report) =>
      plan(`report:${report}`, "usage", report === "active-users" ? "mandatory" : "optional"),
    ),
  ],
};

/** The reads of a dataset in the order they are made. Source: DESIGN §4.4 (subscribedSkus before and after the users). */
export const readsOf = (dataset: Dataset): readonly ReadPlan[] => plans[dataset];

/** The dataset a stream feeds. Source: DESIGN §2. */
export const datasetOf = (stream: Stream): Dataset =>
  stream === "sign-ins" ? "sign-ins" : stream === "usage" ? "usage" : "directory";
