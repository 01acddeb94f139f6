import type { z } from "zod";
import type { QuarantinedRow } from "#lib/import/ports";
import type { Notes } from "./clean.ts";
import { isRecord } from "./wire/scalars.ts";

/** Accepted rows, refused rows, and the fields worth a note. */
export interface MappedRows<Row> {
  readonly rows: readonly Row[];
  readonly quarantined: readonly QuarantinedRow[];
  readonly unexpected: readonly string[];
}

/** Turns a parsed wire row into ours, or refuses it. */
export type RowMap<Wire, Row> = (wire: Wire, notes: Notes) => Row | QuarantinedRow;

export const refuse = (field: string, problem: string): QuarantinedRow => ({ field, problem });

const isRefused = <Row extends object>(row: Row | QuarantinedRow): row is QuarantinedRow =>
  "problem" in row && "field" in row;

/**
 * Validates each value and maps it. With `essentials`, only a fault in one of those fields refuses the row; any other
 * broken field becomes null and is noted. Without, every fault refuses. Source: DESIGN §4.3.
 */
export function mapRows<Wire, Row extends object>(
  values: readonly unknown[],
  schema: z.ZodType<Wire>,
  map: RowMap<Wire, Row>,
  essentials?: readonly string[],
): MappedRows<Row> {
  const notes: Notes = new Set();
  const rows: Row[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (const value of values) {
    const wire = parseRow(value, schema, notes, essentials);
    const row = isWire(wire) ? map(wire.wire, notes) : wire;
    if (isRefused(row)) quarantined.push(row);
    else rows.push(row);
  }
  return { rows, quarantined, unexpected: [...notes] };
}

const isWire = <Wire>(parsed: { wire: Wire } | QuarantinedRow): parsed is { wire: Wire } =>
  "wire" in parsed;

function parseRow<Wire>(
  value: unknown,
  schema: z.ZodType<Wire>,
  notes: Notes,
  essentials: readonly string[] | undefined,
): { wire: Wire } | QuarantinedRow {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { wire: parsed.data };
  const broken = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "row")))];
  const first = parsed.error.issues[0];
  const fault = broken.find(
    (field) => !essentials || essentials.includes(field) || field === "row",
  );
  if (fault !== undefined || !isRecord(value))
    return refuse(fault ?? "row", first?.code ?? "invalid");
  const mended = schema.safeParse({
    ...value,
    ...Object.fromEntries(broken.map((field) => [field, null])),
  });
  if (!mended.success) return refuse(broken[0] ?? "row", first?.code ?? "invalid");
  for (const field of broken) notes.add(field);
  return { wire: mended.data };
}

/** The entries that parse; the others are left out and noted under `field`. */
export function parseEntries<Wire>(
  entries: readonly unknown[] | null | undefined,
  schema: z.ZodType<Wire>,
  field: string,
  notes: Notes,
): Wire[] {
  const accepted: Wire[] = [];
  for (const entry of entries ?? []) {
    const parsed = schema.safeParse(entry);
    if (parsed.success) accepted.push(parsed.data);
    else notes.add(field);
  }
  return accepted;
}
