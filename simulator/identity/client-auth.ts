import { createPublicKey, X509Certificate } from "node:crypto";
import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { AppRegistration } from "../types.ts";
import { AadFailure, aad } from "./aad-error.ts";

/** What a client sent to prove who it is. */
export type PresentedCredential =
  | { kind: "secret"; secret: string }
  | { kind: "assertion"; assertion: string }
  | { kind: "none" };

/** Reads client id and credential from the form or from HTTP Basic (reference §2.1). */
export function readClient(
  form: URLSearchParams,
  authorization: string | undefined,
): { clientId: string | null; credential: PresentedCredential } {
  const basic = authorization?.match(/^Basic (.+)$/i)?.[1];
  if (basic) {
    const text = Buffer.from(basic, "base64").toString("utf8");
    const colon = text.indexOf(":");
    return {
      clientId: decodeURIComponent(text.slice(0, colon)),
      credential: { kind: "secret", secret: decodeURIComponent(text.slice(colon + 1)) },
    };
  }
  const clientId = form.get("client_id");
  const assertion = form.get("client_assertion");
  if (assertion) return { clientId, credential: { kind: "assertion", assertion } };
  const secret = form.get("client_secret");
  return { clientId, credential: secret === null ? { kind: "none" } : { kind: "secret", secret } };
}

/**
 * Checks a client's credential and returns `appidacr` of the token: "1" secret, "2" certificate.
 * Throws AadFailure 7000218, 7000215, 7000222, 700027, 50012 or 500133.
 */
export async function authenticateClient(
  app: AppRegistration,
  credential: PresentedCredential,
  tenantPath: string,
  loginOrigins: readonly string[],
): Promise<"1" | "2"> {
  switch (credential.kind) {
    case "none":
      throw new AadFailure(aad.credentialMissing());
    case "secret":
      checkSecret(app, credential.secret);
      return "1";
    case "assertion":
      await checkAssertion(app, credential.assertion, tenantPath, loginOrigins);
      return "2";
    default:
      return credential satisfies never;
  }
}

function checkSecret(app: AppRegistration, secret: string): void {
  const match = app.secrets.find((candidate) => candidate.value === secret);
  if (!match) throw new AadFailure(aad.secretWrong(app.clientId));
  if (match.expiresAt !== null && Date.parse(match.expiresAt) <= Date.now())
    throw new AadFailure(aad.secretExpired(app.clientId));
}

async function checkAssertion(
  app: AppRegistration,
  assertion: string,
  tenantPath: string,
  loginOrigins: readonly string[],
): Promise<void> {
  const certificate = registeredCertificate(app, assertion);
  if (!certificate) throw new AadFailure(aad.assertionUnknownKey());
  if (certificate.validToDate <= new Date()) throw new AadFailure(aad.certificateExpired());
  const audience = loginOrigins.map((origin) => `${origin}/${tenantPath}/oauth2/v2.0/token`);
  try {
    await jwtVerify(
      assertion,
      createPublicKey(certificate.publicKey.export({ type: "spki", format: "pem" })),
      {
        issuer: app.clientId,
        subject: app.clientId,
        audience,
        algorithms: ["PS256", "RS256"],
        requiredClaims: ["exp", "jti", "nbf"],
        // Clients round to whole seconds and their clocks differ: Microsoft allows five minutes.
        clockTolerance: 300,
      },
    );
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new AadFailure(aad.assertionTime());
    throw new AadFailure(
      aad.assertionInvalid(error instanceof errors.JOSEError ? error.code : "malformed"),
    );
  }
}

/** The registered certificate the assertion's header names by `x5t#S256` (PS256) or `x5t` (RS256). */
function registeredCertificate(
  app: AppRegistration,
  assertion: string,
): X509Certificate | undefined {
  const header = readHeader(assertion);
  return app.certificates
    .map((pem) => new X509Certificate(pem))
    .find((certificate) => {
      if (header.alg === "PS256")
        return header["x5t#S256"] === thumbprint(certificate.fingerprint256);
      return header.alg === "RS256" && header.x5t === thumbprint(certificate.fingerprint);
    });
}

function readHeader(assertion: string): Record<string, unknown> {
  try {
    return { ...decodeProtectedHeader(assertion) };
  } catch {
    throw new AadFailure(aad.assertionInvalid("malformed"));
  }
}

function thumbprint(fingerprint: string): string {
  return Buffer.from(fingerprint.replace(/:/g, ""), "hex").toString("base64url");
}
