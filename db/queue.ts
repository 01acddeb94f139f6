import { sql } from "drizzle-orm";
import { type ConstructorOptions, fromDrizzle, type Job, PgBoss, type Queue } from "pg-boss";
import postgres from "postgres";
import type { Dataset } from "#lib/domain/import";
import type { Tx } from "./client.ts";

/** What a job says: which row to look at. Never more (DESIGN §3 Secrets). */
export interface JobData {
  readonly workspaceId: string;
  readonly id: string;
}

/** Each has places of its own in a worker, so that none waits behind another's jobs. docs/adr/0009. */
const queueNames = [
  "directory-run",
  "slow-run",
  "verification",
  "package",
  "key-pair",
  "saas-check",
] as const;
export type QueueName = (typeof queueNames)[number];

/** Sign-ins and usage are slow because Microsoft allows few requests; a directory never waits behind them. */
export const queueOfRun = (dataset: Dataset): QueueName =>
  dataset === "directory" ? "directory-run" : "slow-run";

/** When a job is worked on. */
export interface JobTime {
  /** Waiting jobs go in the order of these instants; those without one by the time they were sent. */
  readonly turnAt?: Date;
  /** Not before. */
  readonly notBefore?: Date | null;
}

/** Wakes workers. The queue decides nothing: whether a run may start is the tables' decision (DESIGN §4.2). */
export interface QueueSender {
  /**
   * Sends a job in the caller's transaction. A job of the same key that is queued or being worked on stays the only
   * one, so sending again is safe.
   */
  send(
    tx: Tx,
    queue: QueueName,
    data: JobData,
    singletonKey: string,
    time?: JobTime,
  ): Promise<void>;
}

export interface OpenQueueSender extends QueueSender {
  close(): Promise<void>;
}

/**
 * One job as its handler sees it. `signal` fires when the worker stops or another worker has taken the job. The job is
 * done when it resolves, and comes again when it resolves with a time.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that says nothing is done.
export type JobHandler = (data: JobData, signal: AbortSignal) => Promise<JobTime | void>;

/** How many jobs of a queue a process works on at once, and how often it looks for one that waits. */
export interface ConsumeOptions {
  readonly atOnce: number;
  /** Seconds; each free place looks by itself, whether or not it is told of new jobs. */
  readonly lookEverySeconds: number;
}

export interface QueueWorker extends QueueSender {
  /** Starts handling a queue in places of its own. */
  consume(queue: QueueName, options: ConsumeOptions, handler: JobHandler): Promise<void>;
  /** Takes no more jobs, aborts the handlers' signals and waits for them at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** Reason of a handler's signal when the worker is asked to stop: end at the next page boundary. */
export class WorkerStopping extends Error {
  constructor() {
    super("The worker is stopping.");
    this.name = "WorkerStopping";
  }
}

const schema = "pgboss";

/** People wait for these: workers are told of a new job at once. Slow runs have sixteen places that would all look. */
const isAnnounced = (queue: QueueName): boolean => queue !== "slow-run";

/** Source of every figure: reference/stack-notes.md §7, reference/fault-catalogue.md §6.1. */
const queueOptions: Omit<Queue, "name"> = {
  policy: "exclusive",
  heartbeatSeconds: 10,
  retryLimit: 20,
  retryDelay: 1,
  retryBackoff: false,
  expireInSeconds: 12 * 3600,
  deleteAfterSeconds: 3600,
};

/** Programs do not own the schema: whoever installs does, and index upkeep is left to autovacuum. */
const programOptions = {
  schema,
  migrate: false,
  createSchema: false,
  schedule: false,
  reindex: false,
  monitorVacuum: false,
} satisfies ConstructorOptions;

/**
 * Creates or upgrades the queue's schema, its queues and the programs' rights on them. Run by the migrate command as
 * database owner; safe to run again.
 */
export async function installQueues(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema,
    supervise: false,
    schedule: false,
    registerInstance: false,
    max: 2,
  });
  boss.on("error", () => undefined);
  await boss.start();
  try {
    for (const name of queueNames) {
      const notify = isAnnounced(name);
      await boss.createQueue(name, { ...queueOptions, notify });
      await boss.updateQueue(name, { notify });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await grantQueues(ownerUrl);
}

/** Statements, not parameters: role and schema names are constants of this file. */
async function grantQueues(ownerUrl: string): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  const roles = "seatledger_web, seatledger_worker";
  try {
    await owner.unsafe(`
      grant usage on schema ${schema} to ${roles};
      grant select, insert, update, delete on all tables in schema ${schema} to ${roles};
      grant usage, select on all sequences in schema ${schema} to ${roles};
      grant execute on all functions in schema ${schema} to ${roles};
      alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${roles};
      alter default privileges in schema ${schema} grant usage, select on sequences to ${roles};
      alter default privileges in schema ${schema} grant execute on functions to ${roles};
    `);
  } finally {
    await owner.end();
  }
}

