import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { giveNightlyCheck } from "#lib/services/ask-nightly-checks";
import { makeDue, schedule } from "#lib/services/testing/scheduled";
import { createImport, type TestConnection } from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import {
  createWorkerBench,
  expectTruth,
  storedUserPages,
  userPagesAsked,
  type WorkerBench,
} from "./testing/worker-bench.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

let bench: WorkerBench;
const others: WorkerProcess[] = [];

beforeEach(async () => {
  bench = await createWorkerBench();
}, 60_000);

afterEach(async () => {
  await Promise.all(others.splice(0).map((worker) => worker.end("SIGKILL")));
  await bench?.close();
});

const db = () => bench.installation.db;

/** A connected tenant whose schedule has been due for so many minutes. */
async function connectDue(seed: string, size: number, minutes: number) {
  const made = await bench.connect(seed, size);
  await schedule(db(), made);
  await makeDue(db(), made, minutes);
  return made;
}

const importsOf = ({ connectionId }: TestConnection) =>
  db().ownerSql<{ id: string; trigger: string }[]>`
    select id, trigger from imports where connection_id = ${connectionId} order by created_at`;

interface ScheduleFacts {
  readonly importId: string | null;
  readonly joined: boolean;
  /** From now on by the database's clock, minutes; negative = due. */
  readonly nextIn: number;
}

async function scheduleOf({ connectionId }: TestConnection): Promise<ScheduleFacts> {
  const [row] = await db().ownerSql<ScheduleFacts[]>`
    select last_import_id as "importId", last_joined as joined,
      (extract(epoch from next_run_at - now()) / 60)::float8 as "nextIn"
    from import_schedules where connection_id = ${connectionId}`;
  if (row === undefined) throw new Error("the connection has a schedule");
  return row;
}

const served = (made: TestConnection) =>
  waitFor("the due run was taken", async () => (await scheduleOf(made)).importId, 60_000);

it("makes up for a week by one import, whatever the number of workers (A19, A20)", async () => {
  const made = await connectDue("missed week", 300, 7 * 24 * 60);
  await Promise.all([bench.start(), bench.start()]);
  await bench.published(made, 3);
  await expectTruth(bench.installation, made);
  // Later rounds of both workers find the next due run, and nothing more to do for the first.
  const later = await connectDue("due later", 30, 1);
  await served(later);
  const [only, ...more] = await importsOf(made);
  expect([only?.trigger, more]).toEqual(["scheduled", []]);
  const { importId, joined, nextIn } = await scheduleOf(made);
  expect({ importId, joined }).toEqual({ importId: only?.id, joined: false });
  expect(nextIn).toBeGreaterThan(0);
  expect(nextIn).toBeLessThanOrEqual(24 * 60);
}, 180_000);

it("gets the import a person has under way, which is read once (A20)", async () => {
  const { installation } = bench;
  const made = await bench.connect("collision", 2600);
  await schedule(db(), made);
  made.tenant.setFaults([{ kind: "slow", stream: "users", page: 2, delayMs: 12_000, times: 1 }]);
  const manual = randomUUID();
  await bench.start();
  await createImport(installation, made, { importId: manual });
  await storedUserPages(installation, made, 1);
  await makeDue(db(), made);
  expect(await served(made)).toBe(manual);
  expect(await scheduleOf(made)).toMatchObject({ joined: true });
  await bench.published(made, 3);
  expect(await importsOf(made)).toEqual([{ id: manual, trigger: "manual" }]);
  // The verification asks for the first page as well.
  const { 1: _, ...laterPages } = userPagesAsked(made);
  expect([...new Set(Object.values(laterPages))]).toEqual([1]);
  await expectTruth(installation, made);
}, 180_000);

