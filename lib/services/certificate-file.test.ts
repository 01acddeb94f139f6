import { createPrivateKey, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { describe, expect, it } from "vitest";
import { testCertificate, testPrivateKey } from "#simulator/testing/certificate";
import {
  ellipticPfx,
  encryptedKey,
  filePassword,
  keylessPfx,
  legacyPfx,
  modernPfx,
  windowsPfx,
} from "#simulator/testing/certificate-files";
import { certificateFacts, makeCertificate } from "./certificate.ts";
import { maxCertificateFile, readCertificateFile } from "./certificate-file.ts";
import { UseCaseError } from "./errors.ts";

const fromBase64 = (text: string) => Buffer.from(text, "base64");
const fingerprint = new X509Certificate(testCertificate).fingerprint256;

/** The field and text a file is refused with. */
function refusal(file: Uint8Array, password: string): readonly [string, string] {
  try {
    readCertificateFile(file, password);
  } catch (error) {
    if (!(error instanceof UseCaseError)) throw error;
    expect(error.cause).toBeUndefined();
    const [entry] = Object.entries(error.fields);
    if (entry) return entry;
  }
  throw new Error("the file was not refused");
}

describe("readCertificateFile", () => {
  it.each([
    ["OpenSSL 3", fromBase64(modernPfx)],
    ["Windows", fromBase64(windowsPfx)],
    ["OpenSSL 1", fromBase64(legacyPfx)],
    ["PEM with an encrypted key", Buffer.from(testCertificate + encryptedKey)],
    ["PEM", Buffer.from(testPrivateKey + testCertificate)],
  ])("reads certificate and key: %s", (_name, file) => {
    const { certificate, privateKey } = readCertificateFile(file, filePassword);
    const parsed = new X509Certificate(certificate);
    expect(parsed.fingerprint256).toBe(fingerprint);
    expect(parsed.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  });

  it("takes the certificate of the key out of a chain", async () => {
    const other = await makeCertificate("issuer", new Date());
    const file = Buffer.from(other.certificate + testCertificate + testPrivateKey);
    const { certificate } = readCertificateFile(file, "");
    expect(new X509Certificate(certificate).fingerprint256).toBe(fingerprint);
  });

  it.each([
    ["wrong password", fromBase64(modernPfx), "kestrel-8", "password", "does not open"],
    ["no password", fromBase64(windowsPfx), "", "password", "Enter the password"],
    [
      "wrong password of a PEM",
      Buffer.from(testCertificate + encryptedKey),
      "x",
      "password",
      "does not open",
    ],
    [
      "no password of a PEM",
      Buffer.from(testCertificate + encryptedKey),
      "",
      "password",
      "Enter the password",
    ],
    ["PFX without a key", fromBase64(keylessPfx), filePassword, "file", "no private key"],
    ["PEM without a key", Buffer.from(testCertificate), "", "file", "no private key"],
    ["DER certificate", new X509Certificate(testCertificate).raw, "", "file", "no private key"],
    ["key without a certificate", Buffer.from(testPrivateKey), "", "file", "no certificate"],
    ["elliptic key", fromBase64(ellipticPfx), filePassword, "file", "RSA"],
    ["a picture", Buffer.from("\u0089PNG\r\n\u001a\n"), "", "file", "no PFX or PEM"],
    ["nothing", Buffer.alloc(0), "", "file", "no PFX or PEM"],
    ["1 MB", Buffer.alloc(1024 * 1024), "", "file", "at most 64 kB"],
    [
      "deep nesting",
      Buffer.alloc(maxCertificateFile, Buffer.from([0x30, 0x80])),
      "",
      "file",
      "no PFX",
    ],
  ])("says what is wrong at the field: %s", (_name, file, password, field, words) => {
    const [at, text] = refusal(file, password);
    expect(at).toBe(`credential.${field}`);
    expect(text).toContain(words);
  });

  it("gives up on a file whose protection would take for ever", () => {
    const pfx = forge.asn1.fromDer(fromBase64(modernPfx).toString("binary"));
    const mac = Array.isArray(pfx.value) ? pfx.value.at(-1) : undefined;
    if (typeof mac !== "object" || !Array.isArray(mac.value)) throw new Error("no MAC");
    const { INTEGER } = forge.asn1.Type;
    const iterations = forge.asn1.create(
      forge.asn1.Class.UNIVERSAL,
      INTEGER,
      false,
      "\u007f\u00ff\u00ff\u00ff",
    );
    mac.value[2] = iterations;
    const file = Buffer.from(forge.asn1.toDer(pfx).getBytes(), "binary");
    const [at, text] = refusal(file, filePassword);
    expect(at).toBe("credential.file");
    expect(text).toContain("too many iterations");
  });
});

describe("makeCertificate", () => {
  it("makes an RSA key with its own certificate, valid for a year from a little before now", async () => {
    const now = new Date("2026-11-29T12:00:00Z");
    const { certificate, privateKey } = await makeCertificate("Seatledger Contoso", now);
    const parsed = new X509Certificate(certificate);
    const key = createPrivateKey(privateKey);
    expect(parsed.checkPrivateKey(key)).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(parsed.subject).toBe("CN=Seatledger Contoso");
    expect(parsed.validFromDate < now).toBe(true);
    expect(certificateFacts(certificate).expiresAt).toEqual(new Date("2027-11-29T12:00:00Z"));
    const another = await makeCertificate("Seatledger Contoso", now);
    expect(certificateFacts(another.certificate).sha1).not.toBe(certificateFacts(certificate).sha1);
  });
});
