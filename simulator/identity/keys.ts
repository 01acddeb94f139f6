import { createHash } from "node:crypto";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

type SigningKey = {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey | Uint8Array;
  jwk: JWK;
};

/** Signing keys of the simulated Entra. The newest signs; all published ones verify. */
export type KeyRing = {
  sign: (payload: JWTPayload) => Promise<string>;
  /** Verified payload; throws jose's errors for a bad signature, an expired or a foreign token. */
  verify: (token: string, audience: string) => Promise<JWTPayload>;
  publicKeys: () => JWK[];
  /** Adds a new signing key; earlier ones stay published, as Microsoft does while keys roll over. */
  rotate: () => Promise<void>;
};

/** Creates a ring with one RSA key. */
export async function createKeyRing(): Promise<KeyRing> {
  const keys = [await createKey()];
  const newest = (): SigningKey => {
    const key = keys.at(-1);
    if (!key) throw new Error("no signing key");
    return key;
  };
  return {
    sign: (payload) => {
      const { kid, privateKey } = newest();
      return new SignJWT(payload)
        .setProtectedHeader({ typ: "JWT", alg: "RS256", kid, x5t: kid })
        .sign(privateKey);
    },
    verify: async (token, audience) => {
      const resolve = (header: { kid?: string }) => {
        const key = keys.find((candidate) => candidate.kid === header.kid);
        if (!key) throw new Error("unknown signing key");
        return key.publicKey;
      };
      const { payload } = await jwtVerify(token, resolve, { audience, algorithms: ["RS256"] });
      return payload;
    },
    publicKeys: () => keys.map((key) => key.jwk),
    rotate: async () => {
      keys.push(await createKey());
    },
  };
}

async function createKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", {
    modulusLength: 2048,
    extractable: true,
  });
  const { n = "", e = "AQAB" } = await exportJWK(publicKey);
  const kid = createHash("sha1").update(n).digest("base64url");
  const jwk: JWK = { kty: "RSA", use: "sig", kid, x5t: kid, n, e };
  return { kid, privateKey, publicKey: await importJWK(jwk, "RS256"), jwk };
}
