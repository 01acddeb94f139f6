import type { FaultOf } from "../faults/types.ts";
import type { Tenant } from "../store/tenant.ts";
import { csvLine } from "./csv.ts";
import { type ReportName, reports } from "./definitions.ts";
import { asWritten, type Column, linesOf, reportLines } from "./document.ts";

type ReportShape = FaultOf<"report-shape">;

/** A report as it is downloaded. */
export type ReportFile = { lines: Iterator<string>; bom: boolean; contentType: string };

/** The file of one report; faults of the kind `report-shape` act here. */
export function reportFile(tenant: Tenant, name: ReportName, period: string): ReportFile {
  const fault = tenant.faults.hit("report-shape", { stream: "usage", endpoint: name, page: 1 });
  return {
    lines: fault ? shapedLines(tenant, name, period, fault) : reportLines(tenant, name, period),
    bom: fault?.shape !== "without-bom",
    contentType: fault?.contentType ?? "application/octet-stream",
  };
}

const HTML =
  "<html><body>The page cannot be displayed because an internal server error has occurred.</body></html>";

function shapedLines(
  tenant: Tenant,
  name: ReportName,
  period: string,
  fault: ReportShape,
): Iterator<string> {
  const { columns } = reports[name];
  const target = fault.column ?? "User Principal Name";
  const normal = () => reportLines(tenant, name, period);
  const withColumns = (chosen: readonly Column[]) => linesOf(tenant, reports[name], period, chosen);
  const all = asWritten(columns);
  switch (fault.shape) {
    case "as-is":
    case "without-bom":
      return normal();
    case "empty":
      return [].values();
    case "html":
      return [HTML].values();
    case "header-only":
      return [csvLine(columns)].values();
    case "malformed":
      return [
        csvLine(columns),
        '2026-01-01,"unterminated quote,and so on\r\n',
        "too,few\r\n",
      ].values();
    case "unterminated-quote":
      return changed(normal(), 3, (line) => `"${line}`);
    case "truncated":
      return cutOff(normal(), Math.max(2, Math.floor(tenant.spec.size / 4)));
    case "nul":
      return changed(normal(), 2, (line) => line.replace(",", ",\u0000"));
    case "lf":
      return normal().map((line) => line.replace("\r\n", "\n"));
    case "huge":
      return hugeLines(columns, normal(), fault.lines);
    case "missing-column":
      return withColumns(all.filter(({ column }) => column !== target));
    case "renamed-column":
      return withColumns(
        all.map(({ column, title }) => ({
          column,
          title: column === target ? `${title} (new)` : title,
        })),
      );
    case "extra-column":
      return withColumns([{ column: "", title: "A New Column" }, ...all]);
    case "reordered":
      return withColumns([...all.reverse(), { column: "", title: "A New Column" }]);
    default:
      return fault.shape satisfies never;
  }
}

/** The lines with one of them, counted from the header as 1, changed. */
function* changed(
  lines: Iterable<string>,
  which: number,
  change: (line: string) => string,
): Generator<string> {
  let number = 0;
  for (const line of lines) {
    number += 1;
    yield number === which ? change(line) : line;
  }
}

/** So many lines and half of one. */
function* cutOff(lines: Iterable<string>, whole: number): Generator<string> {
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (number <= whole) yield line;
    else return yield line.slice(0, Math.floor(line.length / 2));
  }
}

/** The header and so many rows like the first one, each of somebody else whom the directory does not know. */
function* hugeLines(
  columns: readonly string[],
  lines: Iterator<string>,
  count: number,
): Generator<string> {
  yield csvLine(columns);
  lines.next();
  const first = lines.next();
  const row = first.done ? csvLine(columns.map(() => null)) : first.value;
  const at = row.indexOf("@");
  const start = row.lastIndexOf(",", at) + 1;
  for (let i = 0; i < count; i += 1)
    yield at < 0 ? row : `${row.slice(0, start)}extra${i}${row.slice(at)}`;
}
