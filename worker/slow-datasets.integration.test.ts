import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

/** Reference/fault-catalogue.md A24, B30: sign-ins and usage take their time and are in nobody's way. */

const activeUsers = "getOffice365ActiveUserDetail";

let bench: WorkerBench;
let asker: Asker;

beforeAll(async () => {
  bench = await createWorkerBench();
  asker = await createAsker(bench.installation);
  await bench.start();
}, 120_000);

afterAll(async () => {
  await asker?.close();
  await bench?.close();
});

const connect = (seed: string, size: number): Promise<BenchTenant> =>
  connectVerified(bench, seed, size);

const ended = (importId: string, dataset: "directory" | "sign-ins" | "usage", timeoutMs?: number) =>
  inState(bench.installation, importId, [dataset, "succeeded"], timeoutMs);

const signInPages = (made: BenchTenant) => asked(made, "sign-ins").map(({ page }) => page);

/** Waits until so many pages of sign-ins are stored and the next one was asked for. */
const hangsAfter = (made: BenchTenant, pages: number) =>
  waitFor(`sign-ins hang after ${pages} pages`, async () => {
    const [read] = await bench.installation.db.ownerSql<{ page_no: number }[]>`
      select c.page_no from read_checkpoints c
      join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
      where c.workspace_id = ${made.workspaceId} and c.read = 'sign-ins' and r.state = 'running'`;
    const hangs = made.tenant.faults.counts().some(({ applied }) => applied > 0);
    return read?.page_no === pages && hangs;
  });

/** Every account's last sign-in is published, once. */
async function expectSignIns({ workspaceId, connectionId, tenant }: BenchTenant): Promise<void> {
  const [published] = await bench.installation.db.ownerSql`
    select count(*)::int as accounts, count(distinct user_id)::int as ids
    from snapshot_sign_ins s join dataset_epochs e
      on e.workspace_id = s.workspace_id and e.snapshot_id = s.snapshot_id and e.dataset = 'sign-ins'
    where e.workspace_id = ${workspaceId} and e.connection_id = ${connectionId}`;
  expect(published).toEqual({ accounts: tenant.spec.size, ids: tenant.spec.size });
}

it("slow datasets of six tenants take no directory's place, nor each other's", async () => {
  const slow = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => connect(`slow ${n}`, 60)));
  for (const { tenant } of slow) {
    tenant.setFaults([
      { kind: "hang", stream: "sign-ins" },
      { kind: "hang", stream: "usage" },
    ]);
  }
  const imports = await Promise.all(slow.map((made) => asker.start(made)));
  for (const id of imports) await ended(id, "directory");
  await waitFor("twelve slow runs are being worked on", async () => {
    const runs = await Promise.all(imports.map((id) => runsOfImport(bench.installation, id)));
    return runs.every(
      (run) => run["sign-ins"].state === "running" && run.usage.state === "running",
    );
  });
  const quick = await connect("quick", 60);
  const importId = await asker.start(quick);
  for (const dataset of ["directory", "sign-ins", "usage"] as const) {
    await ended(importId, dataset);
  }
  await expectTruth(bench.installation, quick);
  const others = await Promise.all(imports.map((id) => runsOfImport(bench.installation, id)));
  for (const run of others) {
    expect([run["sign-ins"].state, run.usage.state]).toEqual(["running", "running"]);
  }
  for (const { tenant } of slow) tenant.setFaults([]);
}, 240_000);

