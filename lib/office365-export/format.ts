import { z } from "zod";

/** The export package, version 1; described for people in docs/reference/export-package.md. */
export const packageFormat = "seatledger-office365-export";
export const schemaVersion = 1;

export const manifestName = "manifest.json";
export const skusName = "skus.ndjson";
export const usersName = "users.ndjson";
export const signInsName = "sign-ins.ndjson";

/** Limits of what is unpacked. Bytes, but for the counts. Source: reference/fault-catalogue.md §4 Response limits, B28. */
export const packageLimits = {
  files: 8,
  manifestBytes: 1024 * 1024,
  fileBytes: 16 * 1024 ** 3,
  lineBytes: 1024 * 1024,
  /** Unpacked against packed, of files over one MiB. Accounts with random ids come to about 15. */
  expansion: 200,
} as const;

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  .transform((value) => value.toLowerCase());

const maxTextLength = 1024;

/** Text that PostgreSQL and JSON take: without NUL and lone surrogates. Source: reference/fault-catalogue.md §6.2. */
const cleanText = (value: string): string =>
  value
    .slice(0, maxTextLength)
    .replaceAll("\0", "")
    .replace(/\p{Surrogate}/gu, "");

const text = z.string().transform(cleanText).nullish();
const units = z.int().min(0).max(2_147_483_647);
const flag = z.boolean().nullish();

/** An instant of the years a directory can know, ISO 8601 with a zone; what Microsoft writes for "none" is null. */
const instant = z
  .string()
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined || value === "" || value.startsWith("0001-")) {
      return null;
    }
    const iso = z.iso.datetime({ offset: true }).safeParse(value);
    const year = iso.success ? new Date(iso.data).getUTCFullYear() : 0;
    if (year >= 1900 && year <= 9999) return new Date(value).toISOString();
    context.addIssue({ code: "custom", message: "no instant" });
    return z.NEVER;
  });

const fileFacts = z.object({
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
});
export type FileFacts = z.output<typeof fileFacts>;

/** What any version says of itself. */
export const manifestHead = z.object({
  format: z.literal(packageFormat),
  schemaVersion: z.int().min(1),
});

export const manifestWire = z.object({
  tenantId: guid,
  tenantName: text,
  defaultDomain: text,
  countryCode: text,
  collectedAt: z.iso.datetime({ offset: true }),
  collectorVersion: z.string().min(1).max(40).transform(cleanText),
  files: z.record(z.string(), fileFacts),
});
export type Manifest = z.output<typeof manifestWire>;

export const skuWire = z.object({
  skuId: guid,
  skuPartNumber: text,
  appliesTo: z.string().nullish(),
  capabilityStatus: text,
  active: units.nullish(),
  warning: units.nullish(),
  suspended: units.nullish(),
  lockedOut: units.nullish(),
  consumed: units.nullish(),
});
export type SkuWire = z.output<typeof skuWire>;

const licenseWire = z.object({
  skuId: guid,
  /** False for a license that is only in error. */
  held: z.boolean().default(true),
  direct: z.boolean().default(false),
  groupIds: z.array(guid).max(1000).default([]),
  inError: z.boolean().default(false),
  error: text,
  assignedAt: instant,
  disabledPlanIds: z.array(guid).max(1000).default([]),
});
export type LicenseWire = z.output<typeof licenseWire>;

/** A row without id or `licenses` is refused; anything else that is broken becomes null. Source: DESIGN §4.3. */
export const userEssentials: readonly string[] = ["id", "licenses"];

export const userWire = z.object({
  id: guid,
  userPrincipalName: text,
  displayName: text,
  mail: text,
  accountEnabled: flag,
  userType: text,
  createdAt: instant,
  usageLocation: text,
  country: text,
  city: text,
  department: text,
  jobTitle: text,
  companyName: text,
  officeLocation: text,
  employeeId: text,
  employeeType: text,
  onPremisesSynced: flag,
  licenses: z.array(licenseWire).max(1000),
});
export type UserWire = z.output<typeof userWire>;

export const signInWire = z.object({
  id: guid,
  lastSuccessfulAt: instant,
  lastInteractiveAt: instant,
  lastNonInteractiveAt: instant,
});
export type SignInWire = z.output<typeof signInWire>;
