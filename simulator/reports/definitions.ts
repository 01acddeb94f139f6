import { type DayNumber, isoDate } from "../seed/days.ts";
import { between } from "../seed/random.ts";
import type { SeedTenant } from "../seed/tenant.ts";
import { type Usage, workloadsOf } from "../seed/usage.ts";
import type { SeedUser } from "../seed/user.ts";
import { reportHeaders } from "./headers.ts";

/** The usage reports of reference §3.12. */
export type ReportName = keyof typeof reportHeaders;

/** What a report row is made from. Names are already concealed where the tenant conceals them. */
export type ReportSource = {
  tenant: SeedTenant;
  user: SeedUser;
  usage: Usage;
  refresh: DayNumber;
  period: string;
  upn: string;
  name: string;
  /** Days since the account was deleted; null = it was not. */
  deletedDaysAgo: number | null;
};

type Cell = string | number | boolean | null;

/** A report: its columns and, per account, its rows ([] when the account is not in the report), keyed by column. */
export type Report = {
  columns: readonly string[];
  rows: (source: ReportSource) => Record<string, Cell>[];
};

const date = (day: DayNumber | null): string | null => (day === null ? null : isoDate(day));

function deletion({ deletedDaysAgo, tenant }: ReportSource) {
  return {
    "Is Deleted": deletedDaysAgo !== null,
    "Deleted Date": deletedDaysAgo === null ? null : isoDate(tenant.today - deletedDaysAgo),
  };
}

function products({ user }: ReportSource): string {
  return user.licenses.map((license) => license.sku.productName.toUpperCase()).join("+");
}

/** A count of actions: none without activity. */
function amount({ tenant, user }: ReportSource, salt: number, day: DayNumber | null): number {
  return day === null ? 0 : between(tenant.seed, user.index, 300 + salt, 0, 120);
}

