import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openOwner } from "#db/owner";
import { readReconciliation } from "../db/testing/published-rows.ts";
import { createImport } from "./testing/installation.ts";
import {
  createWorkerBench,
  expectTruth,
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

const asSuperuser = async (work: (sql: ReturnType<typeof openOwner>) => Promise<unknown>) => {
  const sql = openOwner(inject("superuserUrl"));
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
};

/** Copies the whole database as it is; nobody may be connected meanwhile. */
async function backUp(name: string, copy: string): Promise<void> {
  await asSuperuser(async (sql) => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    const [{ owner } = { owner: "" }] = await sql<{ owner: string }[]>`
      select pg_get_userbyid(datdba) as owner from pg_database where datname = ${name}`;
    await sql`create database ${sql(copy)} template ${sql(name)} owner ${sql(owner)}`;
  });
}

async function restore(name: string, copy: string): Promise<void> {
  await asSuperuser(async (sql) => {
    await sql`drop database ${sql(name)} with (force)`;
    await sql`alter database ${sql(copy)} rename to ${sql(name)}`;
  });
}

/** What is in a backup was written when it was taken. */
const asOfYesterday = async () => {
  const { ownerSql } = bench.installation.db;
  const columns = [
    ["dataset_runs", ["created_at", "started_at", "progress_at"]],
    ["read_checkpoints", ["started_at", "committed_at", "finished_at"]],
    ["snapshots", ["as_of", "created_at", "published_at"]],
    ["imports", ["created_at"]],
  ] as const;
  for (const [table, names] of columns) {
    const moved = names.map((name) => `${name} = ${name} - interval '25 hours'`).join(", ");
    await ownerSql.unsafe(`update ${table} set ${moved}`);
  }
};

it("a run of a restored backup starts over: nothing of yesterday is published as of today (A21)", async () => {
  const { installation } = bench;
  const { db } = installation;
  const name = new URL(db.urls.owner).pathname.slice(1);
  const made = await bench.connect("restored", 2600);
  made.tenant.setFaults([{ kind: "hang", stream: "users", page: 2 }]);
  const first = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 1);
  await first.end("SIGKILL");
  await backUp(name, `${name}_copy`);

  // Life goes on after the backup; all of this is lost with the restore.
  made.tenant.setFaults([]);
  const second = await bench.start();
  await bench.published(made, 1);
  await second.end("SIGTERM");
  await restore(name, `${name}_copy`);
  await asOfYesterday();
  expect(await runsOf(installation, made)).toMatchObject([{ state: "running" }]);
  expect(await readReconciliation(db, made)).toBeNull();

  made.tenant.setFaults([{ kind: "unknown-sku", count: 30 }]);
  made.tenant.log.clear();
  await bench.start();
  await bench.published(made, 1);
  await expectTruth(installation, made);
  expect(userPagesAsked(made)).toEqual({ 1: 1, 2: 1, 3: 1 });
  const asked = made.tenant.log.entries().map((entry) => entry.stream);
  expect(asked).toContain("organization");
  const [{ minutes } = { minutes: Number.NaN }] = await db.ownerSql<{ minutes: number }[]>`
    select extract(epoch from now() - s.as_of)::int / 60 as minutes
    from dataset_epochs e join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.connection_id = ${made.connectionId}`;
  expect(minutes).toBeLessThan(5);
}, 180_000);
