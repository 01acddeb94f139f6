import type { z } from "zod";
import {
  appUserSchema,
  licenseSchema,
  managedAppSchema,
  relatedAppSchema,
  termSchema,
  type WireAppUser,
  type WireManagedApp,
  type WireTerm,
} from "./wire/resources.ts";

/** One term of a license. Units are seats; days are UTC; null = not told. */
export interface LicenseTerm {
  readonly type: string | null;
  readonly units: number | null;
  /** Decimal string. */
  readonly annualCost: string | null;
  readonly currency: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
}

export interface AppLicense {
  /** The application's own license id: what a license is identified by. */
  readonly id: string;
  readonly name: string | null;
  readonly terms: readonly LicenseTerm[];
}

export interface ManagedApp {
  readonly id: string;
  readonly name: string | null;
  readonly appName: string | null;
  readonly vendorName: string | null;
  readonly active: boolean | null;
  /** Addresses of the applications below it, as sent. */
  readonly childHrefs: readonly string[];
  readonly licenses: readonly AppLicense[];
}

/** An account of an application. Instants ISO UTC. */
export interface AppUser {
  readonly uniqueId: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly activatedAt: string | null;
  /** Null = not deactivated. */
  readonly deactivatedAt: string | null;
  /** SKUs as the application names them, once each. */
  readonly skus: readonly string[];
}

/** Rows that were read, and fields because of which rows or values were left out. */
export interface Mapped<T> {
  readonly rows: readonly T[];
  readonly quarantined: number;
  /** Names of fields, never values. */
  readonly notes: readonly string[];
}

const maxTextLength = 1024;

/** Text that PostgreSQL and JSON take; empty is none. */
const clean = (value: string | null | undefined): string | null => {
  const text = (value ?? "")
    .slice(0, maxTextLength)
    .replaceAll("\0", "")
    .replace(/\p{Surrogate}/gu, "")
    .trim();
  return text === "" ? null : text;
};

/** ISO UTC; a value that is no instant is null and noted. */
const instant = (
  value: string | null | undefined,
  field: string,
  notes: Set<string>,
): string | null => {
  const text = clean(value);
  if (text === null) return null;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    notes.add(field);
    return null;
  }
  return new Date(ms).toISOString();
};

const day = (value: string | null | undefined, field: string, notes: Set<string>) =>
  instant(value, field, notes)?.slice(0, 10) ?? null;

/** Rows of the schema; the others are counted, and the fields that were wrong noted. */
function parsed<S extends z.ZodType>(
  schema: S,
  values: readonly unknown[],
  notes: Set<string>,
): { readonly rows: readonly z.output<S>[]; readonly quarantined: number } {
  const rows: z.output<S>[] = [];
  for (const value of values) {
    const result = schema.safeParse(value);
    if (result.success) rows.push(result.data);
    else for (const { path } of result.error.issues) notes.add(String(path[0] ?? "row"));
  }
  return { rows, quarantined: values.length - rows.length };
}

/** Applications of a page; of one that is listed twice the last stays. */
export function toManagedApps(values: readonly unknown[]): Mapped<ManagedApp> {
  const notes = new Set<string>();
  const { rows, quarantined } = parsed(managedAppSchema, values, notes);
  const apps = new Map(rows.map((row) => [row.id, toApp(row, notes)]));
  if (apps.size < rows.length) notes.add("id");
  return { rows: [...apps.values()], quarantined, notes: [...notes] };
}

function toApp(row: WireManagedApp, notes: Set<string>): ManagedApp {
  const related = parsed(relatedAppSchema, row.relatedApps ?? [], notes).rows;
  const licenses = parsed(licenseSchema, row.licenses ?? [], notes).rows;
  return {
    id: row.id,
    name: clean(row.name),
    appName: clean(row.appName),
    vendorName: clean(row.vendorName),
    active: row.isActive ?? null,
    childHrefs: related.flatMap(({ relation, href }) => (relation === "child" ? [href] : [])),
    licenses: licenses.map((license) => ({
      id: license.id,
      name: clean(license.name),
      terms: parsed(termSchema, license.terms ?? [], notes).rows.map((term) => toTerm(term, notes)),
    })),
  };
}

/** A term that ends before it begins has no known days, so that nothing is counted by it. */
function toTerm(term: WireTerm, notes: Set<string>): LicenseTerm {
  const startsOn = day(term.startsAt, "startsAt", notes);
  const endsOn = day(term.endsAt, "endsAt", notes);
  const backwards = startsOn !== null && endsOn !== null && endsOn < startsOn;
  if (backwards) notes.add("endsAt");
  return {
    type: clean(term.termType),
    units: backwards ? null : (term.totalActive ?? null),
    annualCost: term.annualCost == null ? null : String(term.annualCost),
    currency: clean(term.currency),
    startsOn: backwards ? null : startsOn,
    endsOn: backwards ? null : endsOn,
  };
}

/** Accounts of a page. */
export function toAppUsers(values: readonly unknown[]): Mapped<AppUser> {
  const notes = new Set<string>();
  const { rows, quarantined } = parsed(appUserSchema, values, notes);
  return { rows: rows.map((row) => toUser(row, notes)), quarantined, notes: [...notes] };
}

const toUser = (row: WireAppUser, notes: Set<string>): AppUser => ({
  uniqueId: row.uniqueId,
  email: clean(row.email),
  displayName: clean([row.firstName, row.middleName, row.lastName].filter(Boolean).join(" ")),
  activatedAt: instant(row.activatedAt, "activatedAt", notes),
  deactivatedAt: deactivation(row, notes),
  skus: skusOf(row, notes),
});

/** Somebody with an unreadable day of deactivation was deactivated all the same: that day is unknown, not the fact. */
function deactivation(row: WireAppUser, notes: Set<string>): string | null {
  const at = instant(row.deactivatedAt, "deactivatedAt", notes);
  const told = clean(row.deactivatedAt) !== null;
  return at ?? (told ? new Date(0).toISOString() : null);
}

/** `skus` is a list, or one text with commas; `sku` stands for itself. */
function skusOf(row: WireAppUser, notes: Set<string>): readonly string[] {
  const many = typeof row.skus === "string" ? row.skus.split(",") : (row.skus ?? []);
  const texts = many.filter((sku) => typeof sku === "string");
  if (texts.length < many.length) notes.add("skus");
  return [...new Set([row.sku, ...texts].map(clean).filter((sku) => sku !== null))];
}
