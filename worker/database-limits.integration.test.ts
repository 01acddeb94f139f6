import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openOwner } from "#db/owner";
import { readLicenses, readReconciliation } from "../db/testing/published-rows.ts";
import { createImport } from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import {
  createWorkerBench,
  expectTruth,
  runsOf,
  storedUserPages,
  type WorkerBench,
} from "./testing/worker-bench.ts";

let bench: WorkerBench;

beforeAll(async () => {
  bench = await createWorkerBench();
}, 60_000);
afterAll(() => bench?.close());

/** Lets inserts of accounts fail as on a full disk: every one, or every second one. */
async function fillDisk(which: "always" | "every second time"): Promise<void> {
  const { ownerSql } = bench.installation.db;
  const when = which === "always" ? "true" : "nextval('public.test_inserts') % 2 = 1";
  await ownerSql.unsafe(`
    create sequence if not exists public.test_inserts;
    create or replace function public.test_disk_full() returns trigger
      language plpgsql security definer set search_path = public as $$
    begin
      if ${when} then
        raise exception using errcode = '53100', message = 'could not extend file';
      end if;
      return null;
    end $$;
    create trigger test_disk_full before insert on snapshot_users
      for each statement execute function public.test_disk_full()`);
}

const freeDisk = async () => {
  await bench.installation.db.ownerSql`drop trigger test_disk_full on snapshot_users`;
};

it("a disk that stays full fails the run as `database`, loudly; the numbers stay and the next import works (A15, 53100)", async () => {
  const { installation } = bench;
  const { db } = installation;
  const made = await bench.connect("disk full", 300);
  const worker = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await bench.published(made, 1);
  const before = {
    reconciliation: await readReconciliation(db, made),
    licenses: await readLicenses(db, made),
  };

  made.tenant.setFaults([{ kind: "unknown-sku", count: 20 }]);
  await fillDisk("always");
  await createImport(installation, made, { datasets: ["directory"] });
  await worker.saw("run-broke");
  const failed = await waitFor("the run failed", async () =>
    (await runsOf(installation, made)).find((run) => run.state === "failed"),
  );
  expect(failed.dataset).toBe("directory");
  const [{ failure } = { failure: null }] = await db.ownerSql`
    select failure from dataset_runs where connection_id = ${made.connectionId} and state = 'failed'`;
  expect(failure).toMatchObject({ class: "database", code: "database-unavailable" });
  expect(worker.output()).toMatch(/"level":"error".*"53100".*"run-broke"/);
  expect(await readReconciliation(db, made)).toEqual(before.reconciliation);
  expect(await readLicenses(db, made)).toEqual(before.licenses);

  await freeDisk();
  await createImport(installation, made, { datasets: ["directory"] });
  await waitFor("the next import published", async () => {
    const states = (await runsOf(installation, made)).map((run) => run.state);
    return states.filter((state) => state === "succeeded").length === 2;
  });
  await expectTruth(installation, made);
  await worker.end("SIGTERM");
}, 180_000);

it("a run that goes on after every fault is not given up, however many there are (A15)", async () => {
  const { installation } = bench;
  const made = await bench.connect("disk now and then full", 6500);
  const worker = await bench.start();
  await fillDisk("every second time");
  await createImport(installation, made, { datasets: ["directory"] });
  await bench.published(made, 1);
  await freeDisk();
  const interruptions = worker.output().split('"run-interrupted"').length - 1;
  expect(interruptions).toBeGreaterThan(5);
  await expectTruth(installation, made);
  await worker.end("SIGTERM");
}, 180_000);

it("goes on by itself when the database has no connection left for a while (A15, 53300)", async () => {
  const { installation } = bench;
  const { ownerSql, urls } = installation.db;
  const name = new URL(urls.owner).pathname.slice(1);
  const made = await bench.connect("no connections", 2600);
  made.tenant.setFaults([{ kind: "slow", stream: "users", page: 2, delayMs: 1500, times: 1 }]);
  const worker = await bench.start();
  await createImport(installation, made, { datasets: ["directory"] });
  await storedUserPages(installation, made, 1);
  await ownerSql.unsafe(`alter database ${name} connection limit 0`);
  const superuser = openOwner(inject("superuserUrl"));
  await superuser`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${name} and usename = 'seatledger_worker'`;
  await superuser.end({ timeout: 5 });
  await worker.saw("run-interrupted");
  await waitFor("the worker is refused", async () => worker.output().includes('"53300"'));
  await ownerSql.unsafe(`alter database ${name} connection limit -1`);

  await bench.published(made, 1);
  await expectTruth(installation, made);
  expect(await worker.end("SIGTERM")).toBe(0);
}, 180_000);
