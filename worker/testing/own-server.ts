import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "#db/client";
import { acquireEmbedded, destroyEmbedded } from "#db/embedded/acquire";
import { preparePlace } from "#db/embedded/place";
import { runProgram } from "#db/embedded/run";
import { migrateDatabase } from "#db/migrate";
import { openOwner } from "#db/owner";
import type { TestDatabase } from "#db/testing/test-database";

/** A migrated database on a server that only this test uses, so that it may crash. */
export interface OwnServer extends TestDatabase {
  /** Stops the server as a power cut would: no checkpoint, no goodbye. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port; returns when it has recovered. */
  restart(): Promise<void>;
  /** Restarts it so that hosts of this network (CIDR) reach it at this address of the machine, with their passwords. */
  openTo(network: string, address: string): Promise<void>;
}

/** Starts an embedded PostgreSQL of the test's own. Close it in `afterAll`. */
export async function startOwnServer(): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "seatledger-test-"));
  const lease = await acquireEmbedded(dataDir);
  const { urls } = lease;
  await migrateDatabase(urls.owner);
  const [web, worker] = await Promise.all([
    openDatabase({ url: urls.web, role: "web", applicationName: "test web", max: 2 }),
    openDatabase({ url: urls.worker, role: "worker", applicationName: "test worker", max: 2 }),
  ]);
  const ownerSql = openOwner(urls.owner, { max: 2 });
  const place = await preparePlace(dataDir);
  const control = async (...args: readonly string[]) => {
    const { code, output } = await runProgram(place, place.binaries.pgCtl, [
      ...args,
      "-w",
      "-D",
      place.data,
    ]);
    if (code !== 0) throw new Error(output);
  };
  return {
    web,
    worker,
    urls,
    ownerSql,
    crash: () => control("stop", "-m", "immediate"),
    // Unlike "start", "restart" repeats the options the server had, its port among them.
    restart: () => control("restart", "-l", join(place.data, "server.log")),
    async openTo(network, address) {
      appendFileSync(
        join(place.data, "pg_hba.conf"),
        `host all seatledger_worker ${network} scram-sha-256\n`,
      );
      const options = [
        `-p ${new URL(urls.owner).port}`,
        `-c listen_addresses=127.0.0.1,${address}`,
        "-c unix_socket_directories=",
      ];
      await control("restart", "-l", join(place.data, "server.log"), "-o", options.join(" "));
    },
    async close() {
      await Promise.all([web.close(), worker.close(), ownerSql.end({ timeout: 5 })]);
      await lease.release();
      await destroyEmbedded(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
