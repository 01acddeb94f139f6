import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { budgets } from "#lib/microsoft/pacing";
import { contractBudgets, describePacer } from "#lib/microsoft/testing/pacer-contract";
import { createPacing } from "./pacing.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

/** A worker that knows nothing yet, with budgets of the test's own. */
const worker = (allowed = contractBudgets) => createPacing(db.worker, Date.now, allowed);

describePacer("pacers of several workers on PostgreSQL", async () => {
  const [connection, other] = [await createTestConnection(db), await createTestConnection(db)];
  const [first, second] = [worker(), worker()];
  return {
    first: first.pacerOf(connection),
    second: second.pacerOf(connection),
    otherTenant: second.pacerOf(other),
    learn: () => second.learnAll(),
  };
});

it("a worker that has just started learns a connection's limits before it asks", async () => {
  const [connection, other] = [await createTestConnection(db), await createTestConnection(db)];
  await worker().pacerOf(connection).limit("directory", 60_000);
  const started = worker();
  expect(started.pacerOf(connection).limitedFor("directory")).toBe(0);
  await started.learn(connection);
  await started.learn(other);
  expect(started.pacerOf(connection).limitedFor("directory")).toBeGreaterThan(55_000);
  expect(started.pacerOf(other).limitedFor("directory")).toBe(0);
});

it("a directory's requests take nothing from the database", async () => {
  const connection = await createTestConnection(db);
  const pacer = worker(budgets).pacerOf(connection);
  for (let n = 0; n < 50; n += 1) await pacer.reserve({ service: "directory" });
  const rows = await db.ownerSql`
    select 1 from service_budgets where connection_id = ${connection.connectionId}`;
  expect(rows).toEqual([]);
});

it("a budget's row keeps as many slots as it has requests", async () => {
  const connection = await createTestConnection(db);
  const pacer = worker().pacerOf(connection);
  for (let n = 0; n < 9; n += 1) {
    await pacer.reserve({ service: "usage-reports", operation: "teams" });
  }
  const [row] = await db.ownerSql`
    select cardinality(slots) as slots, limited_until from service_budgets
    where connection_id = ${connection.connectionId} and operation = 'teams'`;
  expect(row).toEqual({ slots: 3, limited_until: null });
});
