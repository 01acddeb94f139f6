import { createHash } from "node:crypto";
import { deletedUsers } from "../graph/deleted-users.ts";
import type { DayNumber } from "../seed/days.ts";
import { usageAt } from "../seed/usage.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import { csvLine } from "./csv.ts";
import { type Report, type ReportName, type ReportSource, reports } from "./definitions.ts";

/** Microsoft's concealed form of a name: 32 upper-case hex digits (reference §3.13). */
function concealed(name: string): string {
  return createHash("md5").update(name.toLowerCase()).digest("hex").toUpperCase();
}

/** Report Refresh Date of the tenant's reports. */
export function refreshDay(tenant: Tenant): DayNumber {
  const fault = tenant.faults.state("refresh-date");
  return tenant.seed().today - (fault ? fault.daysAgo : tenant.knobs.refreshDaysAgo);
}

/** Whether names in the reports are concealed. */
export function namesConcealed(tenant: Tenant): boolean {
  return tenant.faults.state("concealed")?.names ?? tenant.knobs.concealedNames;
}

/** What reportSettings says about it, which a fault can make wrong. */
export function concealmentTold(tenant: Tenant): boolean {
  return tenant.faults.state("concealed")?.setting ?? tenant.knobs.concealedNames;
}

/** A column of a file: where its values come from, and its title. */
export type Column = { column: string; title: string };

/** The columns under their own titles. */
export function asWritten(columns: readonly string[]): Column[] {
  return columns.map((column) => ({ column, title: column }));
}

/** The CSV of one report, line by line, as Microsoft writes it. */
export function reportLines(tenant: Tenant, name: ReportName, period: string): Generator<string> {
  return linesOf(tenant, reports[name], period, asWritten(reports[name].columns));
}

/** The lines of a report with these columns in this order. */
export function* linesOf(
  tenant: Tenant,
  report: Report,
  period: string,
  columns: readonly Column[],
): Generator<string> {
  yield csvLine(columns.map(({ title }) => title));
  for (const source of sources(tenant, period)) {
    for (const row of report.rows(source))
      yield csvLine(columns.map(({ column }) => row[column] ?? null));
  }
}

/** Every account the reports know: the users, deleted ones, and rows whose owner Microsoft no longer knows. */
function* sources(tenant: Tenant, period: string): Generator<ReportSource> {
  const seed = tenant.seed();
  const refresh = refreshDay(tenant);
  const hide = namesConcealed(tenant);
  const source = (user: SeedUser, deletedDaysAgo: number | null, known = true): ReportSource => {
    const upn = known ? user.userPrincipalName : "(Unknown)";
    const name = known ? user.displayName : "";
    return {
      tenant: seed,
      user,
      usage: usageAt(seed, user, refresh),
      refresh,
      period: period.slice(1),
      deletedDaysAgo,
      upn: hide ? concealed(upn) : upn,
      name: hide ? concealed(name) : name,
    };
  };
  for (const user of tenant.users()) yield source(user, null);
  let position = 0;
  for (const deleted of deletedUsers(tenant)) {
    yield source(deleted.user, deleted.deletedDaysAgo, position % 5 !== 4);
    position += 1;
  }
}
