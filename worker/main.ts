import { acquireEmbedded, type EmbeddedLease } from "#db/embedded/acquire";
import { migrateDatabase } from "#db/migrate";
import { workerEnv } from "#lib/env";
import type { WorkerEnv } from "#lib/env/parse";
import { createWorkerPlatform, type WorkerSettings } from "#lib/services/context";
import { createWorkerLog } from "./log.ts";
import { requireCurrentSchema } from "./schema-check.ts";
import { startProblem } from "./start-problem.ts";
import { startWorker } from "./worker.ts";

/**
 * Time the handlers get to reach a page boundary or to end a publish, ms. Closing takes up to 5 s more, and 30 s is what
 * an operator's supervisor waits before it kills. Source: reference/fault-catalogue.md A10.
 */
const drainMs = 15_000;

const log = createWorkerLog();
let stopping = false;

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

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => stopOnce(signal, 0));
}

async function start() {
  const { settings, lease } = await openDatabaseOf(workerEnv());
  const platform = await createWorkerPlatform(settings, log);
  try {
    await requireCurrentSchema(platform.db);
  } catch (error) {
    await platform.close();
    await lease?.release();
    throw error;
  }
  const worker = await startWorker(platform, (mismatch) => {
    console.error(mismatch.message);
    stopOnce("schema-mismatch", 1);
  });
  log.info("worker-started", { workerId: platform.workerId });
  return { worker, platform, lease };
}

/** Ends this process; the reason is the signal's name, or why the worker may not go on by itself. */
function stopOnce(reason: string, exitCode: number): void {
  if (stopping) return;
  stopping = true;
  void stop(reason, exitCode);
}

async function stop(reason: string, exitCode: number): Promise<void> {
  log.info("worker-stopping", { reason });
  await running.worker.stop(drainMs);
  await running.platform.close();
  await running.lease?.release();
  log.info("worker-stopped", { reason });
  process.exit(exitCode);
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
