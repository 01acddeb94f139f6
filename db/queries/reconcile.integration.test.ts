import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "#lib/domain/utc-day";
import type { ImportStore } from "#lib/import/ports";
import { assignmentRow, guid, skuId, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { cleanUpWorkspace } from "#lib/services/clean-up";
import { createTestConnection, type TestConnection } from "../testing/import-fixtures.ts";
import { readLicenses, readReconciliation } from "../testing/published-rows.ts";
import {
  failUnavailable,
  publishDirectory,
  publishSignIns,
  writeDirectory,
} from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createImportStore } from "./import-store.ts";
import { type ReconcileCause, recomputeReconciliation } from "./reconcile.ts";

let db: TestDatabase;
let store: ImportStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = createImportStore(db.worker);
});
afterAll(() => db?.close());

const today = new Date().toISOString().slice(0, 10);
const holders = (count: number, sku = 1) =>
  Array.from({ length: count }, (_, index) =>
    userRow(index + 1, { assignments: [assignmentRow(sku)] }),
  );
const arrange = async (
  given: { workspaceId?: string; tenantId?: string; source?: string } = {},
) => ({
  db,
  store,
  connection: await createTestConnection(db, given),
});
const recompute = (
  connection: TestConnection,
  cause: ReconcileCause,
  evaluatedOn = today,
): Promise<number | null> =>
  db.worker.inWorkspace(connection.workspaceId, (tx) =>
    recomputeReconciliation(tx, { ...connection, cause, evaluatedOn }),
  );
const only = async (connection: TestConnection) => {
  const [license, ...more] = await readLicenses(db, connection);
  expect(more).toEqual([]);
  return license;
};

describe("licenses", () => {
  it("are retired when neither listed nor held, and active again when they return (B21)", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, { skus: [skuRow(1), skuRow(2)], users: holders(2) });
    const [, second] = await readLicenses(db, arranged.connection);
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(2) });
    expect((await readLicenses(db, arranged.connection))[1]).toMatchObject({
      licenseId: second?.licenseId,
      status: "retired",
      retiredReason: "no-longer-reported",
      compliance: "not-applicable",
    });
    await publishDirectory(arranged, { skus: [skuRow(1), skuRow(2)], users: holders(1) });
    expect((await readLicenses(db, arranged.connection))[1]).toMatchObject({
      licenseId: second?.licenseId,
      status: "active",
      retiredReason: null,
    });
  });

  it("are retired by a disconnect and taken over by the tenant's next connection (A14)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(2) });
    const before = await only(connection);
    await db.ownerSql`update connections set status = 'disconnected' where id = ${connection.connectionId}`;
    await recompute(connection, "status");
    expect(await only(connection)).toMatchObject({
      status: "retired",
      retiredReason: "disconnected",
      consumed: 2,
    });
    const next = await arrange(connection);
    await publishDirectory(next, { skus: [skuRow(1)], users: holders(3) });
    expect(await only(next.connection)).toMatchObject({
      licenseId: before?.licenseId,
      status: "active",
      consumed: 3,
    });
    await recompute(connection, "daily");
    expect(await readLicenses(db, connection)).toEqual([]);
    expect(await only(next.connection)).toMatchObject({ status: "active" });
  });

  it("are retired by a supersession of their tenant, also those created later; undo restores (B44)", async () => {
    const arranged = await arrange({ source: "office-365-deprecated" });
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(2) });
    const before = await only(connection);
    await db.ownerSql`
      insert into supersessions (workspace_id, by_source, tenant_id, created_by)
      values (${connection.workspaceId}, 'microsoft-365', ${connection.tenantId}, 'test')`;
    await publishDirectory(arranged, { skus: [skuRow(1), skuRow(2)], users: holders(2) });
    expect((await readLicenses(db, connection)).map((row) => row.retiredReason)).toEqual([
      "superseded-by-microsoft-365",
      "superseded-by-microsoft-365",
    ]);
    const history = await db.ownerSql`
      select 1 from license_history where workspace_id = ${connection.workspaceId}`;
    expect(history).toHaveLength(0);
    await db.ownerSql`delete from supersessions where workspace_id = ${connection.workspaceId}`;
    await recompute(connection, "status");
    expect((await readLicenses(db, connection))[0]).toEqual(before);
  });

  it("keep a company-wide SKU out of people's figures (B41)", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, {
      skus: [skuRow(1, { appliesTo: "company", consumedUnits: 4 })],
    });
    expect(await only(arranged.connection)).toMatchObject({
      type: "tenant",
      consumed: null,
      reported: null,
      activity: null,
      unavailable: { consumed: "not-per-user", reported: "not-per-user" },
      flags: expect.arrayContaining(["capacity"]),
    });
  });
});

