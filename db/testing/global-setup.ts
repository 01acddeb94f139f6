import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { acquireEmbedded, type DatabaseUrls, destroyEmbedded } from "../embedded/acquire.ts";
import { superuserUrl } from "../embedded/cluster.ts";
import { ensurePasswords } from "../embedded/passwords.ts";
import { preparePlace } from "../embedded/place.ts";
import { migrateDatabase } from "../migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URLs of the template database every test database is cloned from. Nobody may stay connected to it. */
    readonly database: DatabaseUrls;
    /** The server's superuser, for tests of what start refuses. */
    readonly superuserUrl: string;
  }
}

const prefix = "seatledger-test-";

/** One embedded server for the whole run, with a migrated template database. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  const lease = await acquireEmbedded(dataDir);
  const remove = async () => {
    await lease.release();
    await destroyEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await migrateDatabase(lease.urls.owner);
  } catch (error) {
    await remove();
    throw error;
  }
  project.provide("database", lease.urls);
  const passwords = ensurePasswords(await preparePlace(dataDir));
  project.provide("superuserUrl", superuserUrl(passwords, Number(new URL(lease.urls.owner).port)));
  return remove;
}

/** Removes what killed runs left: folders older than ten minutes that no process holds a lease on. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const dataDir = join(tmpdir(), name);
    try {
      if (Date.now() - statSync(dataDir).mtimeMs < 600_000) continue;
      await destroyEmbedded(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // In use by another run, or removed by one in this moment.
    }
  }
}
