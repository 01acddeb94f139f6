import type { z } from "zod";
import type { QuarantinedRow } from "#lib/import/ports";
import type { Notes } from "./clean.ts";
import { guid, isRecord } from "./wire/scalars.ts";
import type { Shape } from "./wire/shape.ts";

/** Accepted rows, refused rows, and the fields worth a note. */
export interface MappedRows<Row> {
  readonly rows: readonly Row[];
  readonly quarantined: readonly QuarantinedRow[];
  readonly unexpected: readonly string[];
}

/** What a row must be: a schema, or one that knows plain rows at a glance. */
type Wired<Wire> = z.ZodType<Wire> | Shape<z.ZodType<Wire>>;

const shapeOf = <Wire>(wire: Wired<Wire>): Shape<z.ZodType<Wire>> =>
  "isPlain" in wire ? wire : { schema: wire, isPlain: () => false };

/** Safe: `isPlain` is true only for values that the schema would hand back as they are. */
const asWire = <Wire>(value: unknown) => value as Wire;

/** Turns a parsed wire row into ours, or refuses it. */
export type RowMap<Wire, Row> = (wire: Wire, notes: Notes) => Row | QuarantinedRow;

export const refuse = (field: string, problem: string): QuarantinedRow => ({ field, problem });

const isRefused = <Row extends object>(row: Row | QuarantinedRow): row is QuarantinedRow =>
  "problem" in row && "field" in row;

/** The account a row is of, whatever else is wrong with it; null where its id cannot be understood either. */
export const userOf = (value: unknown): string | null => {
  const id = isRecord(value) ? guid.safeParse(value.id) : null;
  return id?.success ? id.data : null;
};

/**
 * Validates each value and maps it. With `essentials`, only a fault in one of those fields refuses the row; any other
 * broken field becomes null and is noted. Without, every fault refuses. `accountOf` names the account of a refused row.
 * Source: DESIGN §4.3.
 */
export function mapRows<Wire, Row extends object>(
  values: readonly unknown[],
  wire: Wired<Wire>,
  map: RowMap<Wire, Row>,
  essentials?: readonly string[],
  accountOf: (value: unknown) => string | null = () => null,
): MappedRows<Row> {
  const { schema, isPlain } = shapeOf(wire);
  const notes: Notes = new Set();
  const rows: Row[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (const value of values) {
    const parsed = isPlain(value)
      ? { wire: asWire<Wire>(value) }
      : parseRow(value, schema, notes, essentials);
    const row = isWire(parsed) ? map(parsed.wire, notes) : parsed;
    if (isRefused(row)) quarantined.push(withAccount(row, accountOf(value)));
    else rows.push(row);
  }
  return { rows, quarantined, unexpected: [...notes] };
}

const withAccount = (row: QuarantinedRow, userId: string | null): QuarantinedRow =>
  userId === null ? row : { ...row, userId };

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
  const { issues } = parsed.error;
  const fieldOf = (issue: (typeof issues)[number] | undefined) => String(issue?.path[0] ?? "row");
  const fault = issues.find(
    (issue) => !essentials || issue.path.length === 0 || essentials.includes(fieldOf(issue)),
  );
  if (fault || !isRecord(value)) return refuse(fieldOf(fault), fault?.code ?? "invalid");
  const broken = [...new Set(issues.map(fieldOf))];
  const nulls = Object.fromEntries(broken.map((field) => [field, null]));
  const mended = schema.safeParse({ ...value, ...nulls });
  if (!mended.success) return refuse(fieldOf(issues[0]), issues[0]?.code ?? "invalid");
  for (const field of broken) notes.add(field);
  return { wire: mended.data };
}

/** The entries that parse; the others are left out and noted under `field`. */
export function parseEntries<Wire>(
  entries: readonly unknown[] | null | undefined,
  wire: Wired<Wire>,
  field: string,
  notes: Notes,
): Wire[] {
  const { schema, isPlain } = shapeOf(wire);
  const accepted: Wire[] = [];
  for (const entry of entries ?? []) {
    if (isPlain(entry)) {
      accepted.push(asWire<Wire>(entry));
      continue;
    }
    const parsed = schema.safeParse(entry);
    if (parsed.success) accepted.push(parsed.data);
    else notes.add(field);
  }
  return accepted;
}
