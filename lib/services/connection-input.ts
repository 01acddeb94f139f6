import { z } from "zod";
import { clouds, connectionNamePattern, maxEnterpriseLength } from "#lib/domain/connection";
import { maxCertificateFile } from "./certificate-file.ts";
import { guid } from "./input.ts";

const guidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Source: DESIGN §7 step 2. */
export const connectionName = z
  .string()
  .trim()
  .regex(
    connectionNamePattern,
    "Use letters, digits, spaces and underscores, starting with a letter or digit; at most 80 characters.",
  );

/** The label of an enterprise. */
export const enterpriseName = z
  .string()
  .trim()
  .min(1, "Enter a name, or leave it out.")
  .max(maxEnterpriseLength, `At most ${maxEnterpriseLength} characters.`)
  .refine((name) => !/\p{C}/u.test(name), "Use letters, digits, spaces and punctuation.");

export const cloudInput = z.enum(clouds);

/** A tenant's GUID or one of its domains, as the wizard takes it. */
export const tenantHint = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
    "Enter the tenant's GUID or one of its domains, such as contoso.com.",
  );

/** An application secret. What looks like a GUID is the secret's id, which Microsoft shows beside it. */
const secretText = z
  .string()
  .trim()
  .min(1, "Enter the client secret.")
  .max(500, "This is longer than a client secret.")
  .refine((secret) => !guidShape.test(secret), {
    message:
      "This is the secret's ID. Copy the column “Value” instead; Microsoft shows it only once.",
  })
  .refine((secret) => /^[\x21-\x7e]+$/.test(secret), {
    message: "A client secret has no spaces or special letters. Copy the column “Value” again.",
  });

const expiresAt = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional();

const pem = (label: string) =>
  z
    .string()
    .trim()
    .max(20_000)
    .regex(
      new RegExp(`^-----BEGIN ${label}-----[\\s\\S]+-----END ${label}-----$`),
      "Enter the PEM text with its BEGIN and END lines.",
    );

/** A little more than the bytes of the largest file that is opened, so that the refusal can name the size. */
const fileText = z
  .base64("Send the file in base64.")
  .min(1, "Choose a file.")
  .max(
    Math.ceil((maxCertificateFile * 4) / 3) + 4,
    "The file is too large: a certificate file has at most 64 kB.",
  );

/**
 * A registered app's credential. Certificates come as PEM (the private key and the certificate it belongs to), or as the
 * PKCS #12 (PFX) or PEM file they were exported to.
 */
export const credentialInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("secret"), secret: secretText, expiresAt }),
  z.strictObject({
    kind: z.literal("certificate"),
    certificate: pem("CERTIFICATE"),
    privateKey: pem("(?:RSA |EC )?PRIVATE KEY"),
    expiresAt,
  }),
  z.strictObject({
    kind: z.literal("certificate-file"),
    file: fileText,
    password: z.string().max(500).default(""),
  }),
]);
export type CredentialInput = z.output<typeof credentialInput>;

/** The facts of a registered app. */
export const registeredApp = {
  tenantId: guid,
  clientId: guid,
  credential: credentialInput,
};
