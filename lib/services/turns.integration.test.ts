import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { pauseRun } from "#db/queries/run-turns";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, createTestRun } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { ImportTrigger } from "#lib/domain/import";
import { writePage } from "#lib/import/testing/write-page";
import type { Ctx } from "./context.ts";
import { startImport } from "./start-import.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

/** Who comes next: docs/adr/0009. */

let db: TestDatabase;
let web: TestWeb;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
beforeEach(() => db.ownerSql`delete from pgboss.job`);
afterAll(async () => {
  await web?.close();
  await db?.close();
});

async function createOwner(): Promise<Ctx> {
  const { workspaceId } = await createWorkspace(db);
  return createMember(db, web.platform, workspaceId, "owner");
}

/** Asks for an import of a new connection, by a person or by its schedule; returns the connection. */
async function ask(owner: Ctx, trigger: ImportTrigger): Promise<string> {
  const { workspaceId } = owner;
  const { connectionId } = await createTestConnection(db, { workspaceId });
  const actor: Ctx["actor"] =
    trigger === "scheduled"
      ? { kind: "system", id: "scheduler", name: "Schedule", role: "owner" }
      : owner.actor;
  await startImport({ ...owner, actor }, { connectionId, trigger });
  return connectionId;
}

/** Connections in the order in which free workers take their waiting jobs. */
const order = async (queue: "directory-run" | "slow-run"): Promise<readonly string[]> => {
  const rows = await db.ownerSql<{ connection_id: string }[]>`
    select r.connection_id from pgboss.job j
    join dataset_runs r on r.id = j.singleton_key::uuid
    where j.name = ${queue} and j.state = 'created' order by j.priority desc, j.created_on`;
  return rows.map((row) => row.connection_id);
};

it("a workspace that asks for twenty imports at once holds up no other one", async () => {
  const [many, one] = [await createOwner(), await createOwner()];
  const first = await ask(many, "scheduled");
  for (let n = 1; n < 20; n += 1) await ask(many, "scheduled");
  const other = await ask(one, "scheduled");
  const directories = await order("directory-run");
  expect(directories).toHaveLength(21);
  expect(directories.slice(0, 2).toSorted()).toEqual([first, other].toSorted());
  expect((await order("slow-run")).indexOf(other)).toBeLessThanOrEqual(3);
});

it("who asks for an import now does not wait behind the schedules of the own workspace", async () => {
  const owner = await createOwner();
  for (let n = 0; n < 10; n += 1) await ask(owner, "scheduled");
  const now = await ask(owner, "manual");
  expect((await order("directory-run")).indexOf(now)).toBeLessThanOrEqual(1);
});

it("the last of a long line goes before those who come when its time has come", async () => {
  const [early, late] = [await createOwner(), await createOwner()];
  for (let n = 0; n < 4; n += 1) await ask(early, "scheduled");
  const last = await ask(early, "scheduled");
  // Ten minutes pass; nobody had a place.
  await db.ownerSql`
    update pgboss.job set priority = priority + 600, created_on = created_on - interval '10 min'`;
  const newcomer = await ask(late, "manual");
  const directories = await order("directory-run");
  expect(directories.indexOf(last)).toBeLessThan(directories.indexOf(newcomer));
});

it("a run is put aside while pages come through, and given up after two hours without one", async () => {
  const connection = await createTestConnection(db);
  const store = createImportStore(db.worker);
  const run = await store.begin(await createTestRun(db, connection, "sign-ins"));
  if (run === null) throw new Error("a queued run begins");
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  const pause = (until: Date) =>
    db.worker.inWorkspace(run.workspaceId, (tx) => pauseRun(tx, run, until));
  expect(await pause(inMinutes(20))).toBeInstanceOf(Date);
  expect(await pause(inMinutes(121))).toBe("too-long");
  await db.ownerSql`
    update dataset_runs set started_at = now() - interval '5 hours' where id = ${run.runId}`;
  expect(await pause(inMinutes(20))).toBe("too-long");
  const page = { rows: [], quarantined: [], next: "next", last: false };
  await writePage(store, run, { read: "sign-ins", attempt: 1, pageNo: 1, page, retries: 0 });
  expect(await pause(inMinutes(20))).toBeInstanceOf(Date);
});
