import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { z } from "zod";
import { defineCommand } from "../command.ts";
import { noOperands } from "../options.ts";

/** A new key pair that seals credentials: values of SECRETS_PUBLIC_KEY and SECRETS_PRIVATE_KEYS. */
export interface SecretsKeys {
  readonly publicKey: string;
  readonly privateKeys: string;
}

/** Makes a P-256 key pair for JWE (DESIGN §3 Secrets). The key id is the JWK's thumbprint. */
export async function generateSecretsKeys(): Promise<SecretsKeys> {
  const pair = await generateKeyPair("ECDH-ES+A256KW", { crv: "P-256", extractable: true });
  const open: JWK = await exportJWK(pair.publicKey);
  const facts = { kid: await calculateJwkThumbprint(open), use: "enc", alg: "ECDH-ES+A256KW" };
  const closed: JWK = await exportJWK(pair.privateKey);
  return {
    publicKey: JSON.stringify({ ...open, ...facts }),
    privateKeys: JSON.stringify({ keys: [{ ...closed, ...facts }] }),
  };
}

export const keysGenerateCommand = defineCommand({
  words: "keys generate",
  usage: "",
  summary: "print SECRETS_PUBLIC_KEY (web, worker) and SECRETS_PRIVATE_KEYS (worker alone)",
  options: {},
  input: z.object({ operands: noOperands }),
  async run(_, print) {
    const keys = await generateSecretsKeys();
    print(`SECRETS_PUBLIC_KEY=${keys.publicKey}`);
    print(`SECRETS_PRIVATE_KEYS=${keys.privateKeys}`);
  },
});
