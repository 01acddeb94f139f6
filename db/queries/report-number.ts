import { type UsageReport, usageReports } from "#lib/domain/import";

/** The position of a report in `usageReports`, as the tables have it. */
export const reportNumber = (report: UsageReport): number => usageReports.indexOf(report);
