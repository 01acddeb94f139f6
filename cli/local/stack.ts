import { mkdirSync } from "node:fs";
import type { Database } from "#db/client";
import { acquireEmbedded, type DatabaseUrls } from "#db/embedded/acquire";
import { migrateDatabase } from "#db/migrate";
import { openOwnerDatabase } from "#db/owner";
import { systemVariables } from "#lib/env/names";
import type { ProcessGroup } from "../processes.ts";
import { type LocalInstallation, localWorkerVariables } from "./environments.ts";
import { ensureLocalKeys } from "./keys.ts";
import { readPort, requireFreePorts } from "./ports.ts";
import { startSimulator } from "./simulator.ts";

export interface StackOptions {
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where the lines of each program go. */
  readonly linesOf: (program: string) => (line: string) => void;
}

/** Keeps the worker's heap small for little of its speed (docs/benchmarks.md). As in the script `worker`. */
const workerFlags = ["--max-semi-space-size=16", "--heap-growing-percent=30"];

/** Everything but the web program: database, simulator, worker. */
export interface LocalStack extends LocalInstallation {
  readonly urls: DatabaseUrls;
  /** The owner, for the command line's own work. */
  readonly owner: Database;
  /** Epoch milliseconds before the worker was started. */
  readonly workerStartedAt: number;
}

/** Reads the ports and throws CommandError for each that is taken, naming its variable. */
export async function findLocalPorts(variables: StackOptions["variables"]) {
  const port = readPort(variables, "PORT", 3000);
  const simulator = {
    login: readPort(variables, "SIMULATOR_PORT", 4400),
    reports: readPort(variables, "SIMULATOR_REPORTS_PORT", 4401),
    graph: readPort(variables, "SIMULATOR_GRAPH_PORT", 4402),
  };
  const host = "127.0.0.1";
  await requireFreePorts([
    { variable: "PORT", host: "localhost", port },
    { variable: "SIMULATOR_PORT", host, port: simulator.login },
    { variable: "SIMULATOR_REPORTS_PORT", host, port: simulator.reports },
    { variable: "SIMULATOR_GRAPH_PORT", host, port: simulator.graph },
  ]);
  return { port, simulator };
}

/**
 * Starts database, simulator and worker of a local installation and hands them to `work`; leaves the database when
 * `work` is over and the group has stopped, also after an error.
 */
export async function withLocalStack<T>(
  group: ProcessGroup,
  options: StackOptions,
  work: (stack: LocalStack) => Promise<T>,
): Promise<T> {
  const ports = await findLocalPorts(options.variables);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const lease = await acquireEmbedded(options.dataDir);
  const owner = openOwnerDatabase(lease.urls.owner);
  try {
    const system = systemVariables(options.variables);
    const appUrl = `http://localhost:${ports.port}`;
    const [simulator, keys] = await Promise.all([
      startSimulator(group, {
        appUrl,
        ports: ports.simulator,
        env: system,
        onLine: options.linesOf("simulator"),
      }),
      ensureLocalKeys(options.dataDir),
      migrateDatabase(lease.urls.owner),
    ]);
    const local: LocalInstallation = { appUrl, port: ports.port, keys, simulator, system };
    const workerStartedAt = Date.now();
    group.start({
      name: "worker",
      args: [...workerFlags, "worker/main.ts"],
      env: { ...localWorkerVariables(local, lease.urls.worker), NODE_ENV: "production" },
      onLine: options.linesOf("worker"),
      stopDeadlineMs: 30_000,
    });
    return await work({ ...local, urls: lease.urls, owner, workerStartedAt });
  } finally {
    await group.stop();
    await owner.close();
    await lease.release();
  }
}
