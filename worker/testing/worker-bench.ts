import { expect } from "vitest";
import type { TestDatabase } from "#db/testing/test-database";
import type { Dataset } from "#lib/domain/import";
import { createSimulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import { tenantFromRequest } from "#simulator/specs";
import type { Tenant } from "#simulator/store/tenant";
import { truthAssignments, truthOf } from "#simulator/store/truth";
import { readSeats } from "../../db/testing/published-rows.ts";
import {
  appUrl,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "./installation.ts";
import { waitFor } from "./wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

const secret = "canary8Q~secret-of-the-worker-bench";

/** A simulated tenant and the connection that imports it. */
export interface BenchTenant extends TestConnection {
  readonly tenant: Tenant;
}

/** Microsoft, a database and worker processes, for tests of what happens to them. */
export interface WorkerBench {
  readonly installation: Installation;
  /** Starts a worker process; `close` ends it when the test has not. */
  start(): Promise<WorkerProcess>;
  /** A new tenant of this many users, connected and never imported. */
  connect(seed: string, size: number): Promise<BenchTenant>;
  /** Waits until the connection's runs of all datasets asked for are published; a failed run ends the wait. */
  published(made: TestConnection, runs: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function createWorkerBench(given?: TestDatabase): Promise<WorkerBench> {
  const simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]) });
  const { multiTenantApp } = credentials;
  const installation = await createInstallation({ ...simulator, multiTenantApp }, given);
  const workers: WorkerProcess[] = [];
  return {
    installation,
    async start() {
      const worker = await startWorkerProcess(installation.workerEnv);
      workers.push(worker);
      return worker;
    },
    async connect(seed, size) {
      const spec = tenantFromRequest({ seed, size, app: { secret } });
      const tenant = simulator.store.addTenant(spec);
      const clientId = spec.apps[0]?.clientId ?? "";
      const made = await createRegisteredConnection(installation, { tenantId: spec.id, clientId });
      await saveSecret(installation, made, { secret, version: 1, verify: false });
      return { ...made, tenant };
    },
    async published(made, runs, timeoutMs = 100_000) {
      await waitFor(
        "all runs published",
        async () => {
          const states = (await runsOf(installation, made)).map((run) => run.state);
          expect(states).not.toContain("failed");
          return states.length === runs && states.every((state) => state === "succeeded");
        },
        timeoutMs,
      );
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.end("SIGKILL")));
      await installation.close();
      await simulator.close();
    },
  };
}

export interface BenchRun {
  readonly dataset: Dataset;
  readonly state: string;
  readonly epoch: number;
}

export const runsOf = async (
  { db }: Installation,
  { workspaceId }: TestConnection,
): Promise<readonly BenchRun[]> => [
  ...(await db.ownerSql<BenchRun[]>`
    select dataset, state, epoch::int from dataset_runs
    where workspace_id = ${workspaceId} order by created_at`),
];

/** Waits until a page of users is stored, 30 s by default. */
export const storedUserPages = (
  { db }: Installation,
  { workspaceId }: TestConnection,
  pages: number,
  timeoutMs?: number,
): Promise<unknown> =>
  waitFor(
    `${pages} pages of users stored`,
    async () => {
      const [read] = await db.ownerSql<{ page_no: number }[]>`
        select c.page_no from read_checkpoints c
        join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
        where c.read = 'users' and c.workspace_id = ${workspaceId} and r.state = 'running'`;
      return (read?.page_no ?? 0) >= pages;
    },
    timeoutMs,
  );

/**
 * Drops the run's job as a dead worker's, as the queue does by itself after 15 s without a heartbeat: the next worker's
 * reconciler sends the run again at once. That the queue's own way holds is tested in worker/import.integration.test.ts.
 */
export const forgetJobs = async ({ db }: Installation): Promise<void> => {
  await db.ownerSql`delete from pgboss.job`;
};

/** A lock of the test's own that a worker's statement runs into. */
export interface HeldLock {
  /** Waits until a backend other than these waits for the lock; returns those that do, by process id. */
  met(besides?: readonly number[]): Promise<readonly number[]>;
  release(): Promise<void>;
}

/** Stops publishes where the test wants them: `lock` is a statement that takes the lock. */
export async function holdLock({ db }: Installation, lock: string): Promise<HeldLock> {
  const holder = await db.ownerSql.reserve();
  await holder`begin`;
  const [self] = await holder<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await holder.unsafe(lock);
  return {
    met: (besides = []) =>
      waitFor("a worker waits for the lock", async () => {
        const waiting = await db.ownerSql<{ pid: number }[]>`
          select pid from pg_stat_activity where ${self?.pid ?? 0} = any(pg_blocking_pids(pid))`;
        const pids = waiting.map((row) => row.pid);
        return pids.some((pid) => !besides.includes(pid)) && pids;
      }),
    async release() {
      await holder`rollback`;
      holder.release();
    },
  };
}

/** How often each page of the user list was asked for since the log was cleared: `{page: requests}`. */
export function userPagesAsked({ tenant }: BenchTenant): Readonly<Record<number, number>> {
  const asked: Record<number, number> = {};
  for (const { stream, page } of tenant.log.entries()) {
    if (stream === "users") asked[page] = (asked[page] ?? 0) + 1;
  }
  return asked;
}

/** What is published equals the tenant: every account once, every seat row by row, every license's holders. */
export async function expectTruth(installation: Installation, made: BenchTenant): Promise<void> {
  const { ownerSql } = installation.db;
  const { workspaceId, connectionId, tenant } = made;
  const truth = await truthOf(tenant);
  const [users] = await ownerSql<{ stored: number; distinct: number }[]>`
    select count(*)::int as stored, count(distinct user_id)::int as distinct
    from snapshot_users u join dataset_epochs e
      on e.workspace_id = u.workspace_id and e.snapshot_id = u.snapshot_id and e.dataset = 'directory'
    where u.workspace_id = ${workspaceId} and e.connection_id = ${connectionId}`;
  expect(users).toEqual({ stored: truth.users.listed, distinct: truth.users.listed });

  const rows = (of: readonly { readonly userId?: unknown; readonly skuId?: unknown }[]) =>
    of.map((row) => `${row.userId} ${row.skuId}`).sort();
  const held = (await readSeats(installation.db, made)).filter((seat) => seat.held);
  expect(rows(held)).toEqual(rows([...truthAssignments(tenant)].filter((row) => row.held)));

  const seats = await ownerSql<{ sku_id: string; consumed: number }[]>`
    select l.sku_id, p.consumed
    from connections c
    join license_positions p on p.workspace_id = c.workspace_id and p.reconciliation_id = c.reconciliation_id
    join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
    where c.workspace_id = ${workspaceId} and c.id = ${connectionId} and p.consumed is not null`;
  expect(seats.length).toBeGreaterThan(3);
  const holders = new Map(truth.skus.map((sku) => [sku.skuId, sku.holders]));
  expect(seats.map((seat) => [seat.sku_id, seat.consumed])).toEqual(
    seats.map((seat) => [seat.sku_id, holders.get(seat.sku_id)]),
  );
}
