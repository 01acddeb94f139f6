import { afterEach, beforeEach, expect, it } from "vitest";
import { readReconciliation } from "../db/testing/published-rows.ts";
import { createImport, type Installation } from "./testing/installation.ts";
import { startOwnServer } from "./testing/own-server.ts";
import {
  createWorkerBench,
  expectTruth,
  holdLock,
  runsOf,
  storedUserPages,
  userPagesAsked,
  type WorkerBench,
} from "./testing/worker-bench.ts";
import { refusedWorkerProcess } from "./testing/worker-process.ts";

let bench: WorkerBench;

beforeEach(async () => {
  bench = await createWorkerBench();
}, 60_000);

afterEach(() => bench?.close());

const running = [{ dataset: "directory", state: "running", epoch: 1 }];

it("leaves within 30 s of SIGTERM from a publish that takes longer, and another worker publishes (A10)", async () => {
  const { installation } = bench;
  const made = await bench.connect("long publish", 120);
  const opportunities = await holdLock(installation, "lock table opportunities in share mode");
  const first = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await opportunities.met();
  const askedAt = Date.now();
  expect(await first.end("SIGTERM")).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(30_000);
  expect(await runsOf(installation, made)).toEqual(running);
  expect(await readReconciliation(installation.db, made)).toBeNull();
  await opportunities.release();

  await bench.start();
  await bench.published(made, 1);
  await expectTruth(installation, made);
}, 120_000);

it("reads three tenants at once with two workers: each run by one of them, each tenant whole (A7)", async () => {
  const { installation } = bench;
  const tenants = await Promise.all(
    ["one", "two", "three"].map((seed) => bench.connect(seed, 300)),
  );
  for (const made of tenants) await createImport(installation, made);
  await Promise.all([bench.start(), bench.start()]);
  for (const made of tenants) {
    await bench.published(made, 3, 90_000);
    await expectTruth(installation, made);
    const epochs = (await runsOf(installation, made)).map((run) => run.epoch);
    expect(epochs).toEqual([1, 1, 1]);
  }
  const [{ imports } = { imports: 0 }] = await installation.db.ownerSql<{ imports: number }[]>`
    select count(*)::int as imports from imports`;
  expect(imports).toBe(3);
}, 180_000);

/** A migration that only a newer version knows. */
const migrateFurther = ({ db }: Installation) => db.ownerSql`
  insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 32503680000000)`;

it("stops when the database is migrated under it, publishes nothing, and starts on no other schema (A18)", async () => {
  const { installation } = bench;
  const { ownerSql } = installation.db;
  const made = await bench.connect("migrated", 2600);
  made.tenant.setFaults([{ kind: "slow", stream: "users", page: 2, delayMs: 20_000, times: 1 }]);
  const old = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 1);
  await migrateFurther(installation);
  expect(await old.ended()).toBe(1);
  expect(old.output()).toContain("migrated by a newer version");
  expect(await runsOf(installation, made)).toEqual(running);
  expect(await readReconciliation(installation.db, made)).toBeNull();

  const older = await refusedWorkerProcess(installation.workerEnv);
  expect(older).toMatchObject({
    code: 1,
    output: expect.stringContaining("migrated by a newer version"),
  });
  await ownerSql`delete from drizzle.__drizzle_migrations where hash = 'newer'`;
  const [last] = await ownerSql<{ id: number; hash: string; created_at: string }[]>`
    delete from drizzle.__drizzle_migrations
    where created_at = (select max(created_at) from drizzle.__drizzle_migrations)
    returning id, hash, created_at`;
  const newer = await refusedWorkerProcess(installation.workerEnv);
  expect(newer).toMatchObject({
    code: 1,
    output: expect.stringContaining("npm run seatledger -- migrate"),
  });
  expect(newer.output).not.toContain("worker-started");

  await ownerSql`insert into drizzle.__drizzle_migrations ${ownerSql(last ?? {})}`;
  await bench.start();
  await bench.published(made, 1);
  await expectTruth(installation, made);
}, 120_000);

it("goes on after the database crashed in the middle of an import: rows equal the tenant (A4)", async () => {
  await bench.close();
  const server = await startOwnServer();
  bench = await createWorkerBench(server);
  const { installation } = bench;
  const made = await bench.connect("power cut", 4000);
  made.tenant.setFaults([{ kind: "slow", stream: "users", delayMs: 400 }]);
  const worker = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 2);
  made.tenant.log.clear();
  await server.crash();
  await worker.saw("run-interrupted");
  made.tenant.setFaults([]);
  await server.restart();

  await bench.published(made, 1);
  await expectTruth(installation, made);
  expect(Object.keys(userPagesAsked(made))).not.toContain("1");
  expect(Object.keys(userPagesAsked(made))).not.toContain("2");
  expect(await worker.end("SIGTERM")).toBe(0);
}, 180_000);