describe("contracts and subscriptions", () => {
  it("counts purchases valid on the day: null when none, 0 when expired (E10, A26)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(4) });
    expect(await only(connection)).toMatchObject({
      purchased: null,
      contract: { kind: "no-purchase" },
      unavailable: { purchased: "not-entered" },
    });
    const purchaseId = randomUUID();
    await db.ownerSql`
      insert into purchases (workspace_id, id, reference, valid_from, valid_to, decision_on, created_by)
      values (${connection.workspaceId}, ${purchaseId}, 'EA', ${addDays(today, -10)}, ${addDays(today, 5)}, ${addDays(today, 3)}, 'test')`;
    for (const [tenantId, quantity] of [
      [connection.tenantId, 7],
      [randomUUID(), 99],
    ] as const) {
      await db.ownerSql`
        insert into purchase_allocations (workspace_id, purchase_id, tenant_id, sku_id, quantity)
        values (${connection.workspaceId}, ${purchaseId}, ${tenantId}, ${skuId(1)}, ${quantity})`;
    }
    const before = await readReconciliation(db, connection);
    const id = await recompute(connection, "purchases");
    expect(id).toBeGreaterThan(before?.id ?? Number.NaN);
    expect(await readReconciliation(db, connection)).toMatchObject({
      id,
      directory: before?.directory,
      cause: "purchases",
    });
    expect(await only(connection)).toMatchObject({
      purchased: 7,
      contract: { kind: "short", uncovered: 3 },
      decisionOn: addDays(today, 3),
      decisionSource: "purchase-term",
      decisionUnits: 7,
      compliance: "compliant",
    });
    await recompute(connection, "daily", addDays(today, 6));
    expect(await only(connection)).toMatchObject({ purchased: 0, decisionOn: null });
  });

  it("takes prices from the price book and units from trials (B42)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    const subscription = (index: number, units: number, trial: boolean, days: number) => ({
      subscriptionId: guid(5, index),
      commerceSubscriptionId: null,
      skuId: index === 2 ? null : skuId(1),
      partNumber: null,
      status: "Enabled",
      totalUnits: units,
      trial,
      createdAt: null,
      nextLifecycleAt: `${addDays(today, days)}T10:00:00Z`,
      partnerTenantId: null,
    });
    await db.ownerSql`
      insert into prices (workspace_id, sku_id, amount, currency, source) values (${connection.workspaceId}, ${skuId(1)}, 12.5, 'USD', 'entered')`;
    await publishDirectory(arranged, {
      skus: [skuRow(1, { subscriptionIds: [guid(5, 1), guid(5, 2), guid(5, 3)] })],
      users: holders(2),
      subscriptions: [
        subscription(1, 3, true, 1),
        subscription(2, 4, false, 40),
        subscription(3, 3, false, 20),
      ],
    });
    expect(await only(connection)).toMatchObject({
      trial: 3,
      unassignedUnits: 5,
      priceAmount: "12.5000",
      decisionOn: addDays(today, 20),
      decisionSource: "microsoft-lifecycle",
      decisionUnits: 3,
    });
  });

  it("leaves trial units unknown when subscriptions could not be read", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, {
      skus: [skuRow(1)],
      users: holders(2),
      subscriptions: null,
    });
    expect(await only(arranged.connection)).toMatchObject({
      trial: null,
      unassignedUnits: null,
      decisionOn: null,
      unavailable: { trial: "permission" },
    });
  });
});

