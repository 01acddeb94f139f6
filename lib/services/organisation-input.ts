import { z } from "zod";
import { organisationNumberPattern, saasRegions } from "#lib/domain/saas-organisation";

/** What people call an organisation. */
export const organisationName = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(80, "At most 80 characters.")
  .refine((name) => !/\p{C}/u.test(name), "Use letters, digits, spaces and punctuation.");

export const organisationRegion = z.enum(saasRegions, "Choose the region you sign in to.");

export const organisationNumber = z
  .string()
  .trim()
  .regex(
    organisationNumberPattern,
    "Enter the organisation's number: the digits after /orgs/ in the address of SaaS Management.",
  );

/** The longest secret that is taken: refresh tokens have well below 4,000 characters. */
const maxSecret = 8_000;

const secretText = (missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(maxSecret, "This is longer than any such secret.")
    .regex(/^[\x21-\x7e]*$/, "It has no spaces or special letters. Copy it again.");

const expiresAt = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional();

/** What an organisation proves itself with. The service tells no expiry: it is entered where it is known. */
export const organisationCredential = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("refresh-token"),
    refreshToken: secretText("Enter the refresh token."),
    expiresAt,
  }),
  z.strictObject({
    kind: z.literal("service-account"),
    clientId: secretText("Enter the service account's client id."),
    clientSecret: secretText("Enter the service account's client secret."),
    expiresAt,
  }),
]);
export type OrganisationCredential = z.output<typeof organisationCredential>;
