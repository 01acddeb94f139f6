import { credentials } from "#simulator/defaults";
import { createInstallation, type Installation } from "../../testing/installation.ts";
import { startOwnServer } from "../../testing/own-server.ts";
import { waitFor } from "../../testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "../../testing/worker-process.ts";
import { findDifferences } from "../differences.ts";
import { type ProxiedMicrosoft, startProxiedMicrosoft } from "../microsoft.ts";
import { startReader } from "../reader.ts";
import { type ConnectedTenant, connectTenant, requestImport } from "../request-import.ts";
import { forward } from "./forward.ts";
import { centre, createHostNetwork, hostNetwork, type NetworkHost } from "./network.ts";

/** What two hosts did with the same work. */
export interface HostsReport {
  readonly users: number;
  /** Dataset runs each host ended while both were there. */
  readonly sharedRuns: Readonly<Record<string, number>>;
  /** From the host's wire being pulled until the other host stored its next page, s. */
  readonly takeoverSeconds: number;
  /** How the host that came back ended its part. */
  readonly cameBack: string;
  /** Published rows that are not the tenant's, and looks of a reader that saw half of a publish. */
  readonly differences: number;
  readonly halfSnapshotsSeen: number;
}

export const isClean = (report: HostsReport): boolean =>
  report.differences === 0 && report.halfSnapshotsSeen === 0 && report.takeoverSeconds <= 60;

interface Host extends NetworkHost {
  worker: WorkerProcess;
  readonly startWorker: () => Promise<WorkerProcess>;
}

const tenantsToShare = 6;
const imports = { datasets: ["directory"] } as const;

/** @throws when an import does not end by itself. */
export async function tryTwoHosts(
  users: number,
  say: (line: string) => void,
): Promise<HostsReport> {
  const network = await createHostNetwork(["a", "b"]);
  const microsoft = await startProxiedMicrosoft();
  const server = await startOwnServer();
  await server.openTo(hostNetwork, centre);
  const { multiTenantApp } = credentials;
  const installation = await createInstallation({ ...microsoft, multiTenantApp }, server);
  const ports = [microsoft.loginOrigin, microsoft.graphOrigin, microsoft.reportsOrigin].map(
    (origin) => Number(new URL(origin).port),
  );
  const ways = await Promise.all(
    ports.map((port) => forward({ host: centre, port }, { host: "127.0.0.1", port })),
  );
  const hosts = await Promise.all(
    network.hosts.map((host) => startHost(host, installation, ports)),
  );
  const reader = startReader(installation);
  const world = { installation, microsoft };
  try {
    say("two hosts work");
    const shared = await shareWork(world, hosts, reader.watch);
    say(`shared: ${JSON.stringify(shared.runs)}`);
    const large = await connectTenant(world, "large", users);
    reader.watch(large);
    const { takeoverSeconds, cameBack } = await loseHost(installation, hosts, large, say);
    let differences = 0;
    for (const made of [...shared.tenants, large]) {
      differences += (await findDifferences(server, made, made.tenant, { evidence: false })).length;
    }
    await reader.close();
    return {
      users,
      sharedRuns: shared.runs,
      takeoverSeconds,
      cameBack,
      differences,
      halfSnapshotsSeen: reader.halfSnapshots.length,
    };
  } finally {
    await Promise.all(hosts.map((host) => host.worker.end("SIGKILL")));
    for (const way of ways) way.close();
    await installation.close();
    await microsoft.close();
    await network.close();
  }
}

async function startHost(
  host: NetworkHost,
  { workerEnv }: Installation,
  ports: readonly number[],
): Promise<Host> {
  const url = new URL(workerEnv.DATABASE_URL ?? "");
  url.hostname = centre;
  const script = new URL("host.ts", import.meta.url).pathname;
  const command = [...host.enter, process.execPath, script, centre, ...ports.map(String)];
  const startWorker = () => startWorkerProcess({ ...workerEnv, DATABASE_URL: url.href }, command);
  return { ...host, worker: await startWorker(), startWorker };
}

