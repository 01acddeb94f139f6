import { generateKeyPair, randomBytes, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

/** A certificate and its key, both PEM; the key is not encrypted. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Whole days a certificate of ours is valid. docs/adr/0015. */
export const certificateDays = 365;

const generate = promisify(generateKeyPair);
const minute = 60_000;

/**
 * A fresh RSA key of 2048 bits with a certificate signed by itself: Microsoft compares keys and checks no chain.
 * Source: reference/microsoft-graph.md §2.4.
 */
export async function makeCertificate(commonName: string, now: Date): Promise<KeyedCertificate> {
  const { publicKey, privateKey } = await generate("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A serial number is positive: the first bit is none of the random ones.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  // Clocks differ, and a certificate from the future is refused.
  certificate.validity.notBefore = new Date(now.getTime() - 5 * minute);
  certificate.validity.notAfter = new Date(now.getTime() + certificateDays * 24 * 60 * minute);
  const name = [{ name: "commonName", value: commonName }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey };
}

/** What people compare a certificate by: the portal shows the SHA-1 thumbprint. Hex, upper case. */
export interface CertificateFacts {
  readonly sha1: string;
  readonly sha256: string;
  readonly expiresAt: Date;
}

/** Facts of a PEM certificate that was checked when it was stored. */
export function certificateFacts(certificate: string): CertificateFacts {
  const parsed = new X509Certificate(certificate);
  return {
    sha1: parsed.fingerprint.replaceAll(":", ""),
    sha256: parsed.fingerprint256.replaceAll(":", ""),
    expiresAt: parsed.validToDate,
  };
}
