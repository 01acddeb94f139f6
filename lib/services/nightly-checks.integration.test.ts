import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openQueueSender } from "#db/queue";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { nightlyCheck } from "#lib/domain/nightly-check";
import { nextRun } from "#lib/domain/schedule";
import { askNightlyChecks, giveNightlyCheck } from "./ask-nightly-checks.ts";
import type { Ctx } from "./context.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { listVerifications } from "./list-verifications.ts";
import { pauseImports } from "./pause-imports.ts";
import { startVerification } from "./start-verification.ts";
import { schedule } from "./testing/scheduled.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { updateSchedule } from "./update-schedule.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;
let connection: TestConnection;
const queues: { close(): Promise<void> }[] = [];
const rounds: (() => Promise<number>)[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  for (let host = 0; host < 3; host += 1) {
    const queue = await openQueueSender({
      url: db.urls.worker,
      applicationName: "test worker",
      onError: () => undefined,
    });
    queues.push(queue);
    const log = {
      info: () => undefined,
      error: (_event: string, _facts: unknown, error: unknown) => errors.push(error),
    };
    rounds.push(() =>
      askNightlyChecks({ db: db.worker, queue, log }, new AbortController().signal),
    );
  }
});
afterAll(async () => {
  for (const queue of queues) await queue.close();
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  errors.length = 0;
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  connection = await createTestConnection(db, { workspaceId });
  await schedule(db, connection);
  await db.worker.inWorkspace(workspaceId, (tx) => giveNightlyCheck(tx, connection));
});

const key = () => ({ connectionId: connection.connectionId });
/** Three workers at the same moment; how many checks they asked for. */
const everybody = async (): Promise<number> =>
  (await Promise.all(rounds.map((round) => round()))).reduce((sum, asked) => sum + asked, 0);
const checks = async () => (await listVerifications(owner, key())).items;
const overdue = (interval: string) => db.ownerSql`
  update nightly_checks set next_check_at = now() - ${interval}::interval
  where connection_id = ${connection.connectionId}`;
const row = async () => {
  const [found] = await db.ownerSql<{ next: Date; now: Date; asked: Date | null }[]>`
    select next_check_at as next, now() as now, last_asked_at as asked
    from nightly_checks where connection_id = ${connection.connectionId}`;
  if (found === undefined) throw new Error("the connection has a nightly check");
  return found;
};
const end = () => db.ownerSql`
  update verifications set state = 'succeeded', finished_at = now()
  where connection_id = ${connection.connectionId}`;

it("waits for its night, then is asked for once by three workers", async () => {
  expect(await everybody()).toBe(0);
  await overdue("1 minute");
  expect(await everybody()).toBe(1);
  expect(await checks()).toMatchObject([{ kind: "check", state: "queued" }]);
  expect(await everybody()).toBe(0);
  expect(errors).toEqual([]);
  const { next, now, asked } = await row();
  expect(asked).not.toBeNull();
  expect(next).toEqual(nextRun(nightlyCheck(connection.connectionId, "UTC"), now));
});

it("makes up for a week by one check", async () => {
  await overdue("7 days");
  expect(await everybody()).toBe(1);
  await end();
  expect(await everybody()).toBe(0);
  expect((await row()).next.getTime()).toBeGreaterThan(Date.now());
});

it("takes the check a person has under way as the night's", async () => {
  const { id } = await startVerification(owner, key());
  await overdue("1 minute");
  expect(await everybody()).toBe(0);
  expect((await checks()).map((check) => check.id)).toEqual([id]);
  expect((await row()).next.getTime()).toBeGreaterThan(Date.now());
});

it("leaves a paused connection alone and catches up once when the pause ends", async () => {
  await pauseImports(owner, { ...key(), paused: true });
  await overdue("3 days");
  expect(await everybody()).toBe(0);
  await pauseImports(owner, { ...key(), paused: false });
  expect(await everybody()).toBe(1);
  await end();
  expect(await everybody()).toBe(0);
});

it("never looks at what is disconnected", async () => {
  await disconnectConnection(owner, key());
  await overdue("1 minute");
  expect(await everybody()).toBe(0);
});

it("comes in the night of the schedule's time zone", async () => {
  const timeZone = "Australia/Lord_Howe";
  await updateSchedule(owner, { ...key(), cadence: "daily", time: "02:30", timeZone });
  await overdue("1 minute");
  expect(await everybody()).toBe(1);
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit" }).format(
    (await row()).next,
  );
  expect(["22", "23"]).toContain(hour);
});

it("keeps no other connection waiting for one that is held", async () => {
  const other = await createTestConnection(db, { workspaceId: owner.workspaceId });
  await db.worker.inWorkspace(owner.workspaceId, (tx) => giveNightlyCheck(tx, other));
  await db.ownerSql`
    update nightly_checks set next_check_at = now() - interval '1 minute'
    where workspace_id = ${owner.workspaceId}`;
  const holder = await db.ownerSql.reserve();
  try {
    await holder`begin`;
    await holder`select 1 from connections where id = ${connection.connectionId} for update`;
    expect(await rounds[0]?.()).toBe(1);
    expect(errors).toEqual([]);
  } finally {
    await holder`rollback`;
    holder.release();
  }
  expect(await everybody()).toBe(1);
});

it("removes the checks of a season ago, never the last that succeeded", async () => {
  const past = (state: string, days: number) => db.ownerSql`
    insert into verifications (workspace_id, connection_id, kind, state, requested_by, created_at, finished_at)
    values (${owner.workspaceId}, ${connection.connectionId}, 'check', ${state}, ${`${days} days ago`},
      now() - make_interval(days => ${days}), now() - make_interval(days => ${days}))`;
  for (const days of [200, 150, 100]) await past("succeeded", days);
  await past("failed", 95);
  await overdue("1 minute");
  expect(await everybody()).toBe(1);
  const left = await db.ownerSql<{ by: string }[]>`
    select requested_by as by from verifications
    where connection_id = ${connection.connectionId} order by created_at`;
  expect(left.map(({ by }) => by)).toEqual(["100 days ago", "95 days ago", "Nightly check"]);
});

it("is given once, not within the hour; older connections get theirs with the migration", async () => {
  const { next, now } = await row();
  expect(next.getTime() - now.getTime()).toBeGreaterThan(3_500_000);
  await overdue("1 minute");
  await db.worker.inWorkspace(owner.workspaceId, (tx) => giveNightlyCheck(tx, connection));
  expect((await row()).next.getTime()).toBeLessThan(Date.now());

  const folder = join(import.meta.dirname, "../../db/migrations");
  const file = (await readdir(folder)).find((name) => name.endsWith("_health.sql"));
  const text = await readFile(join(folder, file ?? ""), "utf8");
  await db.ownerSql`delete from nightly_checks`;
  await db.ownerSql`update connections set verified_at = now() where id = ${connection.connectionId}`;
  await db.ownerSql.unsafe(text.slice(text.indexOf("INSERT INTO")));
  const migrated = await row();
  expect(migrated.next).toEqual(
    nextRun(nightlyCheck(connection.connectionId, "UTC"), migrated.now),
  );
});
