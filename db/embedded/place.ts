import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Binaries, copyBinaries, findBinaries } from "./binaries.ts";
import { ensureSystemUser, type SystemUser } from "./system-user.ts";

/** Where one embedded server keeps its things and as whom it runs. */
export interface Place {
  /** Lock, leases, passwords and data of this DATA_DIR. */
  readonly base: string;
  readonly data: string;
  readonly binaries: Binaries;
  /** Null = as the current user. */
  readonly user: SystemUser | null;
}

const sharedBase = "/var/lib/seatledger";

/**
 * Prepares the folders for a DATA_DIR. PostgreSQL refuses root, and its user cannot enter a 0700 home: started as
 * root, binaries and data live below /var/lib/seatledger, named by a hash of DATA_DIR. Source: DESIGN §3 Database.
 */
export async function preparePlace(dataDir: string): Promise<Place> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const binaries = await findBinaries();
  if (process.getuid?.() !== 0) {
    const base = join(realpathSync(dataDir), "postgres");
    mkdirSync(base, { recursive: true, mode: 0o700 });
    return { base, data: join(base, "data"), binaries, user: null };
  }
  const user = ensureSystemUser("seatledger");
  const hash = createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 16);
  const base = join(sharedBase, hash);
  mkdirSync(base, { recursive: true });
  // The server's user may pass through, and list nothing.
  for (const folder of [sharedBase, base]) chmodSync(folder, 0o711);
  return { base, data: join(base, "data"), binaries: copyBinaries(binaries, sharedBase), user };
}
