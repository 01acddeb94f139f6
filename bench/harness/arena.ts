import {
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "../../worker/testing/installation.ts";
import { type OwnServer, startOwnServer } from "../../worker/testing/own-server.ts";
import { waitFor } from "../../worker/testing/wait-for.ts";
import { type Program, scriptArguments, startNode } from "./processes.ts";
import { type BenchSimulator, type BenchTenant, startSimulator } from "./simulator.ts";

/** An installation as operators run it: simulator, PostgreSQL and workers, each a process of its own. */
export interface Arena {
  readonly simulator: BenchSimulator;
  readonly server: OwnServer;
  readonly installation: Installation;
  /** Starts `npm run worker`; resolves when it works. `more` are arguments of node before the program. */
  startWorker(more?: readonly string[]): Promise<Program>;
  /** A connection of the tenant, verified by a running worker and never imported; in a workspace of its own by default. */
  connect(tenant: BenchTenant, workspaceId?: string): Promise<TestConnection>;
  close(): Promise<void>;
}

const minutes = 60_000;

export async function openArena(): Promise<Arena> {
  const simulator = await startSimulator();
  const server = await startOwnServer();
  const multiTenantApp = { clientId: crypto.randomUUID(), secret: "none is used here" };
  const installation = await createInstallation({ ...simulator, multiTenantApp }, server);
  const workers: Program[] = [];
  return {
    simulator,
    server,
    installation,
    async startWorker(more = []) {
      const args = [...more, ...scriptArguments("worker")];
      const worker = startNode(args, {
        NODE_ENV: "production",
        SAAS_MANAGEMENT_ORIGIN: simulator.loginOrigin,
        ...installation.workerEnv,
      });
      workers.push(worker);
      await worker.line((line) => line.includes('"event":"worker-started"') || undefined);
      return worker;
    },
    async connect(tenant, workspaceId) {
      const connection = await createRegisteredConnection(installation, tenant, workspaceId);
      await saveSecret(installation, connection, {
        secret: tenant.secret,
        version: 1,
        verify: true,
      });
      await waitFor(
        "the connection verified",
        async () => {
          const [row] = await server.ownerSql<{ ready: boolean }[]>`
            select status = 'ready' as ready from connections where id = ${connection.connectionId}`;
          return row?.ready;
        },
        5 * minutes,
      );
      return connection;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.end("SIGTERM")));
      await installation.close();
      await simulator.close();
    },
  };
}

/** How an import of the directory went, by the database's clock, to 50 ms. Seconds. */
export interface ImportFigures {
  /** From the request to the published numbers. */
  readonly wholeSeconds: number;
  /** From a worker taking the run to the published numbers: without the queue's second. */
  readonly seconds: number;
  /** From a worker taking the run to the last committed page of any read: without counting and publishing. */
  readonly readSeconds: number;
  /** From the end of the list of SKUs, when the first page of users is asked for, to their last committed page. */
  readonly usersSeconds: number;
  readonly usersPages: number;
  /** From the request to the SKUs' names being there to show ("read, not yet published"). */
  readonly skusShownSeconds: number;
  readonly snapshotId: number;
}

/** Asks for an import of the directory. */
export async function requestImport(arena: Arena, connection: TestConnection): Promise<string> {
  const { directory } = await createImport(arena.installation, connection, {
    datasets: ["directory"],
  });
  if (directory === undefined) throw new Error("A directory run was asked for.");
  return directory;
}

/** Waits until the run is published and reads its times. */
export async function finishedImport(arena: Arena, runId: string): Promise<ImportFigures> {
  const { ownerSql } = arena.server;
  // A transaction's times are those of its start: when numbers can be seen is told by looking.
  const { seenAt } = await waitFor(
    "the import published",
    async () => {
      const [run] = await ownerSql<
        { state: string; failure: unknown; hold: unknown; seenAt: string }[]
      >`
        select state, failure, hold, clock_timestamp()::text as "seenAt"
        from dataset_runs where id = ${runId}`;
      if (run?.state === "queued" || run?.state === "running") return null;
      if (run?.state === "succeeded") return run;
      throw new Error(`The import ended ${run?.state}: ${JSON.stringify(run)}`);
    },
    120 * minutes,
  );
  const [figures] = await ownerSql<ImportFigures[]>`
    select extract(epoch from ${seenAt}::timestamptz - r.created_at)::float8 as "wholeSeconds",
      extract(epoch from ${seenAt}::timestamptz - r.started_at)::float8 as seconds,
      extract(epoch from (select max(c.committed_at) from read_checkpoints c
        where c.workspace_id = r.workspace_id and c.run_id = r.id) - r.started_at)::float8 as "readSeconds",
      extract(epoch from u.finished_at - f.finished_at)::float8 as "usersSeconds",
      u.page_no as "usersPages",
      extract(epoch from f.finished_at - r.created_at)::float8 as "skusShownSeconds",
      r.snapshot_id::float8 as "snapshotId"
    from dataset_runs r
    join read_checkpoints u on u.workspace_id = r.workspace_id and u.run_id = r.id and u.read = 'users'
    join read_checkpoints f on f.workspace_id = r.workspace_id and f.run_id = r.id
      and f.read = 'subscribed-skus-first'
    where r.id = ${runId}`;
  if (figures === undefined) throw new Error("A published run has checkpoints.");
  return figures;
}
