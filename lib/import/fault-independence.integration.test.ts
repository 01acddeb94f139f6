import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTenant, type SimulatedTenant } from "#lib/microsoft/testing/simulated-tenant";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { type Fault, type FaultInput, faultSchema } from "#simulator/faults/types";
import { readLicenses, readReconciliation, readSeats } from "../../db/testing/published-rows.ts";
import { connectTo, type SimulatedImport } from "../../db/testing/simulated-import.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/test-database.ts";

let db: TestDatabase;
let simulator: Simulator;
let tenant: SimulatedTenant;
let clean: Awaited<ReturnType<typeof publishedOf>>;

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await createSimulator({ tenants: [] });
  tenant = await addTenant(simulator, { seed: "fault independence", size: 1100 });
  const imported = await connectTo(db, tenant);
  for (const dataset of datasets) {
    expect(await imported.import(dataset)).toEqual({ kind: "published" });
  }
  clean = await publishedOf(imported);
});
afterAll(async () => {
  await simulator?.close();
  await db?.close();
});

const datasets = ["directory", "sign-ins", "usage"] as const;

/** Everything a reader gets, but ids of this connection and the places of rows in their read. */
async function publishedOf({ connection }: SimulatedImport) {
  const { ownerSql } = db;
  const of = connection.connectionId;
  const accounts = await ownerSql`
    select to_jsonb(u) - '{workspace_id,snapshot_id,user_no,page_no}'::text[] as row
    from dataset_epochs e
    join snapshot_users u on u.workspace_id = e.workspace_id and u.snapshot_id = e.snapshot_id
    where e.connection_id = ${of} and e.dataset = 'directory' order by u.user_id`;
  const signIns = await ownerSql`
    select to_jsonb(s) - '{workspace_id,snapshot_id}'::text[] as row
    from dataset_epochs e
    join snapshot_sign_ins s on s.workspace_id = e.workspace_id and s.snapshot_id = e.snapshot_id
    where e.connection_id = ${of} and e.dataset = 'sign-ins' order by s.user_id`;
  const usage = await ownerSql`
    select to_jsonb(u) - '{workspace_id,snapshot_id}'::text[] as row
    from dataset_epochs e
    join snapshot_usage u on u.workspace_id = e.workspace_id and u.snapshot_id = e.snapshot_id
    where e.connection_id = ${of} and e.dataset = 'usage' order by u.upn_key, u.report`;
  const seats = (await readSeats(db, connection)).map((seat) => JSON.stringify(seat)).sort();
  const licenses = (await readLicenses(db, connection)).map(({ licenseId: _, ...rest }) => rest);
  return { accounts: [...accounts], signIns: [...signIns], usage: [...usage], seats, licenses };
}

const stream = fc.constantFrom("users", "subscriptions", "groups", "sign-ins", "usage", undefined);

/** Which requests: the first few, every n-th, some pages. `times` bounds most, so that most schedules end well. */
const where = fc
  .record({
    stream,
    page: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 2 }),
    after: fc.integer({ min: 0, max: 3 }),
    every: fc.integer({ min: 1, max: 4 }),
    times: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 5 }),
  })
  .map(({ stream: of, page, times, ...rest }) => ({
    ...rest,
    ...(of === undefined ? {} : { stream: of }),
    ...(page === undefined ? {} : { page }),
    ...(times === undefined ? {} : { times }),
  }));

/** Faults of the way and of the answer. None of them changes the tenant. */
const what: fc.Arbitrary<FaultInput> = fc.oneof(
  fc.record({
    kind: fc.constant("throttle" as const),
    seconds: fc.constant(0),
    retryAfter: fc.constantFrom("integer", "decimal", "date", "missing"),
  }),
  fc.record({
    kind: fc.constant("server-error" as const),
    status: fc.constantFrom(200, 500, 502, 503, 504),
    body: fc.constantFrom("json" as const, "html" as const, "empty" as const),
  }),
  fc.record({
    kind: fc.constant("reset" as const),
    when: fc.constantFrom("before-headers" as const, "mid-body" as const),
  }),
  fc.constant<FaultInput>({ kind: "truncated" }),
  fc.constant<FaultInput>({ kind: "expired-page-token" }),
  fc.constant<FaultInput>({ kind: "unauthorized" }),
  fc.constant<FaultInput>({ kind: "empty-page" }),
  fc.constant<FaultInput>({ kind: "no-value" }),
  fc.constant<FaultInput>({ kind: "slow", delayMs: 10 }),
  fc.constant<FaultInput>({ kind: "link-loop" }),
);

/** Copies of accounts on two pages are no fault of a request; the others are aimed. */
const schedules: fc.Arbitrary<readonly FaultInput[]> = fc
  .tuple(
    fc.array(
      fc.tuple(what, where).map(([fault, at]): Fault => faultSchema.parse({ ...fault, ...at })),
      { minLength: 1, maxLength: 5 },
    ),
    fc.option(
      fc.record({
        kind: fc.constant("duplicate-rows" as const),
        count: fc.integer({ min: 1, max: 5 }),
      }),
    ),
  )
  .map(([aimed, copies]) => (copies === null ? aimed : [...aimed, copies]));

it("any schedule of faults that ends well publishes what is published without faults; any other publishes nothing", async () => {
  let published = 0;
  await fc.assert(
    fc.asyncProperty(schedules, async (faults) => {
      const imported = await connectTo(db, tenant);
      await tenant.setFaults(faults);
      const outcomes = [];
      for (const dataset of datasets) outcomes.push((await imported.import(dataset)).kind);
      await tenant.setFaults([]);
      const found = await publishedOf(imported);
      if (outcomes[0] === "published") {
        expect(found.accounts).toEqual(clean.accounts);
        expect(found.seats).toEqual(clean.seats);
      } else {
        expect(await readReconciliation(db, imported.connection)).toBeNull();
      }
      expect(found.signIns).toEqual(outcomes[1] === "published" ? clean.signIns : []);
      if (outcomes.every((outcome) => outcome === "published") && (await isWhole(imported))) {
        expect(found).toEqual(clean);
        published += 1;
      }
    }),
    { numRuns: 7, examples: [[[{ kind: "reset", stream: "users", times: 2 }]]] },
  );
  expect(published).toBeGreaterThan(0);
}, 240_000);

/** Optional reads that were given up are told as such; the rest must be the same. */
async function isWhole({ connection }: SimulatedImport): Promise<boolean> {
  const ended = await db.ownerSql`
    select 1 from read_checkpoints c
    join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
    where r.connection_id = ${connection.connectionId} and c.state <> 'complete'`;
  return ended.length === 0;
}
