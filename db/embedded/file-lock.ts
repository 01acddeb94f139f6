import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findProcessIdentity } from "./process-identity.ts";

/** Who holds a lock or a lease. `token` is unique per acquisition. */
export interface Holder {
  readonly pid: number;
  readonly identity: string;
  readonly token: string;
}

/** This process as a holder, with a fresh token. */
export function currentHolder(): Holder {
  const identity = findProcessIdentity(process.pid);
  if (identity === undefined) throw new Error("The running process cannot be identified.");
  return { pid: process.pid, identity, token: randomUUID() };
}

/** Whether the process that wrote this holder still lives. */
export const isAlive = (holder: Holder): boolean =>
  findProcessIdentity(holder.pid) === holder.identity;

/** The holder written in a file, or undefined when the file is gone or unreadable as one. */
export function findHolder(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "identity" in value &&
    typeof value.identity === "string" &&
    "token" in value &&
    typeof value.token === "string"
  );
}

/**
 * Runs `work` while holding the lock file, waiting at most `timeoutMs` for its holder. A lock whose process died
 * (kill -9) is taken over. Throws when the time is over.
 */
export async function withFileLock<T>(
  path: string,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const holder = currentHolder();
  const deadline = Date.now() + timeoutMs;
  while (!tryLock(path, holder)) {
    const other = findHolder(path);
    if (other !== undefined && !isAlive(other)) {
      await breakLock(path, other, deadline - Date.now());
      continue;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${path} is still held by process ${other?.pid ?? "unknown"} after ${timeoutMs / 1000} s.`,
      );
    }
    await sleep(25);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** A link appears with its content or not at all, so a lock file is never seen empty. */
function tryLock(path: string, holder: Holder): boolean {
  const own = `${path}.${holder.token}`;
  writeFileSync(own, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes a dead process's lock. Everybody who wants to break the same lock queues on a lock named after its token
 * and looks again, so a lock taken in the meantime is never removed.
 */
async function breakLock(path: string, dead: Holder, timeoutMs: number): Promise<void> {
  await withFileLock(`${path}.break-${dead.token}`, Math.max(timeoutMs, 1000), async () => {
    if (findHolder(path)?.token === dead.token) rmSync(path, { force: true });
  });
}
