import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** Passwords of one embedded server. `superuser` never leaves db/embedded. */
export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly web: string;
  readonly worker: string;
}

const names = ["superuser", "owner", "web", "worker"] as const;

/**
 * Reads the server's passwords, or makes them (random, in a 0600 file beside the data) when there is no data yet.
 * Throws when data exists and its passwords are gone.
 */
export function ensurePasswords(place: Place): Passwords {
  const file = join(place.base, "passwords.json");
  if (existsSync(file)) return parse(file);
  if (existsSync(place.data)) {
    throw new Error(`${place.data} exists, but its passwords (${file}) are gone.`);
  }
  const random = () => randomBytes(24).toString("base64url");
  const made: Passwords = { superuser: random(), owner: random(), web: random(), worker: random() };
  // Renamed into place: a crash never leaves half a file.
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return made;
}

function parse(file: string): Passwords {
  const value: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  const read = (name: (typeof names)[number]): string => {
    const password = value[name];
    if (typeof password !== "string") throw new Error(`${file} holds no password of ${name}.`);
    return password;
  };
  return {
    superuser: read("superuser"),
    owner: read("owner"),
    web: read("web"),
    worker: read("worker"),
  };
}
