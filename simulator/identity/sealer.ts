import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Turns small values into opaque text nobody else can read or make: page tokens and download tokens. */
export type Sealer = { seal: (value: unknown) => string; open: (text: string) => unknown };

/** Creates a sealer with a key of its own; what it sealed dies with the process. `open` gives undefined for anything else. */
export function createSealer(): Sealer {
  const key = randomBytes(32);
  return {
    seal(value) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(text) {
      try {
        const bytes = Buffer.from(text, "base64url");
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), {
          authTagLength: 16,
        });
        decipher.setAuthTag(bytes.subarray(12, 28));
        return JSON.parse(
          Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8"),
        );
      } catch {
        return undefined;
      }
    },
  };
}
