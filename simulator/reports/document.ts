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
  return tenant.knobs.concealedNames || tenant.faults.state("concealed") !== undefined;
}

/** The CSV of one report, line by line; faults of the kind `report-shape` act here. */
export function* reportLines(tenant: Tenant, name: ReportName, period: string): Generator<string> {
  const report = reports[name];
  const shape = tenant.faults.hit("report-shape", { stream: "usage", endpoint: name, page: 1 });
  switch (shape?.shape) {
    case "empty":
      return;
    case "html":
      yield "<html><body>The page cannot be displayed because an internal server error has occurred.</body></html>";
      return;
    case "header-only":
      yield csvLine(report.columns);
      return;
    case "malformed":
      yield csvLine(report.columns);
      yield '2026-01-01,"unterminated quote,and so on\r\n';
      yield "too,few\r\n";
      return;
    case "missing-column":
    case "renamed-column":
    case "reordered":
      yield* lines(
        tenant,
        report,
        period,
        reshaped(report.columns, shape.shape, shape.column ?? "User Principal Name"),
      );
      return;
    case undefined:
      yield* lines(
        tenant,
        report,
        period,
        report.columns.map((column) => ({ column, title: column })),
      );
      return;
    default:
      shape?.shape satisfies undefined;
  }
}

type Column = { column: string; title: string };

function reshaped(
  columns: readonly string[],
  shape: "missing-column" | "renamed-column" | "reordered",
  target: string,
): Column[] {
  const all = columns.map((column) => ({ column, title: column }));
  switch (shape) {
    case "missing-column":
      return all.filter(({ column }) => column !== target);
    case "renamed-column":
      return all.map(({ column }) => ({
        column,
        title: column === target ? `${column} (new)` : column,
      }));
    case "reordered":
      return [...all.reverse(), { column: "", title: "A New Column" }];
    default:
      return shape satisfies never;
  }
}

function* lines(
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