/** A worker on a host whose clock is so many minutes off. */
async function startWithClock(minutesOff: number): Promise<void> {
  const shift = `const Real = Date, off = ${minutesOff} * 60000;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length === 0) super(Real.now() + off); else super(...given); }
      static now() { return Real.now() + off; }
    };`;
  const worker = await startWorkerProcess({
    ...bench.installation.workerEnv,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}`,
  });
  others.push(worker);
  const [line] = worker.output().split("\n");
  const logged = Date.parse(JSON.parse(line ?? "{}").time);
  // The process does live in another time: without that the test would prove nothing.
  expect(Math.abs((logged - Date.now()) / 60_000 - minutesOff)).toBeLessThan(1);
}

/** A daily schedule at the database's time of day so many minutes from now. */
const setTime = ({ connectionId }: TestConnection, minutesFromNow: number) => db().ownerSql`
  update import_schedules
  set local_time = to_char((now() + make_interval(mins => ${minutesFromNow})) at time zone 'UTC', 'HH24:MI')
  where connection_id = ${connectionId}`;

it("goes by the database's clock on a host that is ten minutes ahead (A19)", async () => {
  const notYet = await bench.connect("not yet", 30);
  await schedule(db(), notYet);
  await makeDue(db(), notYet, -5);
  const due = await connectDue("due", 30, 1);
  await setTime(due, 5);
  await startWithClock(10);
  await served(due);
  // Still today: by the host's clock that run is past.
  const { nextIn } = await scheduleOf(due);
  expect(nextIn).toBeGreaterThan(2);
  expect(nextIn).toBeLessThan(6);
  expect(await importsOf(notYet)).toEqual([]);
  const later = await connectDue("a round later", 30, 1);
  await served(later);
  expect(await importsOf(notYet)).toEqual([]);
  expect(await importsOf(due)).toHaveLength(1);
}, 180_000);

it("goes by the database's clock on a host that is ten minutes behind (A19)", async () => {
  const due = await connectDue("due before", 30, 5);
  await setTime(due, -5);
  await startWithClock(-10);
  await served(due);
  // Tomorrow: by the host's clock that run is still to come today.
  expect((await scheduleOf(due)).nextIn).toBeGreaterThan(23 * 60);
  const later = await connectDue("a round later", 30, 1);
  await served(later);
  expect(await importsOf(due)).toHaveLength(1);
}, 180_000);

/** A connection whose nightly check is due so many minutes from now by the database's clock. */
async function checkIn(seed: string, minutesFromNow: number) {
  const made = await bench.connect(seed, 30);
  await db().worker.inWorkspace(made.workspaceId, (tx) => giveNightlyCheck(tx, made));
  await db().ownerSql`
    update connections set status = 'ready', proven_at = now() where id = ${made.connectionId}`;
  await db().ownerSql`
    update nightly_checks set next_check_at = now() + make_interval(mins => ${minutesFromNow})
    where connection_id = ${made.connectionId}`;
  return made;
}

const checksOf = async ({ connectionId }: TestConnection) =>
  (
    await db().ownerSql<{ state: string }[]>`
      select state from verifications
      where connection_id = ${connectionId} and requested_by = 'Nightly check'`
  ).map(({ state }) => state);

const checked = (made: TestConnection) =>
  waitFor(
    "the nightly check succeeded",
    async () => (await checksOf(made)).includes("succeeded") || null,
    60_000,
  );

it.each([
  ["ahead", 10],
  ["behind", -10],
] as const)(
  "checks nightly by the database's clock on a host that is ten minutes %s (A19)",
  async (_, minutesOff) => {
    const notYet = await checkIn("no night yet", 5);
    const due = await checkIn("night", -1);
    await startWithClock(minutesOff);
    await checked(due);
    const [row] = await db().ownerSql<{ hours: number; ahead: boolean }[]>`
    select extract(hour from next_check_at at time zone 'UTC')::int as hours, next_check_at > now() as ahead
    from nightly_checks where connection_id = ${due.connectionId}`;
    expect(row?.ahead).toBe(true);
    expect([22, 23]).toContain(row?.hours);
    // A later round serves who came due meanwhile, the first one not again, and the other not before its time.
    await checked(await checkIn("a later night", -1));
    expect(await checksOf(due)).toEqual(["succeeded"]);
    expect(await checksOf(notYet)).toEqual([]);
  },
  180_000,
);
