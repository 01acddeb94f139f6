import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentHolder, findHolder, isAlive } from "./file-lock.ts";

/** Notes that this process uses the server; returns the lease's file. Call under the lock. */
export function writeLease(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holder = currentHolder();
  const file = join(folder, `${holder.pid}-${holder.token}.json`);
  writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
  return file;
}

/** Ends a lease. */
export const removeLease = (file: string): void => rmSync(file, { force: true });

/** Removes the leases of processes that died without leaving and counts the rest. Call under the lock. */
export function countLiveLeases(folder: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let live = 0;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const holder = findHolder(file);
    if (holder !== undefined && isAlive(holder)) live += 1;
    else rmSync(file, { force: true });
  }
  return live;
}