/** Each has a tenant of its own, and most of its time is waiting. */
describe.concurrent("slow datasets", () => {
  it("sign-ins that hang for long: directories go on beside them, the next import adopts them, nothing starts over (A24, B30)", async () => {
    const made = await connect("adopted", 1900);
    made.tenant.setFaults([{ kind: "hang", stream: "sign-ins", page: 3 }]);
    const first = await asker.start(made);
    await ended(first, "directory");
    await ended(first, "usage");
    await hangsAfter(made, 2);

    const second = await asker.start(made);
    expect(second).not.toBe(first);
    await ended(second, "directory");
    const before = await runsOfImport(bench.installation, first);
    const now = await runsOfImport(bench.installation, second);
    expect(now.directory.id).not.toBe(before.directory.id);
    expect(now["sign-ins"]).toMatchObject({ id: before["sign-ins"].id, adopted: true });
    expect(now["sign-ins"]).toMatchObject({ state: "running", epoch: 1 });
    expect(now.usage).toMatchObject({ adopted: false });

    made.tenant.setFaults([]);
    expect(await ended(second, "sign-ins")).toMatchObject({ epoch: 1 });
    await ended(second, "usage");
    await expectTruth(bench.installation, made);
    await expectSignIns(made);
    // The third was cut off by the test and asked for again; no other page came twice.
    expect(signInPages(made).filter((page) => page !== 3)).toEqual([1, 2, 4]);
    const published = await bench.installation.db.ownerSql`
    select 1 from dataset_runs where workspace_id = ${made.workspaceId}
      and dataset = 'sign-ins' and published_at is not null`;
    expect(published).toHaveLength(1);
  }, 120_000);

  it("sign-ins are cancelled on their own, can never publish then, and are read anew by the next import (A24)", async () => {
    const made = await connect("cancelled", 1900);
    made.tenant.setFaults([
      { kind: "hang", stream: "sign-ins", page: 2 },
      { kind: "slow", stream: "users", delayMs: 1500 },
    ]);
    const first = await asker.start(made);
    await hangsAfter(made, 1);
    await asker.cancel(made, first, "sign-ins");
    const { directory, "sign-ins": cancelled } = await runsOfImport(bench.installation, first);
    expect(cancelled.state).toBe("cancelled");
    expect(["running", "succeeded"]).toContain(directory.state);
    await ended(first, "directory");
    await ended(first, "usage");

    made.tenant.setFaults([]);
    const second = await asker.start(made);
    const again = await ended(second, "sign-ins");
    expect(again.id).not.toBe(cancelled.id);
    await ended(second, "directory");
    await expectTruth(bench.installation, made);
    await expectSignIns(made);
    expect((await runsOfImport(bench.installation, first))["sign-ins"].state).toBe("cancelled");
  }, 120_000);

  it("sign-ins keep below five requests in ten seconds: Microsoft refuses none (B30)", async () => {
    const made = await connect("paced", 3100);
    made.tenant.knobs.reportingLimit = 5;
    const importId = await asker.start(made);
    await ended(importId, "sign-ins", 90_000);
    await expectSignIns(made);
    const log = asked(made, "sign-ins");
    expect(log.map(({ page, status }) => [page, status])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((page) => [page, 200]),
    );
  }, 150_000);

  it("sign-ins that Microsoft lets through a few at a time: none early, all there (B30)", async () => {
    const made = await connect("few at a time", 2600);
    // Two in ten seconds: the ten in a minute of reference/microsoft-graph.md §4.2, and a clock six times as fast.
    Object.assign(made.tenant.knobs, { signInLimit: 2, clockScale: 6 });
    const importId = await asker.start(made);
    await ended(importId, "sign-ins", 90_000);
    await expectSignIns(made);
    const log = asked(made, "sign-ins");
    const pages = log.filter(({ status }) => status === 200).map(({ page }) => page);
    expect(pages).toEqual([1, 2, 3, 4, 5, 6]);
    expect(log.some(({ status }) => status === 429)).toBe(true);
    expect(made.tenant.log.counts().earlyRetries).toBe(0);
  }, 150_000);

  it("a report that used up its fourteen requests waits for its turn, and shows it", async () => {
    const made = await connect("budget used up", 60);
    const { workspaceId, connectionId } = made;
    const { ownerSql } = bench.installation.db;
    // The reports' own setting is asked for just before the first report: until the budget is gone, it hangs.
    made.tenant.setFaults([{ kind: "hang", endpoint: "reportSettings" }]);
    const importId = await asker.start(made);
    await waitFor("the reports are about to be asked for", async () =>
      made.tenant.faults.counts().some(({ applied }) => applied > 0),
    );
    const [{ free } = { free: "" }] = await ownerSql<{ free: string }[]>`
    insert into service_budgets (workspace_id, connection_id, service, operation, slots)
    select ${workspaceId}, ${connectionId}, 'usage-reports', 'active-users',
      array_agg(now() - interval '581 seconds' + n * interval '10 seconds' order by n)
    from generate_series(0, 13) n
    returning slots[1] + interval '601 seconds' as free`;
    made.tenant.setFaults([]);
    const wait = await waitFor("the wait is shown", async () => {
      const [row] = await ownerSql<{ wait_kind: string; retries: number }[]>`
      select wait_kind, retries from read_checkpoints
      where workspace_id = ${workspaceId} and read = 'report:active-users' and wait_until > now()`;
      return row;
    });
    expect(wait).toEqual({ wait_kind: "pacing", retries: 0 });
    await ended(importId, "usage");
    const report = asked(made, "usage").filter(({ endpoint }) => endpoint === activeUsers);
    expect(report.map(({ status }) => status)).toEqual([302]);
    expect(Date.parse(report[0]?.at ?? "")).toBeGreaterThanOrEqual(new Date(free).getTime() - 250);
  }, 120_000);

  it("usage reports that others used up: what Microsoft refuses is read when it allows it, and published whole", async () => {
    const made = await connect("quota used up", 60);
    const { tenant, workspaceId } = made;
    Object.assign(tenant.knobs, { reportLimit: 14, clockScale: 60 });
    const fourteen = { requests: 14, windowMs: 10 * 60_000 };
    for (let used = 0; used < 14; used += 1) tenant.quotas.take(activeUsers, fourteen);
    const importId = await asker.start(made);
    await ended(importId, "usage");
    const statuses = asked(made, "usage")
      .filter(({ endpoint }) => endpoint === activeUsers)
      .map(({ status }) => status);
    expect(statuses).toEqual([429, 302]);
    expect(tenant.log.counts().earlyRetries).toBe(0);
    const reads = await bench.installation.db.ownerSql`
    select distinct c.state from read_checkpoints c
    join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
    where c.workspace_id = ${workspaceId} and r.dataset = 'usage'`;
    expect(reads).toEqual([{ state: "complete" }]);
  }, 120_000);
});
