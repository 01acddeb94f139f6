import { acquireEmbedded, type EmbeddedLease } from "#db/embedded/acquire";
import { migrateDatabase } from "#db/migrate";
import { workerEnv } from "#lib/env";
import type { WorkerEnv } from "#lib/env/parse";
import { createWorkerPlatform, type WorkerSettings } from "#lib/services/context";
import { createWorkerLog } from "./log.ts";
import { startProblem } from "./start-problem.ts";
import { startWorker } from "./worker.ts";

/** Time the handlers get to reach a page boundary, ms. Source: reference/fault-catalogue.md A10. */
const drainMs = 25_000;

const log = createWorkerLog();

// Node would print the error with its message, which may quote SQL parameters.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    log.error(event, {}, error);
    process.exit(1);
  });
}

const running = await start().catch((error: unknown) => {
  const problem = startProblem(error);
  if (problem === null) log.error("start-failed", {}, error);
  console.error(`The worker cannot start:\n${problem ?? "See the log line above."}`);
  process.exit(1);
});

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void stop(signal);
  });
}

async function start() {
  const { settings, lease } = await openDatabaseOf(workerEnv());
  const platform = await createWorkerPlatform(settings, log);
  const worker = await startWorker(platform);
  log.info("worker-started", { workerId: worker.id });
  return { worker, platform, lease };
}

async function stop(signal: string): Promise<void> {
  log.info("worker-stopping", { signal });
  await running.worker.stop(drainMs);
  await running.platform.close();
  await running.lease?.release();
  log.info("worker-stopped", { signal });
  process.exit(0);
}

/** The embedded server is joined, and brought up to date by whoever comes first. */
async function openDatabaseOf(
  from: WorkerEnv,
): Promise<{ readonly settings: WorkerSettings; readonly lease: EmbeddedLease | null }> {
  const { database, ...rest } = from;
  if (database.kind === "server") {
    return { settings: { ...rest, databaseUrl: database.url }, lease: null };
  }
  const lease = await acquireEmbedded(database.dataDir);
  try {
    await migrateDatabase(lease.urls.owner);
  } catch (error) {
    await lease.release();
    throw error;
  }
  return { settings: { ...rest, databaseUrl: lease.urls.worker }, lease };
}
