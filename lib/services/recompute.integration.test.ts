import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { recomputeReconciliation } from "#db/queries/reconcile";
import { createTestConnection } from "#db/testing/import-fixtures";
import { readLicenses, readReconciliation } from "#db/testing/published-rows";
import { writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { assignmentRow, skuId, skuRow, userRow } from "#lib/import/testing/rows";
import { waitFor } from "../../worker/testing/wait-for.ts";
import { cleanUpWorkspace } from "./clean-up.ts";
import { getOpportunitySummary } from "./get-opportunity-summary.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { recomputeDaily } from "./recompute-daily.ts";
import { setPrice } from "./set-price.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const content = (users: number, skus: readonly number[] = [1]) => ({
  skus: skus.map((sku) => skuRow(sku, { consumedUnits: users })),
  users: Array.from({ length: users }, (_, index) =>
    userRow(index + 1, { assignments: skus.map((sku) => assignmentRow(sku)) }),
  ),
});

const noUnits = { enabled: 0, expiring: 0, suspended: 0, lockedOut: 0 };

async function arrange() {
  const connection = await createTestConnection(db);
  const store = createImportStore(db.worker);
  const analyst = await createMember(db, web.platform, connection.workspaceId, "analyst");
  return { db, connection, store, analyst };
}

it("a price entered while a publish brings the SKU in is in the numbers, and so is the publish (A26)", async () => {
  const arranged = await arrange();
  const { connection, store, analyst } = arranged;
  await store.publish(await writeDirectory(arranged, content(3)));
  const run = await writeDirectory(arranged, content(5, [1, 2]));
  // The publish has read the prices and waits to write opportunities.
  const holder = await db.ownerSql.reserve();
  await holder`begin`;
  const [self] = await holder<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await holder`lock table opportunities in share mode`;
  const published = store.publish(run);
  const publisher = await waitFor("the publish is midway", () => waiterFor(self?.pid ?? 0));
  const priced = setPrice(analyst, { skuId: skuId(2), price: { amount: "7.50", currency: "EUR" } });
  let ended = false;
  priced.finally(() => {
    ended = true;
  });
  await waitFor("the price waits or is done", async () => ended || (await waiterFor(publisher)));
  expect(ended).toBe(false);
  await holder`rollback`;
  holder.release();

  expect(await published).toBe("published");
  await priced;
  expect(await readLicenses(db, connection)).toMatchObject([
    { consumed: 5, priceAmount: null },
    { consumed: 5, priceAmount: "7.5000" },
  ]);
  expect(await readReconciliation(db, connection)).toMatchObject({ cause: "prices" });
});

/** The backend that waits for this one; null for none. */
async function waiterFor(pid: number): Promise<number | null> {
  const [waiting] = await db.ownerSql<{ pid: number }[]>`
    select pid from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`;
  return waiting?.pid ?? null;
}

it("prices and publishes at once: neither change is lost, in whatever order they come (A26)", async () => {
  const arranged = await arrange();
  const { connection, store, analyst } = arranged;
  await store.publish(await writeDirectory(arranged, content(1)));
  for (let round = 2; round < 12; round += 1) {
    const run = await writeDirectory(arranged, content(round));
    const amount = `${round}.00`;
    const [published] = await Promise.all([
      store.publish(run),
      setPrice(analyst, { skuId: skuId(1), price: { amount, currency: "EUR" } }),
    ]);
    expect(published).toBe("published");
    expect(await readLicenses(db, connection)).toMatchObject([
      { consumed: round, priceAmount: `${round}.0000` },
    ]);
  }
});

/** Two blocked accounts on the one, a pool that looks free on the other. */
const reclaimable = {
  skus: [skuRow(1), skuRow(2, { prepaidUnits: { ...noUnits, enabled: 20_000 } })],
  users: [
    ...[1, 2].map((no) =>
      userRow(no, { accountEnabled: false, assignments: [assignmentRow(1), assignmentRow(2)] }),
    ),
    userRow(3, { assignments: [assignmentRow(1)] }),
  ],
};

