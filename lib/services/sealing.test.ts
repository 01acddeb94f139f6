import {
  CompactEncrypt,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { FailureError } from "#lib/domain/failure";
import {
  codeBinding,
  createOpener,
  createSealer,
  credentialBinding,
  type Opener,
  type SealBinding,
  type Sealer,
  saasCredentialBinding,
} from "./sealing.ts";

const secret = "a client secret: ~8Q_x";
const binding = credentialBinding({
  connectionId: "6d4b1b9e-61f2-4f6f-a5c8-6a5a0d4f6b11",
  credentialId: "0b1f6a0e-0a4e-4c67-8c37-8a9b3a3b7a01",
  kind: "secret",
  version: 2,
});

async function keyPair(): Promise<{ publicKey: JWK; privateKey: JWK }> {
  const pair = await generateKeyPair("ECDH-ES+A256KW", { crv: "P-256", extractable: true });
  return {
    publicKey: await exportJWK(pair.publicKey),
    privateKey: await exportJWK(pair.privateKey),
  };
}

let current: { publicKey: JWK; privateKey: JWK };
let sealer: Sealer;
let opener: Opener;

beforeAll(async () => {
  current = await keyPair();
  sealer = await createSealer(current.publicKey);
  opener = await createOpener({ keys: [current.privateKey] });
});

const expectRefused = async (sealed: string, expected: SealBinding, by = opener) => {
  const error: unknown = await by.open(sealed, expected).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FailureError);
  if (!(error instanceof FailureError)) return;
  expect(error.failure).toEqual({ class: "credential", code: "credential-unreadable" });
  expect(error.message).not.toContain(secret);
};

/** A value under the right key with any header an attacker may choose. */
const encryptWith = async (header: Record<string, unknown>, alg = "ECDH-ES+A256KW") =>
  new CompactEncrypt(new TextEncoder().encode(secret))
    .setProtectedHeader({
      alg,
      enc: "A256GCM",
      kid: sealer.kid,
      "x-seatledger": {
        connection: binding.connectionId,
        credential: binding.credentialId,
        field: binding.field,
        version: binding.version,
      },
      ...header,
    })
    .encrypt(await importJWK(current.publicKey, alg));

describe("sealing", () => {
  it("opens what was sealed for the same row, and never seals twice alike", async () => {
    const [first, second] = await Promise.all([
      sealer.seal(secret, binding),
      sealer.seal(secret, binding),
    ]);
    expect(first).not.toBe(second);
    expect(first).not.toContain(secret);
    expect(await opener.open(first, binding)).toBe(secret);
  });

  it("accepts a value in the agreed form, so that the refusals below are about what they change", async () => {
    expect(await opener.open(await encryptWith({}), binding)).toBe(secret);
  });

  it.each<[string, Partial<typeof binding>]>([
    ["another connection", { connectionId: "11111111-61f2-4f6f-a5c8-6a5a0d4f6b11" }],
    ["another credential", { credentialId: "11111111-0a4e-4c67-8c37-8a9b3a3b7a01" }],
    ["another field", { field: "certificate" }],
    ["an older version put back", { version: 1 }],
  ])("refuses a value moved to %s", async (_, change) => {
    await expectRefused(await sealer.seal(secret, binding), { ...binding, ...change });
  });

  it("opens an organisation's credential for that organisation alone", async () => {
    const row = { credentialId: binding.credentialId, kind: "refresh-token", version: 1 } as const;
    const mine = saasCredentialBinding({ ...row, organisationId: binding.connectionId });
    const sealed = await sealer.seal(secret, mine);
    expect(await opener.open(sealed, mine)).toBe(secret);
    await expectRefused(sealed, saasCredentialBinding({ ...row, organisationId: "another" }));
    await expectRefused(sealed, { ...mine, field: "service-account" });
    // The same id as a connection's is not the same owner.
    const { connectionId } = binding;
    const { credentialId, field, version } = mine;
    await expectRefused(sealed, { connectionId, credentialId, field, version });
  });

  it("refuses an authorisation code of one connection opened for another", async () => {
    const sealed = await sealer.seal("code", codeBinding(binding.connectionId, "attempt-a"));
    expect(await opener.open(sealed, codeBinding(binding.connectionId, "attempt-a"))).toBe("code");
    await expectRefused(sealed, codeBinding("another-connection", "attempt-a"));
    await expectRefused(sealed, codeBinding(binding.connectionId, "attempt-b"));
  });

  it("refuses a value without a binding, and one with a field more", async () => {
    await expectRefused(await encryptWith({ "x-seatledger": undefined }), binding);
    const wider = { connection: binding.connectionId, credential: binding.credentialId };
    const extra = { ...wider, field: binding.field, version: binding.version, admin: true };
    await expectRefused(await encryptWith({ "x-seatledger": extra }), binding);
  });

  it("refuses a changed bit in every part", async () => {
    const parts = (await sealer.seal(secret, binding)).split(".");
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await expectRefused(parts.with(index, bytes.toString("base64url")).join("."), binding);
    }
  });

  it("refuses a tag of four bytes", async () => {
    const parts = (await sealer.seal(secret, binding)).split(".");
    const tag = Buffer.from(parts[4] ?? "", "base64url").subarray(0, 4);
    await expectRefused(parts.with(4, tag.toString("base64url")).join("."), binding);
  });

  it("refuses other algorithms, other encryptions and compression", async () => {
    await expectRefused(await encryptWith({}, "ECDH-ES"), binding);
    await expectRefused(await encryptWith({ enc: "A128GCM" }), binding);
    await expectRefused(await encryptWith({ zip: "DEF" }), binding);
  });

  it("refuses a value of an unknown or missing key, and opens with the key that was retired", async () => {
    const next = await keyPair();
    const sealed = await sealer.seal(secret, binding);
    await expectRefused(sealed, binding, await createOpener({ keys: [next.privateKey] }));
    await expectRefused(sealed, binding, await createOpener({ keys: [] }));
    const both = await createOpener({ keys: [next.privateKey, current.privateKey] });
    expect(await both.open(sealed, binding)).toBe(secret);
  });

  it("names the key by its thumbprint and takes no private key to seal", async () => {
    expect(sealer.kid).toBe(await calculateJwkThumbprint(current.publicKey));
    await expect(createSealer(current.privateKey)).rejects.toThrow(TypeError);
  });

  it("refuses what is no JWE at all", async () => {
    await expectRefused("", binding);
    await expectRefused(secret, binding);
  });
});
