import {
  CompactEncrypt,
  type CompactJWEHeaderParameters,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  importJWK,
  type JWK,
} from "jose";
import { FailureError } from "#lib/domain/failure";
import type { SaasCredentialKind } from "#lib/domain/saas-organisation";

const alg = "ECDH-ES+A256KW";
const enc = "A256GCM";
const bindingHeader = "x-seatledger";

/** Whose a sealed value is: a connection's, or that of an organisation of SaaS Management. */
export type SealOwner =
  | { readonly connectionId: string }
  | {
      /** The organisation's row, not its number there. */
      readonly organisationId: string;
    };

/** What a sealed value belongs to. It travels in the protected header and must equal the row's when opened. */
export type SealBinding = SealOwner & {
  /** The credential's id; for an authorisation code the consent attempt's. */
  readonly credentialId: string;
  readonly field: "secret" | "certificate" | "authorization-code" | SaasCredentialKind;
  readonly version: number;
};

/** Closes values with the public key. The web program has this half alone. */
export interface Sealer {
  /** Names the key; stored beside the sealed value to know what a rotation still has to do. */
  readonly kid: string;
  /** A compact JWE with a fresh content key. Source: DESIGN §3, reference/fault-catalogue.md §3. */
  seal(plaintext: string, binding: SealBinding): Promise<string>;
}

/** Opens sealed values. The worker alone has this half. */
export interface Opener {
  /**
   * The plaintext of a value sealed for exactly this binding.
   * @throws FailureError class `credential`, code `credential-unreadable`: unknown key, tampering, another algorithm,
   * compression, or a value that belongs to another row, field or version.
   */
  open(sealed: string, binding: SealBinding): Promise<string>;
}

/** The binding of a credential row. */
export const credentialBinding = (row: {
  readonly connectionId: string;
  readonly credentialId: string;
  readonly kind: "secret" | "certificate";
  readonly version: number;
}): SealBinding & { readonly connectionId: string } => ({
  connectionId: row.connectionId,
  credentialId: row.credentialId,
  field: row.kind,
  version: row.version,
});

/** The binding of a credential row of an organisation. */
export const saasCredentialBinding = (row: {
  readonly organisationId: string;
  readonly credentialId: string;
  readonly kind: SaasCredentialKind;
  readonly version: number;
}): SealBinding => ({
  organisationId: row.organisationId,
  credentialId: row.credentialId,
  field: row.kind,
  version: row.version,
});

/** The binding of the authorisation code that one proof leg brought back. */
export const codeBinding = (connectionId: string, consentAttemptId: string): SealBinding => ({
  connectionId,
  credentialId: consentAttemptId,
  field: "authorization-code",
  version: 1,
});

/**
 * A sealer for a public P-256 or X25519 key (JWK).
 * @throws TypeError when the key is private: the web program must not hold one.
 */
export async function createSealer(publicKey: JWK): Promise<Sealer> {
  if (publicKey.d !== undefined) throw new TypeError("The sealing key must be the public half.");
  const kid = await keyId(publicKey);
  const key = await importJWK(publicKey, alg);
  return {
    kid,
    seal: (plaintext, binding) =>
      new CompactEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({ alg, enc, kid, [bindingHeader]: headerOf(binding) })
        .encrypt(key),
  };
}

/** An opener for a set of private keys: the current one and those still named by rows (DESIGN §3). */
export async function createOpener(privateKeys: {
  readonly keys: readonly JWK[];
}): Promise<Opener> {
  const keys = new Map<string, CryptoKey | Uint8Array>();
  for (const jwk of privateKeys.keys) keys.set(await keyId(jwk), await importJWK(jwk, alg));
  return {
    async open(sealed, binding) {
      const opened = await compactDecrypt(sealed, (header) => keyFor(keys, header), {
        keyManagementAlgorithms: [alg],
        contentEncryptionAlgorithms: [enc],
        maxDecompressedLength: 0,
      }).catch((cause: unknown) => {
        throw unreadable(cause);
      });
      if (!isBoundTo(opened.protectedHeader, binding)) throw unreadable(new Error("other binding"));
      return new TextDecoder().decode(opened.plaintext);
    },
  };
}

const keyId = async (jwk: JWK): Promise<string> => jwk.kid ?? calculateJwkThumbprint(jwk);

function keyFor(
  keys: ReadonlyMap<string, CryptoKey | Uint8Array>,
  header: CompactJWEHeaderParameters | undefined,
): CryptoKey | Uint8Array {
  const key = keys.get(header?.kid ?? "");
  if (!key) throw new Error("unknown key id");
  return key;
}

const headerOf = (binding: SealBinding) => ({
  ...("connectionId" in binding
    ? { connection: binding.connectionId }
    : { organisation: binding.organisationId }),
  credential: binding.credentialId,
  field: binding.field,
  version: binding.version,
});

/** An authentic value copied into another row decrypts fine; only this comparison refuses it. */
function isBoundTo(header: CompactJWEHeaderParameters, binding: SealBinding): boolean {
  const found = header[bindingHeader];
  if (typeof found !== "object" || found === null) return false;
  const expected = Object.entries(headerOf(binding));
  const actual = new Map(Object.entries(found));
  return (
    actual.size === expected.length && expected.every(([name, value]) => actual.get(name) === value)
  );
}

const unreadable = (cause: unknown): FailureError =>
  new FailureError({ class: "credential", code: "credential-unreadable" }, { cause });
