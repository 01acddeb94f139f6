import { afterAll, beforeAll, expect, it } from "vitest";
import { readReconciliation } from "../db/testing/published-rows.ts";
import { createImport } from "./testing/installation.ts";
import { watchAsReader } from "./testing/watch-reader.ts";
import {
  type BenchTenant,
  createWorkerBench,
  expectTruth,
  forgetJobs,
  holdLock,
  runsOf,
  storedUserPages,
  userPagesAsked,
  type WorkerBench,
} from "./testing/worker-bench.ts";

let bench: WorkerBench;

beforeAll(async () => {
  bench = await createWorkerBench();
}, 60_000);

afterAll(() => bench?.close());

/** Today's figures of each license, as the history has them. */
const dailyHistory = async ({ workspaceId }: BenchTenant) => [
  ...(await bench.installation.db.ownerSql`
    select license_id, entitled, consumed, available, compliance from license_history
    where workspace_id = ${workspaceId} order by license_id`),
];

/** The same figures, as the published reconciliation has them. */
const shownFigures = async ({ workspaceId, connectionId }: BenchTenant) => [
  ...(await bench.installation.db.ownerSql`
    select p.license_id, p.entitled, p.consumed, p.available, p.compliance
    from connections c
    join license_positions p on p.workspace_id = c.workspace_id and p.reconciliation_id = c.reconciliation_id
    where c.workspace_id = ${workspaceId} and c.id = ${connectionId} and p.status = 'active'
    order by p.license_id`),
];

it("survives a kill while reading, before and inside the publish: old figures, then exactly the tenant (A1, A2, A3)", async () => {
  const { installation } = bench;
  const made = await bench.connect("killed", 2600);
  let worker = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await bench.published(made, 1);
  await expectTruth(installation, made);
  const before = await readReconciliation(installation.db, made);
  const history = await dailyHistory(made);
  expect(history.length).toBeGreaterThan(3);
  const reader = watchAsReader(installation, made);
  const kill = async () => {
    await worker.end("SIGKILL");
    await forgetJobs(installation);
  };

  const changed = { kind: "unknown-sku", count: 40 } as const;
  made.tenant.setFaults([changed, { kind: "hang", stream: "users", page: 2 }]);
  made.tenant.log.clear();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 1);
  await kill();
  made.tenant.setFaults([changed]);

  // Taking a run shares the connection, publishing does not: the worker reads to the end and waits there.
  const connection = await holdLock(
    installation,
    `select 1 from connections where id = '${made.connectionId}' for share`,
  );
  worker = await bench.start();
  await connection.met();
  expect(userPagesAsked(made)).toEqual({ 1: 1, 2: 2, 3: 1 });
  await kill();
  await connection.release();

  const opportunities = await holdLock(installation, "lock table opportunities in share mode");
  worker = await bench.start();
  const killed = await opportunities.met();
  await kill();
  expect(await readReconciliation(installation.db, made)).toEqual(before);
  expect(await dailyHistory(made)).toEqual(history);

  // The killed worker's statement still waits; the server ends it, or the next worker could not take the run.
  worker = await bench.start();
  await opportunities.met(killed);
  await opportunities.release();
  await bench.published(made, 2);

  await expectTruth(installation, made);
  expect(userPagesAsked(made)).toEqual({ 1: 1, 2: 2, 3: 1 });
  const after = await readReconciliation(installation.db, made);
  expect(await dailyHistory(made)).toEqual(await shownFigures(made));
  expect(await reader.stop()).toEqual([before?.id, after?.id]);
  const stored = await installation.db.ownerSql`
    select id from reconciliations where connection_id = ${made.connectionId} order by id`;
  expect(stored.map((row) => row.id)).toEqual([before?.id, after?.id]);
  await worker.end("SIGTERM");
}, 180_000);

it("fences a worker that was frozen and comes back (A8, A9)", async () => {
  const { installation } = bench;
  const made = await bench.connect("frozen", 2600);
  made.tenant.setFaults([{ kind: "slow", stream: "users", page: 2, delayMs: 3000, times: 1 }]);
  const zombie = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 1);
  zombie.freeze();
  await forgetJobs(installation);
  const winner = await bench.start();
  await bench.published(made, 1);
  const published = await readReconciliation(installation.db, made);

  zombie.thaw();
  await zombie.saw("run-ended");
  expect(zombie.output()).toMatch(/"epoch":1,"outcome":"superseded"/);
  expect(await runsOf(installation, made)).toEqual([
    { dataset: "directory", state: "succeeded", epoch: 2 },
  ]);
  expect(await readReconciliation(installation.db, made)).toEqual(published);
  await expectTruth(installation, made);
  await Promise.all([zombie.end("SIGTERM"), winner.end("SIGTERM")]);
}, 180_000);

it("takes the run from a worker that was frozen in the middle of a transaction (A8, A9)", async () => {
  const { installation } = bench;
  const made = await bench.connect("frozen-in-a-write", 2600);
  const zombie = await bench.start();
  const groups = await holdLock(installation, "lock table snapshot_groups in share mode");
  await createImport(installation, made, { datasets: ["directory"] });
  await groups.met();
  zombie.freeze();
  await groups.release();
  await forgetJobs(installation);
  const winner = await bench.start();
  await bench.published(made, 1);
  expect(winner.output()).toContain('"event":"lost-sessions-ended"');

  zombie.thaw();
  await zombie.saw("run-ended");
  expect(zombie.output()).toMatch(/"epoch":1,"outcome":"superseded"/);
  expect(await runsOf(installation, made)).toEqual([
    { dataset: "directory", state: "succeeded", epoch: 2 },
  ]);
  await expectTruth(installation, made);
}, 180_000);
