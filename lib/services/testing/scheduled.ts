import { openQueueSender } from "#db/queue";
import type { TestDatabase } from "#db/testing/test-database";
import type { Platform } from "../context.ts";
import { giveDefaultSchedule } from "../default-schedule.ts";
import { startDueImports } from "../start-due-imports.ts";

interface Connection {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** Gives a connection the schedule it would have been given when it was verified. */
export const schedule = (db: TestDatabase, connection: Connection): Promise<void> =>
  db.worker.inWorkspace(connection.workspaceId, (tx) => giveDefaultSchedule(tx, connection));

/** As if the schedule had been in force for a month and its run had been due for so many minutes. */
export async function makeDue(
  db: Pick<TestDatabase, "ownerSql">,
  { workspaceId, connectionId }: Connection,
  minutes = 1,
): Promise<void> {
  await db.ownerSql`
    update import_schedules
    set next_run_at = now() - make_interval(mins => ${minutes}), in_force_since = now() - interval '30 days'
    where workspace_id = ${workspaceId} and connection_id = ${connectionId}`;
}

/** The scheduler of one host: its own queue connection, under the worker's role. */
export interface Scheduler {
  round(): ReturnType<typeof startDueImports>;
  /** Errors it logged. */
  readonly errors: readonly unknown[];
  close(): Promise<void>;
}

export async function createScheduler(db: TestDatabase, platform: Platform): Promise<Scheduler> {
  const queue = await openQueueSender({
    url: db.urls.worker,
    applicationName: "test worker",
    onError: () => undefined,
  });
  const errors: unknown[] = [];
  const log = {
    info: () => undefined,
    error: (_event: string, _facts: unknown, error: unknown) => errors.push(error),
  };
  return {
    errors,
    round: () =>
      startDueImports({ ...platform, db: db.worker, queue, log }, new AbortController().signal),
    close: () => queue.close(),
  };
}
