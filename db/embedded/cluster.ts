import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import type { Passwords } from "./passwords.ts";
import type { Place } from "./place.ts";
import { runProgram } from "./run.ts";

/** Name of the one database of an embedded server. */
const databaseName = "seatledger";
const superuser = "postgres";

/** The roles of DESIGN §3. The owner may create roles and databases and is no superuser, as on a managed server. */
export const ownerRole = "seatledger_owner";

/** URL of one role on a server of ours. */
export const urlOf = (role: string, password: string, port: number, database = databaseName) =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

/** URL of the superuser; for db/embedded only. */
export const superuserUrl = (passwords: Passwords, port: number) =>
  urlOf(superuser, passwords.superuser, port, "postgres");

/**
 * Creates the data folder if there is none: checksums, UTF-8, builtin locale, passwords for every connection.
 * Made under another name and renamed, so a crash never leaves half a cluster.
 */
export async function ensureCluster(place: Place, passwords: Passwords): Promise<void> {
  const passwordFile = join(place.base, "initdb-password");
  rmSync(passwordFile, { force: true });
  if (existsSync(place.data)) return;
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  chmodSync(fresh, 0o700);
  try {
    writeFileSync(passwordFile, passwords.superuser, { mode: 0o600, flag: "wx" });
    if (place.user !== null) {
      chownSync(fresh, place.user.uid, place.user.gid);
      chownSync(passwordFile, place.user.uid, place.user.gid);
    }
    const outcome = await runProgram(place, place.binaries.initdb, [
      `--pgdata=${fresh}`,
      `--username=${superuser}`,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C.UTF-8",
      "--data-checksums",
    ]);
    if (outcome.code !== 0) throw new Error(`initdb failed.\n${outcome.output}`);
    renameSync(fresh, place.data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Creates the roles and the database where missing and sets the passwords. Repeatable after a crash anywhere. */
export async function ensureRolesAndDatabase(passwords: Passwords, port: number): Promise<void> {
  const sql = postgres(superuserUrl(passwords, port), { max: 1, onnotice: () => undefined });
  try {
    const existing = new Set(
      (await sql<{ rolname: string }[]>`select rolname from pg_roles`).map((row) => row.rolname),
    );
    const wanted = [
      [ownerRole, passwords.owner, "createdb createrole"],
      ["seatledger_web", passwords.web, "nocreatedb nocreaterole"],
      ["seatledger_worker", passwords.worker, "nocreatedb nocreaterole"],
    ] as const;
    for (const [role, password, rights] of wanted) {
      const verb = existing.has(role) ? "alter" : "create";
      // A statement of DDL takes no parameters; the password is base64url by construction.
      await sql.unsafe(
        `${verb} role ${role} login nosuperuser nobypassrls ${rights} password '${password}'`,
      );
    }
    const [found] = await sql`select 1 from pg_database where datname = ${databaseName}`;
    if (found === undefined) await sql.unsafe(`create database ${databaseName} owner ${ownerRole}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
