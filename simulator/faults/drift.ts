import type { GraphCall } from "../graph/endpoint.ts";
import { WrittenRows } from "../graph/written-rows.ts";
import type { FaultOf } from "./types.ts";

type Row = Record<string, unknown>;
type Drift = FaultOf<"drift">;

/** Rows of any list with what the fault `drift` does to them: properties that are not as documented. */
export function driftedRows(
  { tenant, situation }: GraphCall,
  rows: readonly unknown[] | WrittenRows,
): readonly unknown[] | WrittenRows {
  const drift = tenant.faults.hit("drift", situation);
  if (!drift || rows instanceof WrittenRows) return rows;
  const { count } = drift;
  return new WrittenRows(
    rows.map((row, position) =>
      count === "all" || position < count
        ? driftedRow(drift, { ...(row as Row) })
        : JSON.stringify(row),
    ),
  );
}

const HUGE = 1024 * 1024;
const DEEP = 10_000;

/** One row as JSON text; text, because some of it no object could hold. */
function driftedRow(drift: Drift, row: Row): string {
  const { shape, size } = drift;
  switch (shape) {
    case "text-for-number":
      return JSON.stringify(
        deeply(row, (value) => (typeof value === "number" ? String(value) : value)),
      );
    case "number-for-text":
      return JSON.stringify({
        ...row,
        ...("displayName" in row ? { displayName: 42 } : { skuPartNumber: 42 }),
      });
    case "null-boolean":
      return JSON.stringify(deeply(row, (value) => (typeof value === "boolean" ? null : value)));
    case "huge-name":
      return JSON.stringify({ ...row, displayName: "x".repeat(size ?? HUGE) });
    case "deep":
      return withMember(row, "extension", "[".repeat(size ?? DEEP) + "]".repeat(size ?? DEEP));
    case "proto":
      return withMember(
        row,
        "__proto__",
        '{"polluted":true,"accountEnabled":false},"constructor":{"prototype":{"polluted":true}}',
      );
    case "odata-type":
      return JSON.stringify({ "@odata.type": "#microsoft.graph.somethingNew", ...row });
    case "null-row":
      return "null";
    default:
      return shape satisfies never;
  }
}

/** Replaces the plain values inside a row, at any depth. */
function deeply(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => deeply(entry, change));
  if (typeof value !== "object" || value === null) return change(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, deeply(entry, change)]),
  );
}

/** The row's JSON with one more member, whose value is JSON text. */
function withMember(row: Row, name: string, json: string): string {
  const text = JSON.stringify(row);
  return `${text.slice(0, -1)}${text === "{}" ? "" : ","}"${name}":${json}}`;
}
