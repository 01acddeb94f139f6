import type { UsageReport } from "#lib/domain/import";

/** How one usage report is asked for and read. Columns by their header names. Source: reference/microsoft-graph.md §3.12. */
export interface ReportSpec {
  readonly path: string;
  readonly userColumn: string;
  /** Missing one of them, the report is not read: a figure built without it would be wrong. */
  readonly neededColumns: readonly string[];
  /** Columns whose latest date is the row's evidence of use; null = the report is no evidence. */
  readonly activityColumns: RegExp | null;
  /** Reports with a deleted mark; its rows are left out. */
  readonly deletedColumn: "Is Deleted" | null;
  readonly storage: boolean;
  /** It has a row for whoever holds any license: one without rows tells nothing. Others may be of a service nobody uses. */
  readonly namesEverybody: boolean;
}

export const refreshColumn = "Report Refresh Date";
export const storageColumn = "Storage Used (Byte)";
export const archiveColumn = "Has Archive";

const lastActivity = "Last Activity Date";
const upn = "User Principal Name";
const onlyLastActivity = /^Last Activity Date$/;
const anyLastActivity = /(^| )Last Activity Date$/;

interface Shape {
  readonly fn: string;
  readonly needed?: readonly string[];
  readonly activity?: RegExp;
  readonly user?: string;
  readonly deleted?: boolean;
  readonly storage?: boolean;
  readonly namesEverybody?: boolean;
  readonly path?: string;
}

function spec({
  fn,
  needed = [],
  activity,
  user = upn,
  deleted = true,
  storage = false,
  namesEverybody = false,
  path,
}: Shape): ReportSpec {
  return {
    path: path ?? `/v1.0/reports/${fn}(period='D180')`,
    userColumn: user,
    neededColumns: [refreshColumn, user, ...(deleted ? ["Is Deleted"] : []), ...needed],
    activityColumns: activity ?? null,
    deletedColumn: deleted ? "Is Deleted" : null,
    storage,
    namesEverybody,
  };
}

/**
 * The ten reports. Activation, mailbox and storage reports are no evidence (DESIGN §5 Activity). Skype and Yammer
 * columns count when they are there, but a report without them is still complete.
 */
export const reportSpecs: Readonly<Record<UsageReport, ReportSpec>> = {
  "active-users": spec({
    fn: "getOffice365ActiveUserDetail",
    needed: ["Exchange", "OneDrive", "SharePoint", "Teams"].map(
      (service) => `${service} ${lastActivity}`,
    ),
    activity: anyLastActivity,
    namesEverybody: true,
  }),
  "m365-apps": spec({
    fn: "getM365AppUserDetail",
    needed: [lastActivity],
    activity: onlyLastActivity,
    deleted: false,
  }),
  mailbox: spec({
    fn: "getMailboxUsageDetail",
    needed: [storageColumn],
    storage: true,
  }),
  teams: spec({
    fn: "getTeamsUserActivityUserDetail",
    needed: [lastActivity],
    activity: onlyLastActivity,
  }),
  "onedrive-activity": spec({
    fn: "getOneDriveActivityUserDetail",
    needed: [lastActivity],
    activity: onlyLastActivity,
  }),
  "onedrive-storage": spec({
    fn: "getOneDriveUsageAccountDetail",
    user: "Owner Principal Name",
  }),
  sharepoint: spec({
    fn: "getSharePointActivityUserDetail",
    needed: [lastActivity],
    activity: onlyLastActivity,
  }),
  email: spec({
    fn: "getEmailActivityUserDetail",
    needed: [lastActivity],
    activity: onlyLastActivity,
  }),
  activations: spec({
    fn: "getOffice365ActivationsUserDetail",
    path: "/v1.0/reports/getOffice365ActivationsUserDetail",
    deleted: false,
  }),
  copilot: spec({
    fn: "getMicrosoft365CopilotUsageUserDetail",
    path: "/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D180')",
    needed: [lastActivity],
    activity: anyLastActivity,
    deleted: false,
  }),
};
