import { X509Certificate } from "node:crypto";
import { runInNewContext } from "node:vm";
import forge from "node-forge";
import type { KeyedCertificate } from "./certificate.ts";
import { UseCaseError } from "./errors.ts";

/** Bytes of an uploaded certificate file at most; real ones have a few thousand. */
export const maxCertificateFile = 64 * 1024;

/** How long opening a file may take: its own iteration count decides, and may be anything. Milliseconds. */
const openingMs = 2_000;

/**
 * Certificate and key of an uploaded PKCS #12 (PFX) or PEM file. Nothing of either is kept or logged here.
 * Source: docs/adr/0015, reference/fault-catalogue.md §4.
 * @throws UseCaseError `invalid` at `credential.file` or `credential.password`.
 */
export function readCertificateFile(file: Uint8Array, password: string): KeyedCertificate {
  if (file.length > maxCertificateFile) {
    throw refused(
      "file",
      `The file has ${Math.ceil(file.length / 1024)} kB; a certificate file has at most 64 kB.`,
    );
  }
  const bytes = Buffer.from(file);
  return bytes.includes("-----BEGIN ")
    ? readPem(bytes.toString("latin1"), password)
    : readPfx(bytes, password);
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/;

function readPem(text: string, password: string): KeyedCertificate {
  const certificates = text.match(certificateBlock) ?? [];
  const [privateKey, label = ""] = keyBlock.exec(text) ?? [];
  if (privateKey === undefined) throw keyMissing();
  if (certificates.length === 0) throw certificateMissing();
  const encrypted = label === "ENCRYPTED PRIVATE KEY" || privateKey.includes("4,ENCRYPTED");
  const key = encrypted ? decryptPem(privateKey, password) : privateKey;
  return { certificate: matching(certificates, key), privateKey: key };
}

function decryptPem(pem: string, password: string): string {
  if (password === "") throw passwordMissing();
  const key = opening(() => forge.pki.decryptRsaPrivateKey(pem, password));
  if (key === null) throw wrongPassword();
  return toPkcs8(key);
}

function readPfx(bytes: Buffer, password: string): KeyedCertificate {
  const pfx = opening(() => asPfx(bytes));
  if (pfx === null) {
    throw isCertificate(bytes) ? keyMissing() : refused("file", "This is no PFX or PEM file.");
  }
  const opened = opening(() => forge.pkcs12.pkcs12FromAsn1(pfx, password));
  if (opened === null) throw password === "" ? passwordMissing() : wrongPassword();
  const bags = opened.safeContents.flatMap(({ safeBags }) => safeBags);
  const key = bags.find((bag) => bag.key)?.key;
  const certificates = bags.flatMap(({ cert }) => (cert ? [forge.pki.certificateToPem(cert)] : []));
  if (!key) throw hasKeyBag(bags) ? notRsa() : keyMissing();
  if (certificates.length === 0) throw certificateMissing();
  const privateKey = toPkcs8(key);
  return { certificate: matching(certificates, privateKey), privateKey };
}

/** The structure of a PKCS #12 file: a sequence that begins with version 3. Null for anything else. */
function asPfx(bytes: Buffer): forge.asn1.Asn1 | null {
  const parsed = forge.asn1.fromDer(bytes.toString("binary"));
  const [version] = Array.isArray(parsed.value) ? parsed.value : [];
  return typeof version === "object" && version.value === "\u0003" ? parsed : null;
}

const isCertificate = (bytes: Buffer): boolean => {
  try {
    return new X509Certificate(bytes).serialNumber !== "";
  } catch {
    return false;
  }
};

/** A key of another kind than RSA stays as the library found it. */
const hasKeyBag = (bags: readonly forge.pkcs12.Bag[]): boolean =>
  bags.some(
    ({ type }) => type === forge.pki.oids.keyBag || type === forge.pki.oids.pkcs8ShroudedKeyBag,
  );

/** The certificate of the key; files carry those of its issuers too. */
function matching(certificates: readonly string[], privateKey: string): string {
  const [first = ""] = certificates;
  return certificates.find((pem) => belongsTo(pem, privateKey)) ?? first;
}

const belongsTo = (pem: string, privateKey: string): boolean => {
  try {
    const own = forge.pki.privateKeyFromPem(privateKey);
    const { publicKey } = forge.pki.certificateFromPem(pem);
    return "n" in publicKey && publicKey.n.equals(own.n) && publicKey.e.equals(own.e);
  } catch {
    return false;
  }
};

const toPkcs8 = (key: forge.pki.PrivateKey): string =>
  forge.pki.privateKeyInfoToPem(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)));

/**
 * Runs the library on a hostile file; null when it cannot read it. Its errors are not kept: they may quote the file.
 * The library computes in JavaScript, which the virtual machine's clock can stop wherever it is.
 * @throws UseCaseError when it takes too long.
 */
function opening<T>(work: () => T): T | null {
  try {
    return runInNewContext("work()", { work }, { timeout: openingMs });
  } catch (error) {
    if (isTimeout(error)) {
      throw refused(
        "file",
        "The file takes too long to open: it is protected with too many iterations. Export it again.",
      );
    }
    return null;
  }
}

const isTimeout = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

const refused = (field: "file" | "password", message: string) =>
  new UseCaseError("invalid", "The certificate file cannot be used.", {
    fields: { [`credential.${field}`]: message },
  });
const keyMissing = () =>
  refused(
    "file",
    "The file has no private key. Export the certificate together with its private key.",
  );
const certificateMissing = () =>
  refused("file", "The file has a private key and no certificate. Put both into one file.");
const notRsa = () => refused("file", "Microsoft needs an RSA key; the key in this file is none.");
const passwordMissing = () =>
  refused("password", "The file is protected. Enter the password it was exported with.");
const wrongPassword = () => refused("password", "The password does not open this file.");