function latest(...days: (DayNumber | null)[]): DayNumber | null {
  const known = days.filter((day) => day !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function report(name: ReportName, rows: Report["rows"]): Report {
  return { columns: reportHeaders[name].split(","), rows };
}

function base({ refresh, upn, period }: ReportSource) {
  return {
    "Report Refresh Date": isoDate(refresh),
    "User Principal Name": upn,
    "Report Period": period,
  };
}

const activeUsers = report("getOffice365ActiveUserDetail", (source) => {
  const { user, usage } = source;
  if (user.licenses.length === 0 || user.kind === "guest") return [];
  const has = workloadsOf(user);
  const assigned = (yes: boolean) =>
    yes ? date(user.licenses[0]?.rows[0]?.updated ?? user.created) : null;
  return [
    {
      ...base(source),
      ...deletion(source),
      "Display Name": source.name,
      "Has Exchange License": has.exchange,
      "Has OneDrive License": has.sharePoint,
      "Has SharePoint License": has.sharePoint,
      "Has Skype For Business License": has.teams,
      "Has Yammer License": has.yammer,
      "Has Teams License": has.teams,
      "Exchange Last Activity Date": date(usage.exchange),
      "OneDrive Last Activity Date": date(usage.oneDrive),
      "SharePoint Last Activity Date": date(usage.sharePoint),
      "Skype For Business Last Activity Date": null,
      "Yammer Last Activity Date": date(usage.yammer),
      "Teams Last Activity Date": date(usage.teams),
      "Exchange License Assign Date": assigned(has.exchange),
      "OneDrive License Assign Date": assigned(has.sharePoint),
      "SharePoint License Assign Date": assigned(has.sharePoint),
      "Skype For Business License Assign Date": assigned(has.teams),
      "Yammer License Assign Date": assigned(has.yammer),
      "Teams License Assign Date": assigned(has.teams),
      "Assigned Products": products(source),
    },
  ];
});

const platforms = ["Windows", "Mac", "Mobile", "Web"];

/** Columns that say whether an app, a platform or an app on a platform was used; `usedOn` null = on any platform. */
const appCells = reportHeaders.getM365AppUserDetail
  .split(",")
  .slice(5)
  .map((column) => {
    const [app = "", on] = column.replace(")", "").split(" (");
    return { column, usedOn: on ?? (platforms.includes(app) ? app : null) };
  });

const apps = report("getM365AppUserDetail", (source) => {
  const { usage, user } = source;
  if (!workloadsOf(user).apps) return [];
  const used = usage.apps !== null;
  const platform = user.index % 5 === 0 ? "Mac" : "Windows";
  const cells: Record<string, Cell> = {};
  for (const { column, usedOn } of appCells)
    cells[column] = used && (usedOn === null || usedOn === platform) ? "Yes" : "No";
  return [
    {
      ...base(source),
      ...cells,
      "Last Activation Date": date(usage.activation),
      "Last Activity Date": date(usage.apps),
    },
  ];
});

const mailboxes = report("getMailboxUsageDetail", (source) => {
  const { user, usage } = source;
  if (!user.mailbox) return [];
  const quota = workloadsOf(user).exchange && user.kind !== "shared-mailbox" ? 100 : 50;
  const bytes = (gib: number) => Math.floor(gib * 2 ** 30);
  return [
    {
      ...base(source),
      ...deletion(source),
      "Display Name": source.name,
      "Created Date": date(user.created),
      "Last Activity Date": date(usage.exchange),
      "Item Count": Math.floor(user.mailbox.bytes / 90_000),
      "Storage Used (Byte)": user.mailbox.bytes,
      "Issue Warning Quota (Byte)": bytes(quota * 0.98),
      "Prohibit Send Quota (Byte)": bytes(quota * 0.99),
      "Prohibit Send/Receive Quota (Byte)": bytes(quota),
      "Deleted Item Count": Math.floor(user.mailbox.bytes / 9_000_000),
      "Deleted Item Size (Byte)": Math.floor(user.mailbox.bytes / 40),
      "Deleted Item Quota (Byte)": bytes(30),
      "Has Archive": user.mailbox.archive,
    },
  ];
});

/** Columns with numbers of actions, and with times in ISO 8601 or in seconds. */
const teamsCounts = reportHeaders.getTeamsUserActivityUserDetail
  .split(",")
  .slice(9, -3)
  .map((column) => {
    const isTime = /^(Audio Duration|Video|Screen)/.test(column);
    const unit = !isTime ? "number" : column.endsWith("Seconds") ? "seconds" : "duration";
    return { column, unit } as const;
  });

const teams = report("getTeamsUserActivityUserDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).teams) return [];
  const counts: Record<string, Cell> = {};
  for (const [i, { column, unit }] of teamsCounts.entries()) {
    const value = amount(source, i, usage.teams);
    counts[column] = unit === "duration" ? `PT${value}M` : unit === "seconds" ? value * 60 : value;
  }
  return [
    {
      ...base(source),
      ...deletion(source),
      ...counts,
      "Tenant Display Name": source.tenant.name,
      "Shared Channel Tenant Display Names": user.index % 40 === 0 ? "Adatum, Litware" : null,
      "User Id": source.upn.includes("@") ? user.id : source.upn,
      "Last Activity Date": date(usage.teams),
      "Assigned Products": products(source),
      "Has Other Action": usage.teams === null ? "No" : "Yes",
      "Is Licensed": "Yes",
    },
  ];
});

const oneDrive = report("getOneDriveActivityUserDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).sharePoint) return [];
  return [
    {
      ...base(source),
      ...deletion(source),
      "Last Activity Date": date(usage.oneDrive),
      "Viewed Or Edited File Count": amount(source, 20, usage.oneDrive),
      "Synced File Count": amount(source, 21, usage.oneDrive),
      "Shared Internally File Count": amount(source, 22, usage.oneDrive),
      "Shared Externally File Count": 0,
      "Assigned Products": products(source),
    },
  ];
});

