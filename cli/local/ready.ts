import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "#db/client";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import { CommandError } from "../command.ts";

/** Resolves when the web program answers. Throws CommandError after a minute. */
export const waitForWeb = (appUrl: string): Promise<void> =>
  waitUntil("The web program does not answer.", async () => {
    const response = await fetch(`${appUrl}/api/v1/health`).catch(() => undefined);
    return response?.ok === true;
  });

/** Resolves when a worker has shown itself since `start` (epoch milliseconds). Throws CommandError after a minute. */
export const waitForWorker = (db: Database, start: number): Promise<void> =>
  waitUntil("No worker has shown itself.", async () => {
    const seconds = await db.outside(secondsSinceWorkerSeen);
    return seconds !== null && seconds * 1000 < Date.now() - start;
  });

async function waitUntil(problem: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new CommandError(problem);
    await sleep(150);
  }
}