/** The web program's half: sends, never consumes, supervises or installs. */
export async function openQueueSender(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly onError: (error: unknown) => void;
}): Promise<OpenQueueSender> {
  const boss = new PgBoss({
    ...programOptions,
    connectionString: options.url,
    application_name: options.applicationName,
    supervise: false,
    registerInstance: false,
    max: 1,
  });
  boss.on("error", options.onError);
  await boss.start();
  return { send: senderOf(boss), close: () => boss.stop({ graceful: false }) };
}

/** The worker's half. A killed worker's job runs elsewhere after about 15 s (reference/stack-notes.md §7). */
export async function openQueueWorker(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly onError: (error: unknown) => void;
}): Promise<QueueWorker> {
  const boss = new PgBoss({
    ...programOptions,
    connectionString: options.url,
    application_name: options.applicationName,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    max: 4,
  });
  boss.on("error", options.onError);
  await boss.start();
  const stopping = new AbortController();
  return {
    send: senderOf(boss),
    async consume(queue, { atOnce, lookEverySeconds }, handler) {
      await boss.work<JobData, void>(
        queue,
        {
          pollingIntervalSeconds: lookEverySeconds,
          notifyPollingIntervalSeconds: lookEverySeconds,
          batchSize: 1,
          localConcurrency: atOnce,
          heartbeatRefreshSeconds: 4,
        },
        async ([job]) => {
          if (!job) return;
          const again = await handler(job.data, AbortSignal.any([job.signal, stopping.signal]));
          if (again) await comeAgain(boss, queue, job, again);
        },
      );
    },
    async stop(timeoutMs) {
      stopping.abort(new WorkerStopping());
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

const senderOf =
  (boss: PgBoss): QueueSender["send"] =>
  async (tx, queue, data, singletonKey, time = {}) => {
    const { workspaceId, id } = data;
    await boss.send(
      queue,
      { workspaceId, id },
      { singletonKey, db: fromDrizzle(tx, sql), ...timeOptions(time) },
    );
  };

/**
 * Ends a job and sends it anew for later: an active job stands in the way of another of its key. When the process dies in
 * between, the reconciler sends it.
 */
async function comeAgain(boss: PgBoss, queue: QueueName, job: Job<JobData>, time: JobTime) {
  await boss.complete(queue, job);
  const singletonKey = job.data.id;
  await boss.send(queue, job.data, { singletonKey, ...timeOptions(time) });
}

/** pg-boss takes higher priorities first. Seconds since 2026, so that they fit its 32 bits. */
const priorityEpochMs = Date.UTC(2026, 0, 1);

const timeOptions = ({ turnAt, notBefore }: JobTime) => ({
  priority: -Math.floor(((turnAt?.getTime() ?? Date.now()) - priorityEpochMs) / 1000),
  ...(notBefore ? { startAfter: notBefore } : {}),
});
