import { type Method, permissions } from "./connection.ts";
import type { Failure } from "./failure.ts";
import { type Dataset, type Read, reportOf, type UsageReport } from "./import.ts";
import type { UtcDay } from "./license.ts";
import { dayInWords } from "./utc-day.ts";

/** What is known around a failure, to make its text exact; everything may be left out. */
export interface FailureContext {
  readonly method?: Method | null;
  /** What the tenant is called, else its domain or id. */
  readonly tenant?: string | null;
  readonly dataset?: Dataset | null;
  /** The read that was lost, when the rest of its dataset is there. */
  readonly read?: Read | null;
  /** Per dataset the day of the numbers that stay on screen; null = it was never published. */
  readonly publishedOn?: Readonly<Record<Dataset, UtcDay | null>>;
  readonly credential?: {
    readonly kind: "secret" | "certificate";
    readonly expiresOn: UtcDay | null;
  } | null;
  /** Until when Microsoft limits us, as the reader's clock shows it (`14:32`). */
  readonly limitedUntil?: string | null;
}

const reportNames: Record<UsageReport, string> = {
  "active-users": "the active users report",
  "m365-apps": "the Microsoft 365 Apps report",
  mailbox: "the mailbox report",
  teams: "the Teams report",
  "onedrive-activity": "the OneDrive activity report",
  "onedrive-storage": "the OneDrive storage report",
  sharepoint: "the SharePoint report",
  email: "the e-mail report",
  activations: "the activations report",
  copilot: "the Copilot report",
};

/** A usage report by name, such as `the Teams report`. */
export const usageReportName = (report: UsageReport): string => reportNames[report];

const withoutReport = (report: UsageReport): string => {
  switch (report) {
    case "active-users":
      return "Activity rests on sign-ins alone.";
    case "mailbox":
      return "Mailbox sizes are not known, so blocked accounts with a mailbox have low confidence.";
    case "activations":
      return "Activations of Microsoft 365 Apps are not shown.";
    case "onedrive-storage":
      return "OneDrive storage is not shown.";
    default:
      return `Use told by ${usageReportName(report)} alone does not count as activity.`;
  }
};

const withoutRead = (read: Read): string | null => {
  const report = reportOf(read);
  if (report !== null) return withoutReport(report);
  switch (read) {
    case "company-subscriptions":
      return "Trials, lifecycle dates and partners are not shown, and no unassigned units.";
    case "groups":
      return "Groups are shown by their id.";
    case "deleted-users":
      return "Deleted accounts are not shown.";
    case "report-settings":
      return "Concealed names are recognised by their shape only.";
    default:
      return null;
  }
};

const staying = (what: string, publishedOn: UtcDay | null | undefined): string =>
  publishedOn ? `${what} stay those of ${dayInWords(publishedOn)}.` : `${what} stay as they were.`;

const withoutDataset = (dataset: Dataset, publishedOn: UtcDay | null | undefined): string => {
  switch (dataset) {
    case "directory":
      return publishedOn === null
        ? "No licenses are shown: nothing has been imported yet."
        : staying("All numbers", publishedOn);
    case "sign-ins":
      return publishedOn === null
        ? "\u201CNever used\u201D cannot be told; activity rests on usage reports alone."
        : staying("Sign-ins", publishedOn);
    case "usage":
      return publishedOn === null
        ? "Activity rests on sign-ins alone."
        : staying("Usage figures", publishedOn);
    default:
      return dataset satisfies never;
  }
};

/** What is not shown because of a failure: from the missing permission, the lost read, or the dataset. */
export const hiddenText = (failure: Failure, context: FailureContext): string => {
  const permission = permissions.find(({ name }) => name === failure.permission);
  if (permission !== undefined && failure.code === "permission-missing") {
    return `${permission.without}.`;
  }
  const read = context.read ? withoutRead(context.read) : null;
  if (read !== null) return read;
  if (context.dataset)
    return withoutDataset(context.dataset, context.publishedOn?.[context.dataset]);
  if (context.publishedOn === undefined) return "Numbers already published stay as they were.";
  const { directory } = context.publishedOn;
  return directory === null
    ? "Nothing is imported until this is solved."
    : `Nothing was imported since ${dayInWords(directory)}.`;
};
