import { z } from "zod";

/** Ids come as text or as numbers. One that no database takes is none: without those characters it would be another's. */
const id = z
  .union([
    z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\p{Surrogate}]*$/u),
    z.int().min(0),
  ])
  .transform(String);
const text = z.string();
/** Entries are looked at one by one: a bad one does not lose the rest. */
const list = z.array(z.unknown());
/** Whole units, not negative. */
const units = z.int().min(0).max(2_147_483_647);
/** Money as a number or a decimal string. */
const amount = z.union([
  z.number().min(0).max(1e15),
  z
    .string()
    .trim()
    .regex(/^\d{1,15}(\.\d{1,6})?$/),
]);

/** A page of a collection. How further pages are named is not documented: every known spelling is read. */
export const pageSchema = z.object({
  values: list,
  nextPage: text.nullish(),
  nextLink: text.nullish(),
  total: z.int().min(0).nullish(),
  totalItems: z.int().min(0).nullish(),
});

export const relatedAppSchema = z.object({
  id: id.nullish(),
  /** `child` is the one we follow. */
  relation: text.nullish(),
  /** A path below `/saas/v1`. */
  href: text.min(1).max(2_000),
});

export const managedAppSchema = z.object({
  id,
  name: text.nullish(),
  appId: id.nullish(),
  appName: text.nullish(),
  vendorName: text.nullish(),
  isActive: z.boolean().nullish(),
  relatedApps: list.nullish(),
  /** With `view=licenseUsage`. */
  licenses: list.nullish(),
});

export const licenseSchema = z.object({
  id,
  name: text.nullish(),
  terms: list.nullish(),
});

export const termSchema = z.object({
  termType: text.nullish(),
  /** Units of the term in force. */
  totalActive: units.nullish(),
  annualCost: amount.nullish(),
  currency: text.nullish(),
  startsAt: text.nullish(),
  endsAt: text.nullish(),
});

export const appUserSchema = z.object({
  uniqueId: id,
  email: text.nullish(),
  firstName: text.nullish(),
  middleName: text.nullish(),
  lastName: text.nullish(),
  activatedAt: text.nullish(),
  deactivatedAt: text.nullish(),
  sku: text.nullish(),
  skus: z.union([list, text]).nullish(),
});

export type WireManagedApp = z.output<typeof managedAppSchema>;
export type WireLicense = z.output<typeof licenseSchema>;
export type WireTerm = z.output<typeof termSchema>;
export type WireAppUser = z.output<typeof appUserSchema>;
