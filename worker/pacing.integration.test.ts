import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { StreamItem } from "#lib/domain/import-item";
import { saveSecret } from "./testing/installation.ts";
import {
  type Asker,
  asked,
  connectVerified,
  createAsker,
  inState,
  runsOfImport,
} from "./testing/paced-tenants.ts";
import { waitFor } from "./testing/wait-for.ts";
import {
  type BenchTenant,
  createWorkerBench,
  expectTruth,
  type WorkerBench,
} from "./testing/worker-bench.ts";
import type { WorkerProcess } from "./testing/worker-process.ts";

/** Reference/fault-catalogue.md B1, B2, B3: what happens while Microsoft limits, with the real worker process. */

let bench: WorkerBench;
let asker: Asker;
let worker: WorkerProcess;
let connected: BenchTenant[] = [];

beforeAll(async () => {
  bench = await createWorkerBench();
  asker = await createAsker(bench.installation);
  worker = await bench.start();
}, 120_000);

afterEach(async () => {
  for (const { tenant } of connected) tenant.setFaults([]);
  connected = [];
  const { ownerSql } = bench.installation.db;
  await ownerSql`update dataset_runs set state = 'cancelled' where state in ('queued', 'running')`;
});

afterAll(async () => {
  await asker?.close();
  await bench?.close();
});

async function connect(seed: string, size: number): Promise<BenchTenant> {
  const made = await connectVerified(bench, seed, size);
  connected.push(made);
  return made;
}

const connectAll = (seed: string, count: number, size: number): Promise<BenchTenant[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => connect(`${seed} ${n}`, size)));

const directoryPublished = (importId: string, timeoutMs?: number) =>
  inState(bench.installation, importId, ["directory", "succeeded"], timeoutMs);

it("a storm of 429 on half of all requests for five seconds each, of reports for one: not one comes early, every row is right (B1)", async () => {
  const storm = await connect("storm", 2600);
  storm.tenant.setFaults(
    (["users", "groups", "subscriptions", "deleted-users", "sign-ins", "usage"] as const).map(
      // Reports are ten, one after the other.
      (stream) => ({ kind: "throttle", stream, every: 2, seconds: stream === "usage" ? 1 : 5 }),
    ),
  );
  const importId = await asker.start(storm);
  await waitFor("a limit with its end, as people see it", async () => {
    const { streams } = await asker.look(storm, importId);
    const ahead = ({ limitedUntil }: StreamItem) =>
      limitedUntil !== null && Date.parse(limitedUntil) > Date.now();
    return streams.some(ahead);
  });
  await directoryPublished(importId, 120_000);
  for (const dataset of ["sign-ins", "usage"] as const) {
    await inState(bench.installation, importId, [dataset, "succeeded"], 180_000);
  }
  await expectTruth(bench.installation, storm);
  const statuses = storm.tenant.log.entries().map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(8);
  expect(storm.tenant.log.counts().earlyRetries).toBe(0);
}, 360_000);

/** The time a limit names has come, for the database and for whoever asks it anew. */
async function limitsEnd(): Promise<void> {
  const { ownerSql } = bench.installation.db;
  await ownerSql`delete from service_budgets where limited_until is not null`;
  await ownerSql`update dataset_runs set paused_until = now() where paused_until is not null`;
  await ownerSql`update pgboss.job set start_after = now() where state = 'created'`;
}

