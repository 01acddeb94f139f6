import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { generateSecretsKeys } from "../commands/keys-generate.ts";

const schema = z.object({
  publicKey: z.string(),
  privateKeys: z.string(),
  nextAuthSecret: z.string(),
});

/** Keys of a demo or development installation. */
export type LocalKeys = z.infer<typeof schema>;

/** Reads the keys of a DATA_DIR, or makes them (0600): credentials sealed in an earlier run can be opened again. */
export async function ensureLocalKeys(dataDir: string): Promise<LocalKeys> {
  const file = join(dataDir, "keys.json");
  if (existsSync(file)) return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const keys: LocalKeys = {
    ...(await generateSecretsKeys()),
    nextAuthSecret: randomBytes(32).toString("base64url"),
  };
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return keys;
}
