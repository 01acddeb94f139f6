import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Read } from "#lib/domain/import";
import type { ImportStore, RowOf, RunHandle, SignInRow, UserRow } from "#lib/import/ports";
import { assignmentRow, guid, page, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";
import { createTestConnection, createTestRun } from "../testing/import-fixtures.ts";
import { publishDirectory } from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { withBulkPlans } from "./bulk-plans.ts";
import { createImportStore } from "./import-store.ts";
import { sumRows } from "./read-sums.ts";
import { countSeats } from "./seat-counts.ts";

let db: TestDatabase;
let store: ImportStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = createImportStore(db.worker);
});
afterAll(() => db?.close());

const begin = async (dataset: "directory" | "sign-ins"): Promise<RunHandle> => {
  const run = await store.begin(await createTestRun(db, await createTestConnection(db), dataset));
  if (run === null) throw new Error("a queued run begins");
  return run;
};

const writer = <R extends Read>(run: RunHandle, read: R) => {
  let attempt = 1;
  let pageNo = 0;
  let last: readonly RowOf<R>[] = [];
  const put = (rows: readonly RowOf<R>[]) =>
    writePage(store, run, { read, attempt, pageNo, page: page(rows, "more"), retries: 0 });
  return {
    write: async (rows: readonly RowOf<R>[]) => {
      pageNo += 1;
      last = rows;
      await put(rows);
    },
    /** The answer to a COMMIT was lost: the same page comes again. */
    repeat: async () => {
      if (pageNo > 0) await put(last);
    },
    restart: async () => {
      await store.restartRead(run, read);
      attempt += 1;
      pageNo = 0;
    },
  };
};

const kept = async (run: RunHandle, read: Read) => {
  const [row] = await db.ownerSql<
    { digest: string | null; held: Record<string, number> | null; left: number }[]
  >`
    select digest::text, held, rows - duplicates as left from read_checkpoints
    where run_id = ${run.runId} and read = ${read}`;
  if (row === undefined) throw new Error("a run has checkpoints");
  return row;
};

const inTables = async (run: RunHandle, read: Read) => {
  const digest = await db.worker.inWorkspace(run.workspaceId, (tx) => sumRows(tx, run, read));
  const held = await db.ownerSql<{ key: string; n: number }[]>`
    select a.sku_no || ':' || (a.holds::int + a.direct::int * 2 + (a.group_ids is not null)::int * 4
      + a.in_error::int * 8 + (u.account_enabled is false)::int * 16
      + (u.user_type is not distinct from 'Guest')::int * 32) as key, count(*)::int as n
    from snapshot_assignments a join snapshot_users u on u.snapshot_id = a.snapshot_id and u.user_no = a.user_no
    where a.snapshot_id = ${run.snapshotId} group by 1`;
  const [rows] = await db.ownerSql<{ n: number }[]>`
    select ((select count(*) from snapshot_users where snapshot_id = ${run.snapshotId})
      + (select count(*) from snapshot_sign_ins where snapshot_id = ${run.snapshotId}))::int as n`;
  return {
    digest,
    held: Object.fromEntries(held.map((row) => [row.key, row.n])),
    left: rows?.n,
  };
};

const seatsOf = (run: RunHandle) =>
  db.worker.inWorkspace(run.workspaceId, (tx) => withBulkPlans(tx, () => countSeats(tx, run)));

const withoutZeros = (held: Record<string, number> | null) =>
  Object.fromEntries(Object.entries(held ?? {}).filter(([, count]) => count !== 0));

/** Contents of stored accounts with their seats that share a hash with another content, or have several. */
const hashFaults = () => db.ownerSql`
  with accounts as (
    select u.content_hash, (to_jsonb(u) - array['workspace_id', 'snapshot_id', 'user_no', 'page_no', 'content_hash']
      || jsonb_build_object('seats', (
        select jsonb_agg(to_jsonb(a) - array['workspace_id', 'snapshot_id', 'user_no', 'sku_no']
          || jsonb_build_object('sku', n.sku_id) order by n.sku_id)
        from snapshot_assignments a
        join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
        where a.workspace_id = u.workspace_id and a.snapshot_id = u.snapshot_id
          and a.user_no = u.user_no))) as content
    from snapshot_users u)
  select 1 from accounts group by content_hash having count(distinct content) > 1 or content_hash is null
  union all
  select 1 from accounts group by content having count(distinct content_hash) > 1`;

