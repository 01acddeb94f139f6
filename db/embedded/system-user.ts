import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The operating system's user an embedded server runs as. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Finds the system user, or creates it (no home, no shell). Needs root. */
export function ensureSystemUser(name: string): SystemUser {
  const existing = findUser(name);
  if (existing !== undefined) return existing;
  let failure: unknown;
  try {
    execFileSync(
      "useradd",
      ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
      { stdio: "pipe" },
    );
  } catch (error) {
    // Another process may have created it in the same moment.
    failure = error;
  }
  const created = findUser(name);
  if (created !== undefined) return created;
  throw new Error(
    `PostgreSQL does not run as root and the system user "${name}" could not be created: ` +
      "create it by hand, or run as an ordinary user.",
    { cause: failure },
  );
}

function findUser(name: string): SystemUser | undefined {
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user === name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
