import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import { tenantFromRequest } from "#simulator/specs";
import { truthOf } from "#simulator/store/truth";
import {
  appUrl,
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

const canary = "canary8Q~never-to-be-seen-anywhere";
const spec = tenantFromRequest({ seed: "worker import", size: 2600, app: { secret: canary } });
const clientId = spec.apps[0]?.clientId ?? "";

let simulator: Simulator;
let installation: Installation;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [spec], apps: defaultApps([appUrl]) });
  const multiTenantApp = credentials.multiTenantApp;
  installation = await createInstallation({ ...simulator, multiTenantApp });
}, 120_000);

afterEach(async () => {
  tenant().setFaults([]);
  await Promise.all(workers.splice(0).map((worker) => worker.end("SIGTERM")));
  // The next test's connection may have the tenant.
  const { ownerSql } = installation.db;
  await ownerSql`update dataset_runs set state = 'cancelled' where state in ('queued', 'running')`;
  await ownerSql`update connections set status = 'disconnected'`;
  await ownerSql`delete from tenant_claims`;
});

afterAll(async () => {
  await installation?.close();
  await simulator?.close();
});

function tenant() {
  const found = simulator.store.findTenant(spec.id);
  if (!found) throw new Error("the tenant is there");
  return found;
}

async function start(): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(installation.workerEnv);
  workers.push(worker);
  return worker;
}

async function connection(): Promise<TestConnection> {
  const made = await createRegisteredConnection(installation, { tenantId: spec.id, clientId });
  await saveSecret(installation, made, { secret: canary, version: 1, verify: false });
  return made;
}

/** All runs of the workspace published; a failed one ends the wait. */
const published = (made: TestConnection, runs: number, timeoutMs: number) =>
  waitFor(
    "all datasets published",
    async () => {
      const states = Object.values(await runStates(made.workspaceId));
      expect(states).not.toContain("failed");
      return states.length === runs && states.every((state) => state === "succeeded");
    },
    timeoutMs,
  );

const runStates = async (workspaceId: string) =>
  Object.fromEntries(
    (
      await installation.db.ownerSql<{ dataset: string; state: string }[]>`
        select dataset, state from dataset_runs where workspace_id = ${workspaceId}`
    ).map((run) => [run.dataset, run.state]),
  );

/** Pages of the user list asked for, by page number. */
const userPages = () => {
  const pages = tenant()
    .log.entries()
    .filter((entry) => entry.stream === "users")
    .map((entry) => entry.page);
  return Object.fromEntries(
    [...new Set(pages)].map((page) => [page, pages.filter((p) => p === page).length]),
  );
};

