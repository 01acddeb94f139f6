import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import type { Tx } from "#db/client";
import type { ConnectionKey } from "#db/queries/connections";
import { insertCandidate, nextCredentialVersion } from "#db/queries/credentials";
import { endOpenVerifications, requestVerification } from "#db/queries/verification-requests";
import { dayInWords } from "#lib/domain/utc-day";
import type { KeyedCertificate } from "./certificate.ts";
import { readCertificateFile } from "./certificate-file.ts";
import type { CredentialInput } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { credentialBinding } from "./sealing.ts";

interface Plain {
  readonly kind: "secret" | "certificate";
  readonly text: string;
  /** PEM, public; null for a secret. */
  readonly certificate: string | null;
  readonly expiresAt: Date | null;
}

/** @throws UseCaseError `invalid` at the field, for a certificate or key that cannot be used together. */
export function checkCredential(input: CredentialInput, now: Date): Plain {
  const plain = plainOf(input);
  if (plain.expiresAt !== null && plain.expiresAt <= now) {
    const day = plain.expiresAt.toISOString().slice(0, 10);
    if (plain.kind === "secret") throw refused("expiresAt", "This credential has expired already.");
    const field = input.kind === "certificate-file" ? "file" : "certificate";
    throw refused(field, `This certificate expired on ${dayInWords(day)}.`);
  }
  return plain;
}

function plainOf(input: CredentialInput): Plain {
  switch (input.kind) {
    case "secret":
      return secretOf(input);
    case "certificate":
      return certificateOf(input, { certificate: "certificate", privateKey: "privateKey" });
    case "certificate-file": {
      const file = Buffer.from(input.file, "base64");
      const fields = { certificate: "file", privateKey: "file" };
      return certificateOf(readCertificateFile(file, input.password), fields);
    }
    default:
      return input satisfies never;
  }
}

const secretOf = (input: Extract<CredentialInput, { kind: "secret" }>): Plain => ({
  kind: "secret",
  text: input.secret,
  certificate: null,
  expiresAt: input.expiresAt === undefined ? null : new Date(input.expiresAt),
});

/** Checks that certificate and key can be used together; `fields` says where each was entered. */
function certificateOf(
  { certificate, privateKey }: KeyedCertificate,
  fields: { readonly certificate: string; readonly privateKey: string },
): Plain {
  const parsed = attempt(() => new X509Certificate(certificate));
  if (parsed === null)
    throw refused(fields.certificate, "This is no X.509 certificate in PEM form.");
  const key = attempt(() => createPrivateKey(privateKey));
  if (key === null)
    throw refused(fields.privateKey, "This is no unencrypted private key in PEM form.");
  if (key.asymmetricKeyType !== "rsa") {
    throw refused(fields.privateKey, "Microsoft needs an RSA key; this key is of another kind.");
  }
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < minimumBits) {
    throw refused(fields.privateKey, "Microsoft needs an RSA key of at least 2048 bits.");
  }
  if (!parsed.checkPrivateKey(key)) {
    throw refused(fields.privateKey, "The private key does not belong to this certificate.");
  }
  return {
    kind: "certificate",
    text: JSON.stringify({ certificate, privateKey }),
    certificate,
    expiresAt: parsed.validToDate,
  };
}

const minimumBits = 2048;

/** The parser's error would quote the key. */
const attempt = <T>(parse: () => T): T | null => {
  try {
    return parse();
  } catch {
    return null;
  }
};

const refused = (field: string, message: string) =>
  new UseCaseError("invalid", "The credential cannot be used.", {
    fields: { [`credential.${field}`]: message },
  });

/**
 * Seals a credential as the connection's next candidate and asks for its verification, job included, in the caller's
 * transaction. The active credential goes on until the candidate is verified. `clientId`: the app it belongs to when that
 * is another than the connection's. DESIGN §7 step 4, fault-catalogue D17.
 */
export async function saveCandidate(
  tx: Tx,
  ctx: Ctx,
  connectionId: string,
  plain: Plain,
  clientId: string | null = null,
): Promise<{ readonly verificationId: string; readonly version: number }> {
  const { workspaceId } = ctx;
  const { sealer } = ctx.platform;
  const key = { workspaceId, connectionId };
  const id = randomUUID();
  const version = await nextCredentialVersion(tx, key);
  const { kind, certificate, expiresAt } = plain;
  const binding = credentialBinding({ connectionId, credentialId: id, kind, version });
  await insertCandidate(tx, {
    ...key,
    id,
    version,
    kind,
    clientId,
    sealed: await sealer.seal(plain.text, binding),
    kid: sealer.kid,
    certificate,
    expiresAt,
    createdBy: ctx.actor.name,
  });
  return { verificationId: await checkCandidate(tx, ctx, key, id), version };
}

/** Asks for the verification of a stored candidate, job included; it takes the place of any that is open. */
export async function checkCandidate(
  tx: Tx,
  ctx: Ctx,
  key: ConnectionKey,
  credentialId: string,
): Promise<string> {
  const { workspaceId } = key;
  await endOpenVerifications(tx, key, { class: "system", code: "check-replaced" });
  const id = await requestVerification(tx, {
    ...key,
    kind: "credential",
    credentialId,
    requestedBy: ctx.actor.name,
  });
  await ctx.platform.queue.send(tx, "verification", { workspaceId, id }, id);
  return id;
}
