import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { LicenseTerm } from "#lib/domain/app-license";
import type { ApplicationNote } from "#lib/domain/field-notes";
import { isAmount } from "#lib/domain/money";
import {
  appUserSchema,
  licenseSchema,
  managedAppSchema,
  relatedAppSchema,
  termSchema,
  type WireAppUser,
  type WireLicense,
  type WireManagedApp,
  type WireTerm,
} from "./wire/resources.ts";

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
  /** Entries of the list of licenses that could not be read. */
  readonly unreadableLicenses: number;
  /** Licenses that are listed twice and not alike; the last stays. */
  readonly contradictoryLicenses: number;
  /** Fields of it that were left out or are missing (lib/domain/field-notes); names, never values. */
  readonly notes: readonly string[];
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

/** Applications of a page, and the ids of those that came twice: all, and those that do not say the same both times. Notes: of rows that could not be read. */
export interface MappedApps extends Mapped<ManagedApp> {
  readonly repeated: readonly string[];
  readonly contradictory: readonly string[];
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
export function toManagedApps(values: readonly unknown[]): MappedApps {
  const notes = new Set<string>();
  const { rows, quarantined } = parsed(managedAppSchema, values, notes);
  const apps = new Map<string, ManagedApp>();
  const repeated = new Set<string>();
  const contradictory = new Set<string>();
  for (const row of rows) {
    const app = toApp(row);
    const before = apps.get(app.id);
    if (before !== undefined) repeated.add(app.id);
    if (before !== undefined && !saysTheSame(before, app)) contradictory.add(app.id);
    apps.set(app.id, app);
  }
  return {
    rows: [...apps.values()],
    quarantined,
    notes: [...notes],
    repeated: [...repeated],
    contradictory: [...contradictory],
  };
}

/** Two listings of one application. */
export const saysTheSame = (a: ManagedApp, b: ManagedApp): boolean => isDeepStrictEqual(a, b);

function toApp(row: WireManagedApp): ManagedApp {
  const notes = new Set<string>();
  const related = parsed(relatedAppSchema, row.relatedApps ?? [], notes).rows;
  const { rows, quarantined } = parsed(licenseSchema, row.licenses ?? [], notes);
  const { licenses, contradictory } = onceEach(
    rows.map((license) => toLicense(license, notes)),
    notes,
  );
  return {
    id: row.id,
    name: clean(row.name),
    appName: clean(row.appName),
    vendorName: clean(row.vendorName),
    active: row.isActive ?? null,
    childHrefs: related.flatMap(({ relation, href }) => (relation === "child" ? [href] : [])),
    licenses,
    unreadableLicenses: quarantined,
    contradictoryLicenses: contradictory,
    notes: [...notes],
  };
}

function toLicense({ id, name, terms }: WireLicense, notes: Set<string>): AppLicense {
  const mapped = (terms ?? []).map((term) => toTermOf(term, notes));
  if (mapped.length === 0) note(notes, "no-terms");
  return { id, name: clean(name), terms: mapped };
}

/** Licenses by their ids; of one that is listed twice the last stays. */
function onceEach(licenses: readonly AppLicense[], notes: Set<string>) {
  const byId = new Map<string, AppLicense>();
  const contradictory = new Set<string>();
  for (const license of licenses) {
    const before = byId.get(license.id);
    if (before !== undefined && isDeepStrictEqual(before, license)) {
      note(notes, "license-listed-twice");
    } else if (before !== undefined) contradictory.add(license.id);
    byId.set(license.id, license);
  }
  return { licenses: [...byId.values()], contradictory: contradictory.size };
}

const note = (notes: Set<string>, what: ApplicationNote): void => {
  notes.add(what);
};

const unreadableTerm: LicenseTerm = {
  type: null,
  units: null,
  annualCost: null,
  currency: null,
  startsOn: null,
  endsOn: null,
  problem: "unreadable",
};

/** A term that cannot be read is one all the same: left out, the license would look smaller than it is. */
function toTermOf(value: unknown, notes: Set<string>): LicenseTerm {
  const [term] = parsed(termSchema, [value], notes).rows;
  return term === undefined ? unreadableTerm : toTerm(term, notes);
}

/** Of a term that ends before it begins neither its days nor its units can be believed. */
function toTerm(term: WireTerm, notes: Set<string>): LicenseTerm {
  const startsOn = day(term.startsAt, "startsAt", notes);
  const endsOn = day(term.endsAt, "endsAt", notes);
  const backwards = startsOn !== null && endsOn !== null && endsOn < startsOn;
  const units = backwards ? null : (term.totalActive ?? null);
  const problem = backwards ? "ends-before-it-begins" : units === null ? "no-units" : null;
  if (problem !== null) note(notes, problem);
  return {
    type: clean(term.termType),
    units,
    annualCost: amountOf(term.annualCost, notes),
    currency: currencyOf(term.currency, notes),
    startsOn: backwards ? null : startsOn,
    endsOn: backwards ? null : endsOn,
    problem,
  };
}

/** An ISO 4217 code by its shape. */
function currencyOf(value: WireTerm["currency"], notes: Set<string>): string | null {
  const code = clean(value)?.toUpperCase() ?? null;
  if (code === null || /^[A-Z]{3}$/.test(code)) return code;
  notes.add("currency");
  return null;
}

/** Exact as sent in text; a number is what binary fractions leave of it, at four places. */
function amountOf(value: WireTerm["annualCost"], notes: Set<string>): string | null {
  if (value == null) return null;
  const amount = typeof value === "number" ? String(Number(value.toFixed(4))) : value;
  if (isAmount(amount)) return amount;
  notes.add("annualCost");
  return null;
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