it("tenants limited for ten minutes give their places up, stay running, and hold nobody back (B2)", async () => {
  const limited = await connectAll("limited for long", 5, 60);
  for (const { tenant } of limited) {
    tenant.setFaults([{ kind: "throttle", stream: "users", seconds: 600, times: 1 }]);
  }
  const imports = await Promise.all(limited.map((tenant) => asker.start(tenant)));
  await waitFor("all five are put aside", async () => {
    const runs = await Promise.all(imports.map((id) => runsOfImport(bench.installation, id)));
    return runs.every(({ directory }) => directory.state === "running" && directory.paused);
  });
  const { ownerSql } = bench.installation.db;
  const laterJobs = (count: number) =>
    waitFor(`${count} jobs for in ten minutes`, async () => {
      const jobs = await ownerSql<{ later: boolean }[]>`
        select state = 'created' and start_after > now() + interval '9 min' as later
        from pgboss.job where name = 'directory-run' and state < 'completed'`;
      return jobs.length === count && jobs.every(({ later }) => later);
    });
  await laterJobs(5);

  // The queue forgets them: the reconciler may not wake them before their time either.
  await ownerSql`delete from pgboss.job where name = 'directory-run' and state = 'created'`;
  const free = await connect("not limited", 60);
  await directoryPublished(await asker.start(free), 20_000);
  const waiting = await connect("asks for a verification", 60);
  const { verificationId } = await saveSecret(bench.installation, waiting, {
    secret: "canary8Q~secret-of-the-worker-bench",
    version: 2,
    verify: true,
  });
  await waitFor("verified", async () => {
    const [row] = await ownerSql`select state from verifications where id = ${verificationId}`;
    return row?.state === "succeeded";
  });
  await laterJobs(5);
  for (const made of limited) expect(asked(made, "users")).toHaveLength(1);

  // Ten minutes later, in a worker that was not there before.
  await worker.end("SIGTERM");
  for (const { tenant } of limited) tenant.setFaults([]);
  await limitsEnd();
  worker = await bench.start();
  for (const id of imports) await directoryPublished(id);
  for (const made of limited) {
    await expectTruth(bench.installation, made);
    expect(made.tenant.log.counts().earlyRetries).toBe(0);
  }
}, 180_000);

it("many tenants limited at once: none earlier than it may, not all in one moment, others go on (B3)", async () => {
  const limited = await connectAll("limited at once", 8, 60);
  for (const { tenant } of limited) {
    tenant.setFaults([{ kind: "throttle", stream: "users", seconds: 4, times: 1 }]);
  }
  const free = await connect("free meanwhile", 60);
  const imports = await Promise.all(limited.map((tenant) => asker.start(tenant)));
  const freeImport = await asker.start(free);
  for (const id of [...imports, freeImport]) await directoryPublished(id);

  const back = limited.map((made) => {
    const [refused, again, ...more] = asked(made, "users");
    expect([refused?.status, again?.status, more.length]).toEqual([429, 200, 0]);
    expect(made.tenant.log.counts().earlyRetries).toBe(0);
    return Date.parse(again?.at ?? "") - Date.parse(refused?.at ?? "");
  });
  for (const ms of back) expect(ms).toBeGreaterThanOrEqual(4000);
  // The spread of each tenant's own pause, apart from when it began.
  expect(Math.max(...back) - Math.min(...back)).toBeGreaterThan(40);
  expect(free.tenant.log.counts().earlyRetries).toBe(0);
  expect(asked(free, "users").map(({ status }) => status)).toEqual([200]);
}, 120_000);

it("what one worker was told holds for another, in every service of the tenant that it concerns", async () => {
  const made = await connect("told elsewhere", 60);
  const { ownerSql } = bench.installation.db;
  const { workspaceId, connectionId } = made;
  await ownerSql`
    insert into service_budgets (workspace_id, connection_id, service, operation, limited_until)
    select ${workspaceId}, ${connectionId}, service, '', now() + interval '6 seconds'
    from unnest(array['directory', 'identity-reports']) service`;
  const until = Date.now() + 6000;
  const importId = await asker.start(made);
  await directoryPublished(importId);
  await inState(bench.installation, importId, ["sign-ins", "succeeded"]);
  const first = (stream: "organization" | "sign-ins") =>
    Date.parse(asked(made, stream)[0]?.at ?? "");
  expect(first("organization")).toBeGreaterThanOrEqual(until - 250);
  expect(first("sign-ins")).toBeGreaterThanOrEqual(until - 250);
  // Usage reports are a service of their own.
  await inState(bench.installation, importId, ["usage", "succeeded"]);
}, 120_000);
