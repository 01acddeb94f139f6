import { rmSync } from "node:fs";
import { join } from "node:path";
import { ensureCluster, ensureRolesAndDatabase, ownerRole, urlOf } from "./cluster.ts";
import { withFileLock } from "./file-lock.ts";
import { countLiveLeases, removeLease, writeLease } from "./leases.ts";
import { ensurePasswords } from "./passwords.ts";
import { type Place, preparePlace } from "./place.ts";
import { ensureRunning, stopServer } from "./server.ts";

/** One URL per role. Programs get only their own. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly web: string;
  readonly worker: string;
}

/** A share in a running embedded server. */
export interface EmbeddedLease {
  readonly urls: DatabaseUrls;
  /** Leaves; whoever leaves last stops the server. May be called twice. */
  release(): Promise<void>;
}

const lockTimeoutMs = 180_000;

/**
 * Starts or joins the embedded PostgreSQL of a DATA_DIR and takes a lease on it. Safe with any number of programs at
 * once and under kill -9 of any of them or of the server. Each program calls `release` when it stops.
 * Source: DESIGN §3 Database.
 */
export async function acquireEmbedded(dataDir: string): Promise<EmbeddedLease> {
  const place = await preparePlace(dataDir);
  const lock = join(place.base, "lock");
  const leases = join(place.base, "leases");
  return await withFileLock(lock, lockTimeoutMs, async () => {
    countLiveLeases(leases);
    const passwords = ensurePasswords(place);
    await ensureCluster(place, passwords);
    const server = await ensureRunning(place, passwords);
    const lease = writeLease(leases);
    try {
      await ensureRolesAndDatabase(passwords, server.port);
    } catch (error) {
      removeLease(lease);
      if (countLiveLeases(leases) === 0) await stopServer(place);
      throw error;
    }
    return {
      urls: {
        owner: urlOf(ownerRole, passwords.owner, server.port),
        web: urlOf("seatledger_web", passwords.web, server.port),
        worker: urlOf("seatledger_worker", passwords.worker, server.port),
      },
      release: () => releaseLease(place, lock, leases, lease),
    };
  });
}

/**
 * Deletes the data of a DATA_DIR that nobody uses: for tests and for a fresh start. Throws while somebody holds a
 * lease.
 */
export async function destroyEmbedded(dataDir: string): Promise<void> {
  const place = await preparePlace(dataDir);
  await withFileLock(join(place.base, "lock"), lockTimeoutMs, async () => {
    if (countLiveLeases(join(place.base, "leases")) > 0) {
      throw new Error(`The embedded PostgreSQL of ${dataDir} is in use.`);
    }
    await stopServer(place);
    rmSync(place.data, { recursive: true, force: true });
    rmSync(join(place.base, "passwords.json"), { force: true });
  });
  rmSync(place.base, { recursive: true, force: true });
}

async function releaseLease(
  place: Place,
  lock: string,
  leases: string,
  lease: string,
): Promise<void> {
  await withFileLock(lock, lockTimeoutMs, async () => {
    removeLease(lease);
    if (countLiveLeases(leases) === 0) await stopServer(place);
  });
}
