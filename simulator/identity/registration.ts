import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import type { Store } from "../store/store.ts";
import type { AppRegistration, ClientSecret } from "../types.ts";

/** Registers an app in a tenant, as its portal does: with an enterprise application that has no permission yet. */
export function registerApp(
  store: Store,
  tenantId: string,
  wanted: { name: string; audience: "single" | "multiple" },
): AppRegistration {
  const tenant = store.findTenant(tenantId);
  const app: AppRegistration = {
    clientId: randomUUID(),
    name: wanted.name,
    publisher: tenant?.spec.name ?? "Unknown",
    homeTenantId: tenantId,
    audience: wanted.audience,
    redirectUris: [],
    secrets: [],
    certificates: [],
    permissions: [],
    groupMembershipClaims: "None",
    idTokenIssuer: "microsoft",
    offersOtherTenants: false,
  };
  store.addApp(app);
  tenant?.grant(app.clientId, []);
  return app;
}

/** Adds a client secret that expires after so many days; the answer is the only place its value is shown. */
export function addSecret(store: Store, app: AppRegistration, days: number): ClientSecret {
  const secret: ClientSecret = {
    id: randomUUID(),
    value: `sim8Q~${randomBytes(25).toString("base64url").replaceAll("-", ".")}`,
    expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
  };
  store.addApp({ ...app, secrets: [...app.secrets, secret] });
  return secret;
}

/** Why an uploaded file is no certificate of an app; null when it was added. */
export function addCertificate(
  store: Store,
  app: AppRegistration,
  file: Uint8Array,
): string | null {
  if (Buffer.from(file).includes("PRIVATE KEY"))
    return "The file contains a private key. Upload the public certificate only.";
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(file);
  } catch {
    return "Upload a certificate (public key) with one of the following file types: .cer, .pem, .crt.";
  }
  if (certificate.validToDate <= new Date()) return "The certificate has expired.";
  store.addApp({ ...app, certificates: [...app.certificates, certificate.toString()] });
  return null;
}
