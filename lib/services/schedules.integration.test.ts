import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { beatWorker } from "#db/queries/workers";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { defaultSchedule, nextRun } from "#lib/domain/schedule";
import { skuRow } from "#lib/import/testing/rows";
import { cancelImport } from "./cancel-import.ts";
import type { Ctx } from "./context.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getConnection } from "./get-connection.ts";
import { getImport } from "./get-import.ts";
import { getOverview } from "./get-overview.ts";
import { getSchedule } from "./get-schedule.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listImports } from "./list-imports.ts";
import { pauseImports } from "./pause-imports.ts";
import { startImport } from "./start-import.ts";
import { createScheduler, makeDue, type Scheduler, schedule } from "./testing/scheduled.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { updateSchedule } from "./update-schedule.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;
let hosts: readonly Scheduler[];
let connection: TestConnection;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  hosts = await Promise.all([1, 2, 3].map(() => createScheduler(db, web.platform)));
});
afterAll(async () => {
  for (const host of hosts ?? []) await host.close();
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  connection = await createTestConnection(db, { workspaceId });
  await schedule(db, connection);
  await db.worker.outside((tx) => beatWorker(tx, randomUUID()));
});

const key = () => ({ connectionId: connection.connectionId });
const scheduleOf = () => getSchedule(owner, key());
const importsOf = async () => (await listImports(owner, key())).items;
const audited = async () =>
  (await listAuditEvents(owner, {})).items.map((event) => [event.action, event.actorName]);
const host = () => {
  const [first] = hosts;
  if (first === undefined) throw new Error("there are three hosts");
  return first;
};
/** Ends the import's active runs as Microsoft's failure would. */
const failRuns = () => db.ownerSql`
  update dataset_runs set state = 'failed', finished_at = now(),
    failure = '{"class": "upstream", "code": "server-error"}'
  where connection_id = ${connection.connectionId} and state in ('queued', 'running')`;

describe("a connection's first schedule", () => {
  it("is daily at its own minute of the night, not within the hour, and given once", async () => {
    const made = await scheduleOf();
    const expected = defaultSchedule(connection.connectionId);
    expect(made).toMatchObject({
      cadence: "daily",
      weekday: null,
      time: expected.time,
      timeZone: "UTC",
      paused: false,
      lastRun: null,
      overdue: null,
      changedBy: "Seatledger",
    });
    const next = new Date(made.nextRunAt ?? "");
    expect(next.getTime() - Date.now()).toBeGreaterThan(59 * 60_000);
    expect(next.toISOString().slice(11, 16)).toBe(expected.time);
    await updateSchedule(owner, { ...key(), cadence: "daily", time: "12:00", timeZone: "UTC" });
    await schedule(db, connection);
    expect(await scheduleOf()).toMatchObject({ time: "12:00" });
  });

  it("comes to connections of an older version with the migration", async () => {
    const text = await readFile(
      join(import.meta.dirname, "../../db/migrations/0003_schedules.sql"),
      "utf8",
    );
    const insert = text.slice(text.indexOf("INSERT INTO"));
    const { workspaceId } = connection;
    const ids = await Promise.all(
      Array.from(
        { length: 8 },
        async () => (await createTestConnection(db, { workspaceId })).connectionId,
      ),
    );
    const never = await createTestConnection(db, { workspaceId });
    await db.ownerSql`delete from import_schedules`;
    await db.ownerSql`update connections set verified_at = now() where id in ${db.ownerSql(ids)}`;
    const [clock] = await db.ownerSql<{ now: Date }[]>`select now()`;
    await db.ownerSql.unsafe(insert);
    const rows = await db.ownerSql<{ id: string; time: string; zone: string; next: Date }[]>`
      select connection_id as id, local_time as time, time_zone as zone, next_run_at as next
      from import_schedules`;
    expect(rows.map((row) => row.id).toSorted()).toEqual(ids.toSorted());
    expect(ids).not.toContain(never.connectionId);
    const soonest = new Date((clock?.now.getTime() ?? 0) + 3_600_000);
    for (const { id, time, zone, next } of rows) {
      expect({ cadence: "daily", time, timeZone: zone }).toEqual(defaultSchedule(id));
      expect(next).toEqual(nextRun(defaultSchedule(id), soonest));
    }
  });
});

