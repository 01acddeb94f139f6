import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { recomputeReconciliation } from "#db/queries/reconcile";
import { createTestConnection } from "#db/testing/import-fixtures";
import { readLicenses, readReconciliation } from "#db/testing/published-rows";
import { writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { assignmentRow, skuId, skuRow, userId, userRow } from "#lib/import/testing/rows";
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

/** Blocked accounts that hold one license each. */
const blocked = (users: number) => {
  const { skus, users: all } = content(users);
  return { skus, users: all.map((user) => ({ ...user, accountEnabled: false })) };
};

it("purchases, exclusions and settings changed while something is published: neither change is lost (A26)", async () => {
  const arranged = await arrange();
  const { connection, store } = arranged;
  const { workspaceId, tenantId } = connection;
  await store.publish(await writeDirectory(arranged, blocked(1)));
  const purchaseId = randomUUID();
  await db.ownerSql`
    insert into purchases (workspace_id, id, reference, valid_from, valid_to, created_by)
    values (${workspaceId}, ${purchaseId}, 'EA', '2020-01-01', '2120-01-01', 'test')`;
  const changes = [
    (round: number) => sql`
      insert into purchase_allocations (workspace_id, purchase_id, tenant_id, sku_id, quantity)
      values (${workspaceId}, ${purchaseId}, ${tenantId}, ${skuId(1)}, ${round})
      on conflict (workspace_id, purchase_id, tenant_id, sku_id) do update
        set quantity = excluded.quantity`,
    (round: number) => sql`
      insert into exclusions (workspace_id, tenant_id, user_id, reason, created_by)
      values (${workspaceId}, ${tenantId}, ${userId(round)}, 'test', 'test')`,
    (round: number) => sql`
      update workspaces set settings = jsonb_build_object('graceDays', ${round}::int)
      where id = ${workspaceId}`,
  ];
  const causes = ["purchases", "exclusions", "settings"] as const;
  for (let round = 2; round < 12; round += 1) {
    const run = await writeDirectory(arranged, blocked(round));
    const [published] = await Promise.all([
      store.publish(run),
      ...changes.map((change, index) =>
        db.web.inWorkspace(workspaceId, async (tx) => {
          await tx.execute(change(round));
          await recomputeReconciliation(tx, { ...connection, cause: causes[index] ?? "settings" });
        }),
      ),
    ]);
    expect(published).toBe("published");
    const [figures] = await db.ownerSql`
      select p.consumed, p.purchased, p.left_out as "leftOut", r.grace_days as "graceDays",
        s.run_id as "runId"
      from connections c
      join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
      join snapshots s on s.workspace_id = r.workspace_id and s.id = r.directory_snapshot_id
      join license_positions p on p.workspace_id = r.workspace_id and p.reconciliation_id = r.id
      where c.id = ${connection.connectionId}`;
    expect(figures).toEqual({
      consumed: round,
      purchased: round,
      leftOut: { excluded: round - 1 },
      graceDays: round,
      runId: run.runId,
    });
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