const account = fc.record({
  no: fc.integer({ min: 1, max: 8 }),
  department: fc.constantFrom("Sales", "IT", null),
  skus: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  accountEnabled: fc.constantFrom(true, false, null),
  userType: fc.constantFrom("Member", "Guest", null),
  seat: fc.record({
    holds: fc.boolean(),
    direct: fc.boolean(),
    groupIds: fc.subarray([guid(3, 1)]),
    inError: fc.boolean(),
  }),
});
type Account = typeof account extends fc.Arbitrary<infer Value> ? Value : never;
const toUser = ({ no, skus, seat, ...account }: Account): UserRow =>
  userRow(no, { ...account, assignments: skus.map((sku) => assignmentRow(sku, seat)) });

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("page" as const),
      accounts: fc.array(account, { maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

it("keeps the sum and the holders of the accounts stored, whatever comes twice, again or anew (B10, A6)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const run = await begin("directory");
      const users = writer(run, "users");
      for (const one of steps) {
        if (one.kind === "page") await users.write(one.accounts.map(toUser));
        else await users[one.kind]();
      }
      const { held, ...sums } = await kept(run, "users");
      const { held: counted, ...found } = await inTables(run, "users");
      expect(sums).toEqual(found);
      expect(withoutZeros(held)).toEqual(counted);
      await db.ownerSql`
        update read_checkpoints set held = null where run_id = ${run.runId} and read = 'users'`;
      expect(await seatsOf(run)).toEqual(counted);
    }),
    { numRuns: 25 },
  );
  expect(await hashFaults()).toEqual([]);
});

const signIn = (index: number, day: string): SignInRow => ({
  userId: userId(index),
  lastSuccessfulAt: `${day}T08:00:00Z`,
  lastInteractiveAt: null,
  lastNonInteractiveAt: null,
});

it("leaves the sum of sign-ins to the rows once one was replaced, and starts anew with the read", async () => {
  const run = await begin("sign-ins");
  const rows = writer(run, "sign-ins");
  await rows.write([signIn(1, "2026-01-01"), signIn(2, "2026-01-02"), signIn(2, "2026-01-03")]);
  expect((await kept(run, "sign-ins")).digest).toBe((await inTables(run, "sign-ins")).digest);
  await rows.write([signIn(1, "2026-01-09")]);
  expect(await kept(run, "sign-ins")).toMatchObject({ digest: null, left: 2 });
  await rows.write([signIn(3, "2026-01-09")]);
  expect((await kept(run, "sign-ins")).digest).toBeNull();
  await rows.restart();
  await rows.write([signIn(1, "2026-01-09")]);
  expect(await kept(run, "sign-ins")).toMatchObject({
    digest: (await inTables(run, "sign-ins")).digest,
    left: 1,
  });
});

it("publishes when two accounts only swapped a value or a license (A27)", async () => {
  const arranged = { db, store, connection: await createTestConnection(db) };
  const skus = [skuRow(1), skuRow(2)];
  const holding = (no: number, sku: number, department: string) =>
    userRow(no, { department, assignments: [assignmentRow(sku)] });
  const publish = (...users: readonly UserRow[]) => publishDirectory(arranged, { skus, users });
  expect(await publish(holding(1, 1, "Sales"), holding(2, 2, "IT"))).toBe("published");
  expect(await publish(holding(2, 2, "IT"), holding(1, 1, "Sales"))).toBe("unchanged");
  expect(await publish(holding(1, 1, "IT"), holding(2, 2, "Sales"))).toBe("published");
  expect(await publish(holding(1, 2, "IT"), holding(2, 1, "Sales"))).toBe("published");
});