async function shareWork(
  world: { readonly installation: Installation; readonly microsoft: ProxiedMicrosoft },
  hosts: readonly Host[],
  watch: (made: ConnectedTenant) => void,
): Promise<{
  readonly tenants: readonly ConnectedTenant[];
  readonly runs: Readonly<Record<string, number>>;
}> {
  const tenants: ConnectedTenant[] = [];
  for (let index = 0; index < tenantsToShare; index += 1) {
    const made = await connectTenant(world, `shared-${index}`, 600);
    watch(made);
    tenants.push(made);
  }
  await Promise.all(
    tenants.map((made) => requestImport(world.installation, made, imports.datasets)),
  );
  for (const made of tenants) await published(world.installation, made);
  return {
    tenants,
    runs: Object.fromEntries(hosts.map(({ name, worker }) => [name, endedRuns(worker).length])),
  };
}

/** Pulls the wire of the host that reads a large tenant, waits for the other, and plugs it in again. */
async function loseHost(
  installation: Installation,
  hosts: readonly Host[],
  large: ConnectedTenant,
  say: (line: string) => void,
): Promise<{ readonly takeoverSeconds: number; readonly cameBack: string }> {
  large.tenant.setFaults([{ kind: "slow", stream: "users", delayMs: 1000 }]);
  const [first, second] = hosts;
  if (first === undefined || second === undefined) throw new Error("Two hosts are needed.");
  // The run is to be the first host's: the second has a worker again once it is.
  await second.worker.end("SIGTERM");
  await requestImport(installation, large, imports.datasets);
  await storedPages(installation, large, 1, 2);
  second.worker = await second.startWorker();
  const lostAt = Date.now();
  await first.unplug();
  say(`the wire of host ${first.name} is pulled`);
  await storedPages(installation, large, 2, 3);
  const takeoverSeconds = (Date.now() - lostAt) / 1000;
  say(`host ${second.name} goes on after ${takeoverSeconds.toFixed(1)} s`);
  const endedBefore = endedRuns(first.worker).length;
  await first.plug();
  const cameBack = await waitFor(
    "the lost host ends its part",
    async () => endedRuns(first.worker)[endedBefore],
    120_000,
  );
  say(`host ${first.name} is back: ${cameBack}`);
  large.tenant.setFaults([]);
  await published(installation, large);
  return { takeoverSeconds, cameBack };
}

/** Outcomes of the runs a worker worked on, from its log. */
const endedRuns = (worker: WorkerProcess): readonly string[] =>
  [...worker.output().matchAll(/"outcome":"([a-z-]+)","code":[^\n]*"event":"run-ended"/g)].map(
    ([, outcome = ""]) => outcome,
  );

const published = ({ db }: Installation, { connectionId }: ConnectedTenant) =>
  waitFor(
    "the import is published",
    async () => {
      const [run] = await db.ownerSql<{ state: string; failure: unknown }[]>`
        select state, failure from dataset_runs
        where connection_id = ${connectionId} order by created_at desc limit 1`;
      if (run?.state === "failed") throw new Error(JSON.stringify(run.failure));
      return run?.state === "succeeded";
    },
    300_000,
  );

/** Waits until a worker of this epoch has stored so many pages of accounts. */
const storedPages = (
  { db }: Installation,
  { connectionId }: ConnectedTenant,
  epoch: number,
  pages: number,
) =>
  waitFor(
    `epoch ${epoch} has stored ${pages} pages`,
    async () => {
      const [read] = await db.ownerSql<{ page_no: number; epoch: number }[]>`
        select c.page_no, r.epoch::int from read_checkpoints c
        join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
        where r.connection_id = ${connectionId} and c.read = 'users'`;
      return read !== undefined && read.epoch >= epoch && read.page_no >= pages;
    },
    120_000,
  );