describe("publishing", () => {
  it("serialises two datasets of a connection: the later has both snapshots (A23)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(3) });
    for (let round = 0; round < 5; round += 1) {
      const directory = await writeDirectory(arranged, {
        skus: [skuRow(1)],
        users: holders(4 + round),
      });
      const signIn = {
        userId: userId(1),
        lastSuccessfulAt: `${addDays(today, -round)}T08:00:00Z`,
        lastInteractiveAt: null,
        lastNonInteractiveAt: null,
      };
      const [published] = await Promise.all([
        store.publish(directory),
        publishSignIns(arranged, [signIn]),
      ]);
      expect(published).toBe("published");
      const pointers = await db.ownerSql<{ dataset: string; snapshot_id: string }[]>`
        select dataset, snapshot_id from dataset_epochs where connection_id = ${connection.connectionId}`;
      const pointer = (dataset: string) =>
        pointers.find((row) => row.dataset === dataset)?.snapshot_id;
      expect(await readReconciliation(db, connection)).toMatchObject({
        directory: pointer("directory"),
        signIns: pointer("sign-ins"),
      });
    }
  });

  it("leaves everything as it was when publishing breaks (A3)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(3) });
    const before = [
      await readReconciliation(db, connection),
      await readLicenses(db, connection),
    ] as const;
    const run = await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(9) });
    await db.ownerSql.begin(async (sql) => {
      await sql.unsafe(`
        create function break_positions() returns trigger language plpgsql as $$
        begin raise exception 'disk full' using errcode = '53100'; end $$;
        create trigger break_positions before insert on license_positions execute function break_positions()`);
    });
    await expect(store.publish(run)).rejects.toThrow();
    expect([await readReconciliation(db, connection), await readLicenses(db, connection)]).toEqual(
      before,
    );
    await db.ownerSql.unsafe(
      "drop trigger break_positions on license_positions; drop function break_positions()",
    );
    expect(await store.publish(run)).toBe("published");
    expect(await only(connection)).toMatchObject({ consumed: 9 });
  });

  it("is refused on a disconnected connection (A14)", async () => {
    const arranged = await arrange();
    const run = await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(3) });
    await db.ownerSql`
      update connections set status = 'disconnected' where id = ${arranged.connection.connectionId}`;
    expect(await store.publish(run)).toBe("superseded");
    expect(await readReconciliation(db, arranged.connection)).toBeNull();
  });

  it("keeps fresh sign-ins usable after a later refusal, and drops stale ones for the reason", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(1) });
    await publishSignIns(arranged, [
      {
        userId: userId(1),
        lastSuccessfulAt: `${today}T01:00:00Z`,
        lastInteractiveAt: null,
        lastNonInteractiveAt: null,
      },
    ]);
    await failUnavailable(arranged, "sign-ins", "not-licensed");
    expect(await readReconciliation(db, connection)).toMatchObject({ signInsUnavailable: null });
    expect((await only(connection))?.activity?.active).toBe(1);
    await recompute(connection, "daily", addDays(today, 10));
    expect(await readReconciliation(db, connection)).toMatchObject({ signInsUnavailable: null });
    await recompute(connection, "daily", addDays(today, 11));
    expect(await readReconciliation(db, connection)).toMatchObject({
      signInsUnavailable: "not-licensed",
    });
    expect((await only(connection))?.unavailable.activity).toBe("not-licensed");
  });

  it("repeats a transaction the database chose as a victim, up to three times (A16)", async () => {
    const arranged = await arrange();
    const run = await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(2) });
    await db.ownerSql.unsafe(`
      create sequence victims;
      grant usage on sequence victims to seatledger_worker;
      create function choose_victim() returns trigger language plpgsql as $$
      begin
        if nextval('victims') <= 3 then raise exception 'deadlock' using errcode = '40P01'; end if;
        return null;
      end $$;
      create trigger choose_victim after insert on reconciliations execute function choose_victim()`);
    expect(await store.publish(run)).toBe("published");
    expect(await only(arranged.connection)).toMatchObject({ consumed: 2 });
    await db.ownerSql.unsafe(
      "drop trigger choose_victim on reconciliations; drop function choose_victim(); drop sequence victims",
    );
  });
});

describe("clean-up", () => {
  const going = new AbortController().signal;
  const stored = async (connection: TestConnection) =>
    (
      await db.ownerSql<{ id: string; users: number }[]>`
        select s.id, (select count(*)::int from snapshot_users u where u.snapshot_id = s.id) as users
        from snapshots s where s.connection_id = ${connection.connectionId} order by s.id`
    ).map((row) => row.users);

  it("keeps the current and the previous snapshot and what a held run needs (A22)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    const { workspaceId } = connection;
    for (const count of [1, 2, 3, 4]) {
      await publishDirectory(arranged, { skus: [skuRow(1)], users: holders(count) });
    }
    const held = await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(5) });
    const figures = { rows: 5, skus: 1, skuIds: [], consumed: 5, reported: 0 };
    await store.hold(held, { reasons: ["rows-fell"], before: null, after: figures });
    const cleanUp = (graceHours: number) =>
      cleanUpWorkspace({ db: db.worker }, { workspaceId, graceHours }, going);
    expect(await cleanUp(24)).toEqual({ reconciliations: 0, snapshots: 0 });
    expect(await stored(connection)).toEqual([1, 2, 3, 4, 5]);
    expect(await cleanUp(0)).toEqual({ reconciliations: 2, snapshots: 2 });
    expect(await stored(connection)).toEqual([3, 4, 5]);
    expect(await only(connection)).toMatchObject({ consumed: 4 });
  });

  it("removes rows of runs that ended unpublished a day ago, not of those still running (A14)", async () => {
    const arranged = await arrange();
    const { connection } = arranged;
    const { workspaceId } = connection;
    const failed = await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(2) });
    await store.fail(failed, { class: "upstream", code: "unreadable-response" });
    await writeDirectory(arranged, { skus: [skuRow(1)], users: holders(3) });
    const cleanUp = () => cleanUpWorkspace({ db: db.worker }, { workspaceId }, going);
    expect((await cleanUp()).snapshots).toBe(0);
    await db.ownerSql`
      update dataset_runs set finished_at = now() - interval '25 hours' where id = ${failed.runId}`;
    expect((await cleanUp()).snapshots).toBe(1);
    expect(await stored(connection)).toEqual([3]);
  });
});

it("keeps every snapshot and checkpoint table logged (A4)", async () => {
  const rows = await db.ownerSql`
    select relname from pg_class
    where relkind = 'r' and relpersistence <> 'p'
      and (relname like 'snapshot%' or relname in ('read_checkpoints', 'dataset_runs', 'dataset_epochs'))`;
  expect(rows).toHaveLength(0);
});