/** What is published equals the tenant: accounts, and seats per SKU. */
async function expectTruth({ workspaceId, connectionId }: TestConnection): Promise<void> {
  const { ownerSql } = installation.db;
  const truth = await truthOf(tenant());
  const [users] = await ownerSql<{ stored: number; distinct: number }[]>`
    select count(*)::int as stored, count(distinct user_id)::int as distinct
    from snapshot_users u join dataset_epochs e
      on e.workspace_id = u.workspace_id and e.snapshot_id = u.snapshot_id and e.dataset = 'directory'
    where u.workspace_id = ${workspaceId} and e.connection_id = ${connectionId}`;
  expect(users).toEqual({ stored: truth.users.listed, distinct: truth.users.listed });
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

it("verifies first, then imports a tenant whole, and shows its secret nowhere", async () => {
  const made = await connection();
  await createImport(installation, made);
  const worker = await start();
  await published(made, 3, 90_000);
  await expectTruth(made);

  const { ownerSql } = installation.db;
  const [row] = await ownerSql`
    select status, tenant_name, problem, proven_at is not null as proven, declined_permissions
    from connections where workspace_id = ${made.workspaceId}`;
  expect(row).toEqual({
    status: "ready",
    tenant_name: spec.name,
    problem: null,
    proven: true,
    declined_permissions: [],
  });
  const jobs = await ownerSql`select data, output from pgboss.job`;
  const audit = await ownerSql`select * from audit_events where workspace_id = ${made.workspaceId}`;
  const checks =
    await ownerSql`select * from verifications where workspace_id = ${made.workspaceId}`;
  const everywhere = JSON.stringify([jobs, audit, checks]) + worker.output();
  expect(jobs.length).toBeGreaterThan(0);
  expect(everywhere).not.toContain(canary);
  expect(everywhere).not.toMatch(/skiptoken|eyJ0|PRIVATE KEY/);
  expect(audit.map((event) => event.action)).toContain("connection.verified");
  for (const line of worker.output().trim().split("\n"))
    expect(() => JSON.parse(line)).not.toThrow();
}, 180_000);

/** A connection that was verified and imported nothing yet. */
async function verifiedConnection(): Promise<TestConnection> {
  const made = await createRegisteredConnection(installation, { tenantId: spec.id, clientId });
  const { verificationId } = await saveSecret(installation, made, {
    secret: canary,
    version: 1,
    verify: true,
  });
  const worker = await start();
  await waitFor("verified", async () => {
    const [row] = await installation.db.ownerSql`
      select state from verifications where id = ${verificationId}`;
    expect(row?.state).not.toBe("failed");
    return row?.state === "succeeded";
  });
  await worker.end("SIGTERM");
  workers.splice(0);
  tenant().log.clear();
  return made;
}

/** The second page of users never comes: the first is stored, the second in flight. */
async function untilSecondPageHangs(made: TestConnection): Promise<void> {
  await waitFor("first page stored, second asked for", async () => {
    const [read] = await installation.db.ownerSql`
      select page_no from read_checkpoints
      where read = 'users' and workspace_id = ${made.workspaceId}`;
    return (
      read?.page_no === 1 &&
      tenant()
        .faults.counts()
        .some((fault) => fault.applied > 0)
    );
  });
}

it("goes on in another worker after kill -9, from the last committed page", async () => {
  const made = await verifiedConnection();
  tenant().setFaults([{ kind: "hang", stream: "users", page: 2 }]);
  const first = await start();
  await createImport(installation, made, { datasets: ["directory"] });
  await untilSecondPageHangs(made);
  await first.end("SIGKILL");
  tenant().setFaults([]);

  const killedAt = Date.now();
  await start();
  await published(made, 1, 60_000);
  expect(Date.now() - killedAt).toBeLessThan(60_000);
  await expectTruth(made);
  expect(userPages()).toEqual({ 1: 1, 2: 2, 3: 1 });
}, 180_000);

it("stops at a page boundary on SIGTERM with exit code 0, and another worker goes on", async () => {
  const made = await verifiedConnection();
  tenant().setFaults([{ kind: "slow", stream: "users", delayMs: 1500 }]);
  const first = await start();
  await createImport(installation, made, { datasets: ["directory"] });
  await waitFor("a page of users stored", async () => {
    const [read] = await installation.db.ownerSql`
      select page_no from read_checkpoints
      where read = 'users' and workspace_id = ${made.workspaceId}`;
    return (read?.page_no ?? 0) > 0;
  });
  const askedAt = Date.now();
  expect(await first.end("SIGTERM")).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(30_000);
  expect(await runStates(made.workspaceId)).toEqual({ directory: "running" });

  tenant().setFaults([]);
  await start();
  await published(made, 1, 60_000);
  await expectTruth(made);
  expect(userPages()[1]).toBe(1);
}, 180_000);

it("wakes runs whose jobs are lost within 15 seconds", async () => {
  const made = await verifiedConnection();
  await createImport(installation, made);
  await installation.db.ownerSql`delete from pgboss.job`;
  await start();
  await waitFor(
    "every run taken",
    async () =>
      Object.values(await runStates(made.workspaceId)).every((state) => state !== "queued"),
    15_000,
  );
  await published(made, 3, 90_000);
}, 180_000);

it("marks the connection when its credential stops working, and leaves published numbers alone", async () => {
  const made = await verifiedConnection();
  await start();
  await createImport(installation, made, { datasets: ["directory"] });
  await published(made, 1, 60_000);
  const app = simulator.store.apps.get(clientId);
  if (!app) throw new Error("the registration is there");
  simulator.store.addApp({ ...app, secrets: [] });
  try {
    await createImport(installation, made, { datasets: ["directory"] });
    await waitFor("the second import failed", async () => {
      const [run] = await installation.db.ownerSql`
        select failure from dataset_runs where workspace_id = ${made.workspaceId} and state = 'failed'`;
      return run?.failure;
    });
  } finally {
    simulator.store.addApp(app);
  }
  const [row] = await installation.db.ownerSql`
    select status, problem from connections where workspace_id = ${made.workspaceId}`;
  expect(row).toMatchObject({ status: "action-needed", problem: { class: "credential" } });
  await expectTruth(made);

  await createImport(installation, made, { datasets: ["directory"] });
  await waitFor("ready again", async () => {
    const [again] = await installation.db.ownerSql`
      select status from connections where workspace_id = ${made.workspaceId}`;
    return again?.status === "ready";
  });
}, 180_000);