describe("updateSchedule", () => {
  it("sets the timing, tells the next run and is audited with what was before", async () => {
    const weekly = {
      cadence: "weekly",
      weekday: "sunday",
      time: "02:30",
      timeZone: "Europe/Berlin",
    } as const;
    const made = await updateSchedule(owner, { ...key(), ...weekly });
    expect(made).toMatchObject({ ...weekly, changedBy: owner.actor.name });
    const zoned = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/Berlin",
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(made.nextRunAt ?? ""));
    expect(zoned).toBe("Sunday 02:30");
    const [event] = (await listAuditEvents(owner, {})).items;
    expect(event).toMatchObject({
      action: "schedule.changed",
      targetId: connection.connectionId,
      details: { from: defaultSchedule(connection.connectionId), to: weekly },
    });
  });

  it("leaves everything as it is when nothing changes", async () => {
    const before = await scheduleOf();
    const { cadence, time, timeZone } = before;
    expect(await updateSchedule(owner, { ...key(), cadence, time, timeZone })).toEqual(before);
    expect(await audited()).toEqual([]);
  });

  it.each([
    ["time", { cadence: "daily", time: "24:00", timeZone: "UTC" }],
    ["time", { cadence: "daily", time: "7:00", timeZone: "UTC" }],
    ["timeZone", { cadence: "daily", time: "07:00", timeZone: "Mars/Olympus" }],
    ["timeZone", { cadence: "daily", time: "07:00", timeZone: "+02:00" }],
    ["weekday", { cadence: "weekly", time: "07:00", timeZone: "UTC" }],
    ["weekday", { cadence: "daily", weekday: "monday", time: "07:00", timeZone: "UTC" }],
  ] as const)("names the field %s of %j", async (field, input) => {
    await expect(updateSchedule(owner, { ...key(), ...input })).rejects.toMatchObject({
      code: "invalid",
      fields: { [field]: expect.any(String) },
    });
  });

  it("is refused before the connection was ever ready, and after it is disconnected", async () => {
    const timing = { cadence: "daily", time: "07:00", timeZone: "UTC" } as const;
    const { workspaceId } = connection;
    const { connectionId } = await createTestConnection(db, { workspaceId });
    await expect(updateSchedule(owner, { connectionId, ...timing })).rejects.toMatchObject({
      code: "conflict",
    });
    await disconnectConnection(owner, key());
    await expect(updateSchedule(owner, { ...key(), ...timing })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(scheduleOf()).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("pauseImports", () => {
  const pause = (paused: boolean) => pauseImports(owner, { ...key(), paused });

  it("is the connection's status: nothing starts, by schedule or by hand", async () => {
    expect(await pause(true)).toMatchObject({ paused: true, nextRunAt: null });
    expect(await getConnection(owner, key())).toMatchObject({ status: "paused" });
    await makeDue(db, connection);
    expect(await host().round()).toEqual({ started: 0, joined: 0, refused: 0 });
    await expect(startImport(owner, { ...key(), trigger: "manual" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await importsOf()).toEqual([]);
  });

  it("makes up for nothing when it ends, and is audited once each way", async () => {
    await pause(true);
    await pause(true);
    await makeDue(db, connection, 3 * 24 * 60);
    const resumed = await pause(false);
    await pause(false);
    expect(resumed).toMatchObject({ paused: false, overdue: null });
    expect(Date.parse(resumed.nextRunAt ?? "")).toBeGreaterThan(Date.now());
    expect(await host().round()).toEqual({ started: 0, joined: 0, refused: 0 });
    expect((await audited()).map(([action]) => action)).toEqual([
      "connection.resumed",
      "connection.paused",
    ]);
  });

  it("leaves what was wrong before as it was", async () => {
    await db.ownerSql`
      update connections set status = 'action-needed', problem = '{"class": "credential", "code": "secret-expired"}'
      where id = ${connection.connectionId}`;
    await pause(true);
    await pause(false);
    expect(await getConnection(owner, key())).toMatchObject({
      status: "action-needed",
      problem: { code: "secret-expired" },
    });
  });

  it("waits until a verification has ended", async () => {
    await db.ownerSql`update connections set status = 'verifying' where id = ${connection.connectionId}`;
    await expect(pause(true)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a due run", () => {
  it("starts one import on three hosts at once, by the schedule, and sets the next run", async () => {
    await makeDue(db, connection);
    const rounds = await Promise.all([...hosts, ...hosts].map((one) => one.round()));
    expect(rounds.reduce((sum, { started }) => sum + started, 0)).toBe(1);
    expect(rounds.reduce((sum, { joined, refused }) => sum + joined + refused, 0)).toBe(0);
    const imports = await importsOf();
    expect(imports).toMatchObject([
      { trigger: "scheduled", requestedBy: "Schedule", state: "queued" },
    ]);
    const after = await scheduleOf();
    expect(after.lastRun).toMatchObject({ importId: imports[0]?.id, joined: false });
    expect(Date.parse(after.nextRunAt ?? "")).toBeGreaterThan(Date.now());
    expect(await audited()).toEqual([["import.started", "Schedule"]]);
    expect(hosts.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it("makes up for a week without workers by one import", async () => {
    await makeDue(db, connection, 7 * 24 * 60);
    expect(await host().round()).toEqual({ started: 1, joined: 0, refused: 0 });
    await failRuns();
    expect(await host().round()).toEqual({ started: 0, joined: 0, refused: 0 });
    expect(await importsOf()).toHaveLength(1);
  });

  it("gets the import somebody else has under way, and says so", async () => {
    const manual = await startImport(owner, { ...key(), trigger: "manual" });
    await makeDue(db, connection);
    expect(await host().round()).toEqual({ started: 0, joined: 1, refused: 0 });
    expect((await importsOf()).map(({ id }) => id)).toEqual([manual.id]);
    expect((await scheduleOf()).lastRun).toMatchObject({ importId: manual.id, joined: true });
    expect((await audited())[0]).toEqual(["schedule.joined-import", "Schedule"]);
    expect((await getImport(owner, { importId: manual.id })).joinedBy).toEqual([
      { trigger: "scheduled", requestedBy: "Schedule", at: expect.any(String) },
    ]);
  });

  it("and a person who asks meanwhile gets the scheduled one", async () => {
    await makeDue(db, connection);
    await host().round();
    const { id } = await startImport(owner, { ...key(), trigger: "manual" });
    expect(await importsOf()).toMatchObject([
      {
        id,
        trigger: "scheduled",
        joinedBy: [{ trigger: "manual", requestedBy: owner.actor.name }],
      },
    ]);
  });

  it("is one with a person's who asks at the same moment", async () => {
    for (let time = 0; time < 5; time += 1) {
      await makeDue(db, connection);
      const [asked] = await Promise.all([
        startImport(owner, { ...key(), trigger: "manual" }),
        ...hosts.map((one) => one.round()),
      ]);
      const imports = await importsOf();
      expect(imports).toHaveLength(time + 1);
      expect((await scheduleOf()).lastRun?.importId).toBe(asked.id);
      await cancelImport(owner, { importId: asked.id });
    }
  });

  it("joins an import whose publish holds the connection, without waiting for it", async () => {
    const manual = await startImport(owner, { ...key(), trigger: "manual" });
    await makeDue(db, connection);
    await db.ownerSql.begin(async (publish) => {
      await publish`select from connections where id = ${connection.connectionId} for update`;
      expect(await host().round()).toEqual({ started: 0, joined: 1, refused: 0 });
    });
    expect((await scheduleOf()).lastRun).toMatchObject({ importId: manual.id, joined: true });
  });

  it("waits for its turn behind somebody who holds the connection, and keeps no other from it", async () => {
    const other = await createTestConnection(db, { workspaceId: connection.workspaceId });
    await schedule(db, other);
    await makeDue(db, connection, 2);
    await makeDue(db, other, 1);
    await db.ownerSql.begin(async (holder) => {
      await holder`select from connections where id = ${connection.connectionId} for update`;
      expect(await host().round()).toEqual({ started: 1, joined: 0, refused: 0 });
    });
    expect((await listImports(owner, { connectionId: other.connectionId })).items).toHaveLength(1);
    expect(await importsOf()).toEqual([]);
    expect(await host().round()).toEqual({ started: 1, joined: 0, refused: 0 });
    expect(host().errors).toEqual([]);
  });

  it("of a connection that cannot be imported is told and over", async () => {
    await db.ownerSql`
      update connections set source = 'office-365-deprecated' where id = ${connection.connectionId}`;
    await makeDue(db, connection);
    expect(await host().round()).toEqual({ started: 0, joined: 0, refused: 1 });
    expect(await host().round()).toEqual({ started: 0, joined: 0, refused: 0 });
    expect((await audited())[0]).toEqual(["schedule.import-refused", "Schedule"]);
  });
});

describe("overdue", () => {
  /** A daily schedule whose last run was due two hours ago. */
  const dueTwoHoursAgo = async () => {
    const time = new Date(Date.now() - 2 * 3_600_000).toISOString().slice(11, 16);
    await updateSchedule(owner, { ...key(), cadence: "daily", time, timeZone: "UTC" });
    await makeDue(db, connection, 120);
  };
  const overdueOf = async () => (await scheduleOf()).overdue;
  const attention = async () =>
    (await getOverview(owner)).attention.filter((item) => item.kind === "overdue");
  const publish = () =>
    publishDirectory(
      { db, store: createImportStore(db.worker), connection },
      { skus: [skuRow(1)] },
    );

  it("is silent while the schedule is kept", async () => {
    await dueTwoHoursAgo();
    await publish();
    expect(await overdueOf()).toBeNull();
    expect(await attention()).toEqual([]);
  });

  it("names a missing worker", async () => {
    await dueTwoHoursAgo();
    await db.ownerSql`update workers set seen_at = now() - interval '2 minutes'`;
    expect(await overdueOf()).toMatchObject({ reason: "no-worker" });
    expect(await attention()).toMatchObject([
      { connectionId: connection.connectionId, text: expect.stringContaining("no worker") },
    ]);
  });

  it("names a pause, a repair that is due, and a start that did not happen", async () => {
    await dueTwoHoursAgo();
    expect(await overdueOf()).toMatchObject({ reason: "not-started" });
    await pauseImports(owner, { ...key(), paused: true });
    expect(await overdueOf()).toMatchObject({ reason: "paused" });
    await db.ownerSql`
      update connections set status = 'action-needed' where id = ${connection.connectionId}`;
    expect(await overdueOf()).toMatchObject({ reason: "action-needed" });
    // The repair is what is told of it.
    expect(await attention()).toEqual([]);
  });

  it("begins with the second import that fails in a row, and ends with the next that works", async () => {
    await dueTwoHoursAgo();
    await host().round();
    expect(await overdueOf()).toBeNull();
    await failRuns();
    expect(await overdueOf()).toBeNull();
    const { id } = await startImport(owner, { ...key(), trigger: "manual" });
    await failRuns();
    expect(await overdueOf()).toMatchObject({
      reason: "import-failed",
      what: "The last 2 imports failed.",
    });
    expect(await attention()).toMatchObject([{ href: `/imports/${id}` }]);
    await publish();
    expect(await overdueOf()).toBeNull();
  });

  it("does not count what was due before the timing was set", async () => {
    const time = new Date(Date.now() - 2 * 3_600_000).toISOString().slice(11, 16);
    await updateSchedule(owner, { ...key(), cadence: "daily", time, timeZone: "UTC" });
    expect(await overdueOf()).toBeNull();
  });
});

it("shows and starts nothing of another workspace", async () => {
  const { workspaceId } = await createWorkspace(db);
  const stranger = await createMember(db, web.platform, workspaceId, "owner");
  await expect(getSchedule(stranger, key())).rejects.toMatchObject({ code: "not-found" });
  await expect(pauseImports(stranger, { ...key(), paused: true })).rejects.toMatchObject({
    code: "not-found",
  });
});