it("a price changes money and nothing else: the same as everything computed anew", async () => {
  const arranged = await arrange();
  const { connection, store, analyst } = arranged;
  await store.publish(await writeDirectory(arranged, reclaimable));
  const unpriced = await readLicenses(db, connection);
  expect(unpriced[1]?.flags).toContain("review-free-pool");
  const seats = async () => {
    const { items } = await listOpportunities(analyst, { sort: "product", limit: 50 });
    return items.map(({ monthlyPrice, ...seat }) => ({ seat, price: monthlyPrice?.amount }));
  };
  const before = await seats();
  expect(before).toHaveLength(6);
  const stored = () =>
    db.ownerSql`select * from opportunities where workspace_id = ${connection.workspaceId}`;
  const rows = await stored();
  for (const [sku, amount] of [
    [1, "7.50"],
    [2, "0.01"],
  ] as const) {
    await setPrice(analyst, { skuId: skuId(sku), price: { amount, currency: "EUR" } });
  }
  expect(await stored()).toEqual(rows);
  const priced = await readLicenses(db, connection);
  expect(priced.map((license) => license.priceAmount)).toEqual(["7.5000", "0.0100"]);
  expect(priced[1]?.flags).not.toContain("review-free-pool");
  const withPrices = await seats();
  expect(withPrices.map(({ seat }) => seat)).toEqual(before.map(({ seat }) => seat));
  expect(new Set(withPrices.map(({ price }) => price))).toEqual(new Set(["7.50", "0.01"]));
  const summary = await getOpportunitySummary(analyst, {});

  await db.worker.inWorkspace(connection.workspaceId, (tx) =>
    recomputeReconciliation(tx, { ...connection, cause: "daily" }),
  );
  expect(await readLicenses(db, connection)).toEqual(priced);
  expect(await seats()).toEqual(withPrices);
  expect(await getOpportunitySummary(analyst, {})).toEqual(summary);
  for (const sku of [1, 2]) await setPrice(analyst, { skuId: skuId(sku), price: null });
  expect(await readLicenses(db, connection)).toEqual(unpriced);
});

it("opportunities stay while any reconciliation rests on them, whatever is cleaned up", async () => {
  const arranged = await arrange();
  const { connection, store, analyst } = arranged;
  const { workspaceId } = connection;
  await store.publish(await writeDirectory(arranged, reclaimable));
  const listed = async () => (await listOpportunities(analyst, { limit: 50 })).items.length;
  const cleanUp = async () => {
    const { signal } = new AbortController();
    await cleanUpWorkspace({ db: db.worker }, { workspaceId, graceHours: 0 }, signal);
    const rows = await db.ownerSql<{ of: number }[]>`
      select distinct reconciliation_id as of from opportunities where workspace_id = ${workspaceId}`;
    return rows.length;
  };
  for (const amount of ["1.00", "2.00", "3.00"]) {
    await setPrice(analyst, { skuId: skuId(1), price: { amount, currency: "EUR" } });
  }
  expect(await cleanUp()).toBe(1);
  expect(await listed()).toBe(6);
  await db.worker.inWorkspace(workspaceId, (tx) =>
    recomputeReconciliation(tx, { ...connection, cause: "daily" }),
  );
  await setPrice(analyst, { skuId: skuId(1), price: null });
  expect(await cleanUp()).toBe(1);
  expect(await listed()).toBe(6);
});

it("the turn of the day with three workers: every connection evaluated today, on the same snapshots (A26)", async () => {
  const arranged = await Promise.all([arrange(), arrange(), arrange()]);
  for (const each of arranged) await each.store.publish(await writeDirectory(each, content(4)));
  const before = await Promise.all(
    arranged.map(({ connection }) => readReconciliation(db, connection)),
  );
  await db.ownerSql`update reconciliations set evaluated_on = evaluated_on - 1`;
  const errors: unknown[] = [];
  const log = {
    info: () => undefined,
    error: (...told: readonly unknown[]) => void errors.push(told),
  };
  const { signal } = new AbortController();
  await Promise.all([1, 2, 3].map(() => recomputeDaily({ db: db.worker, log }, signal)));
  expect(errors).toEqual([]);
  for (const [index, { connection }] of arranged.entries()) {
    const now = await readReconciliation(db, connection);
    expect(now).toMatchObject({
      evaluatedOn: before[index]?.evaluatedOn,
      directory: before[index]?.directory,
      cause: "daily",
    });
    expect(now?.id).toBeGreaterThan(before[index]?.id ?? 0);
    expect(await readLicenses(db, connection)).toMatchObject([{ consumed: 4 }]);
  }
  expect(await recomputeDaily({ db: db.worker, log }, signal)).toBe(0);
});
