import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { createTestConnection } from "#db/testing/import-fixtures";
import { readLicenses, readReconciliation } from "#db/testing/published-rows";
import { writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { assignmentRow, skuId, skuRow, userRow } from "#lib/import/testing/rows";
import { waitFor } from "../../worker/testing/wait-for.ts";
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