const oneDriveAccounts = report("getOneDriveUsageAccountDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).sharePoint) return [];
  const files = amount(source, 25, usage.oneDrive) * 30;
  return [
    {
      ...base(source),
      ...deletion(source),
      "Site URL": `https://${source.tenant.domains[0]?.split(".")[0] ?? "tenant"}-my.sharepoint.com/personal/${source.upn.replace(/[^A-Za-z0-9]/g, "_")}`,
      "Owner Display Name": source.name,
      "Owner Principal Name": source.upn,
      "Last Activity Date": date(usage.oneDrive),
      "File Count": files,
      "Active File Count": Math.floor(files / 12),
      "Storage Used (Byte)": files * 820_000,
      "Storage Allocated (Byte)": 2 ** 40,
    },
  ];
});

const sharePoint = report("getSharePointActivityUserDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).sharePoint) return [];
  return [
    {
      ...base(source),
      ...deletion(source),
      "Last Activity Date": date(usage.sharePoint),
      "Viewed Or Edited File Count": amount(source, 30, usage.sharePoint),
      "Synced File Count": 0,
      "Shared Internally File Count": amount(source, 31, usage.sharePoint),
      "Shared Externally File Count": 0,
      "Visited Page Count": amount(source, 32, usage.sharePoint),
      "Assigned Products": products(source),
    },
  ];
});

const email = report("getEmailActivityUserDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).exchange) return [];
  return [
    {
      ...base(source),
      ...deletion(source),
      "Display Name": source.name,
      "Last Activity Date": date(usage.exchange),
      "Send Count": amount(source, 40, usage.exchange),
      "Receive Count": amount(source, 41, usage.exchange) * 4,
      "Read Count": amount(source, 42, usage.exchange) * 3,
      "Meeting Created Count": amount(source, 43, usage.exchange),
      "Meeting Interacted Count": amount(source, 44, usage.exchange),
      "Assigned Products": products(source),
    },
  ];
});

const activations = report("getOffice365ActivationsUserDetail", (source) => {
  const { user, usage } = source;
  if (usage.activation === null) return [];
  const row = (product: string): Record<string, Cell> => ({
    ...base(source),
    "Display Name": source.name,
    "Product Type": product,
    "Last Activated Date": date(usage.activation),
    Windows: user.index % 5 === 0 ? 0 : 1,
    Mac: user.index % 5 === 0 ? 1 : 0,
    "Windows 10 Mobile": 0,
    iOS: user.index % 3 === 0 ? 1 : 0,
    Android: user.index % 4 === 0 ? 1 : 0,
    "Activated On Shared Computer": false,
  });
  const others = user.licenses.some((license) => license.sku.key === "VISIOCLIENT")
    ? ["MICROSOFT VISIO"]
    : [];
  return ["MICROSOFT 365 APPS FOR ENTERPRISE", ...others].map(row);
});

const copilot = report("getMicrosoft365CopilotUsageUserDetail", (source) => {
  const { user, usage } = source;
  if (!workloadsOf(user).copilot) return [];
  const teamsDay = usage.copilot;
  const wordDay =
    usage.copilot === null || user.index % 3 === 0 ? null : usage.copilot - (user.index % 9);
  return [
    {
      ...base(source),
      "Display Name": source.name,
      "Last Activity Date": date(latest(teamsDay, wordDay)),
      "Microsoft Teams Copilot Last Activity Date": date(teamsDay),
      "Word Copilot Last Activity Date": date(wordDay),
      "Excel Copilot Last Activity Date": null,
      "PowerPoint Copilot Last Activity Date": null,
      "Outlook Copilot Last Activity Date": null,
      "OneNote Copilot Last Activity Date": null,
      "Loop Copilot Last Activity Date": null,
      "Copilot Chat Last Activity Date": date(wordDay),
    },
  ];
});

/** All reports by the name of their Graph function. */
export const reports: Readonly<Record<ReportName, Report>> = {
  getOffice365ActiveUserDetail: activeUsers,
  getM365AppUserDetail: apps,
  getMailboxUsageDetail: mailboxes,
  getTeamsUserActivityUserDetail: teams,
  getOneDriveActivityUserDetail: oneDrive,
  getOneDriveUsageAccountDetail: oneDriveAccounts,
  getSharePointActivityUserDetail: sharePoint,
  getEmailActivityUserDetail: email,
  getOffice365ActivationsUserDetail: activations,
  getMicrosoft365CopilotUsageUserDetail: copilot,
};
