import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Cloud, clouds } from "#lib/domain/connection";
import type { AppCredential } from "#lib/microsoft/token-endpoint";
import { cloudInfix, dayOrInstant, guid } from "./values.ts";

/** A variable and what is wrong with it, in words that do not repeat its value. */
export interface Problem {
  readonly variable: string;
  readonly message: string;
}

type Source = Readonly<Record<string, string | undefined>>;

const nameOf = (
  cloud: Cloud,
  what: "CLIENT_ID" | "CLIENT_SECRET" | "CERTIFICATE_FILE" | "CLIENT_SECRET_EXPIRES_AT",
) => `MULTI_TENANT_APP_${cloudInfix(cloud)}${what}`;

/** Names of the variables that hold the apps' credentials: for the worker alone. */
export const multiTenantSecretNames: readonly string[] = clouds.flatMap((cloud) => [
  nameOf(cloud, "CLIENT_SECRET"),
  nameOf(cloud, "CERTIFICATE_FILE"),
]);

/** Names of the variables that say when a secret ends: the worker's too, and no secrets. */
export const multiTenantExpiryNames: readonly string[] = clouds.map((cloud) =>
  nameOf(cloud, "CLIENT_SECRET_EXPIRES_AT"),
);

export const multiTenantClientIdNames: readonly string[] = clouds.map((cloud) =>
  nameOf(cloud, "CLIENT_ID"),
);

/** The pre-registered app of each cloud that has one. A cloud without one does not offer the method. */
export function readMultiTenantApps(source: Source, problems: Problem[]) {
  const apps: Partial<Record<Cloud, { readonly clientId: string }>> = {};
  for (const cloud of clouds) {
    const variable = nameOf(cloud, "CLIENT_ID");
    const value = source[variable];
    if (value === undefined) continue;
    const parsed = guid.safeParse(value);
    if (parsed.success) apps[cloud] = { clientId: parsed.data };
    else problems.push({ variable, message: "must be a GUID" });
  }
  return apps;
}

/**
 * The credential of each cloud's app; one is needed where there is an app. A certificate says itself when it ends; of a
 * secret the environment may.
 */
export function readMultiTenantCredentials(source: Source, problems: Problem[]) {
  const credentials: Partial<Record<Cloud, AppCredential>> = {};
  const expiries: Partial<Record<Cloud, Date>> = {};
  for (const cloud of clouds) {
    if (source[nameOf(cloud, "CLIENT_ID")] === undefined) continue;
    const secret = source[nameOf(cloud, "CLIENT_SECRET")];
    const variable = nameOf(cloud, "CERTIFICATE_FILE");
    const file = source[variable];
    if (secret !== undefined && file !== undefined) {
      problems.push({ variable, message: "is set beside a client secret: keep one of them" });
    } else if (secret !== undefined) {
      credentials[cloud] = { kind: "secret", secret };
      const expiresAt = readExpiry(source, cloud, problems);
      if (expiresAt !== null) expiries[cloud] = expiresAt;
    } else if (file !== undefined) {
      const certificate = readCertificate(file);
      if (typeof certificate === "string") problems.push({ variable, message: certificate });
      else {
        credentials[cloud] = certificate.credential;
        expiries[cloud] = certificate.expiresAt;
      }
    } else {
      problems.push({
        variable: nameOf(cloud, "CLIENT_SECRET"),
        message: `is missing (or ${variable}): the multi-tenant app cannot sign in without it`,
      });
    }
  }
  return { credentials, expiries };
}

/** Null when it is not set, or wrong. */
function readExpiry(source: Source, cloud: Cloud, problems: Problem[]): Date | null {
  const variable = nameOf(cloud, "CLIENT_SECRET_EXPIRES_AT");
  const value = source[variable];
  if (value === undefined) return null;
  const parsed = dayOrInstant.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push({ variable, message: "must be a day such as 2027-05-31, or an ISO 8601 instant" });
  return null;
}

/** Reads a PEM file with a certificate and its private key; a string says what is wrong. */
function readCertificate(
  file: string,
): { readonly credential: AppCredential; readonly expiresAt: Date } | string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch {
    return "names a file that cannot be read";
  }
  const privateKeyPem =
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/.exec(pem)?.[0];
  if (privateKeyPem === undefined) return "names a file without a private key (PEM)";
  try {
    const { fingerprint256, validToDate: expiresAt } = new X509Certificate(pem);
    const thumbprintSha256 = fingerprint256.replaceAll(":", "");
    const kind = "certificate";
    return { credential: { kind, thumbprintSha256, privateKeyPem, expiresAt }, expiresAt };
  } catch {
    return "names a file without a certificate (PEM)";
  }
}
