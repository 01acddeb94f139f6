import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import {
  type DirectoryContent,
  publishDirectory,
  writeDirectory,
} from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { changeSubject } from "#lib/domain/change";
import type { ChangeItem } from "#lib/domain/change-models";
import type { Page } from "#lib/domain/read-models";
import { assignmentRow, skuId, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { compareChanges } from "./compare-changes.ts";
import type { Ctx } from "./context.ts";
import { discardImport } from "./discard-import.ts";
import { getAccount } from "./get-account.ts";
import { getHeldComparison } from "./get-held-comparison.ts";
import { listImportChanges } from "./list-import-changes.ts";
import { listLicenseChanges } from "./list-license-changes.ts";
import { listLicenses } from "./list-licenses.ts";
import { runCleanUp } from "./testing/clean-up.ts";
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

const holding = (index: number, ...skus: readonly number[]) =>
  userRow(index, { assignments: skus.map((sku) => assignmentRow(sku)) });
const people = (from: number, to: number, ...skus: readonly number[]) =>
  Array.from({ length: to - from + 1 }, (_, index) => holding(from + index, ...skus));

async function arrange() {
  const { workspaceId } = await createWorkspace(db);
  const connection = await createTestConnection(db, { workspaceId, tenantId: randomUUID() });
  const store = createImportStore(db.worker);
  const arranged = { db, store, connection };
  return {
    ...arranged,
    workspaceId,
    analyst: await createMember(db, web.platform, workspaceId, "analyst"),
    viewer: await createMember(db, web.platform, workspaceId, "viewer"),
    /** The same, by a worker that is killed right after the publish. */
    publishOnly: async (content: DirectoryContent) => {
      await store.publish(await writeDirectory(arranged, content));
      return asImport(connection);
    },
    /** Publishes a directory as an import of its own; its id. */
    publish: async (content: DirectoryContent) => {
      await publishDirectory(arranged, content);
      return asImport(connection);
    },
    hold: async (content: DirectoryContent) => {
      const run = await writeDirectory(arranged, content);
      const figures = { rows: 0, skus: 0, skuIds: [], consumed: 0, reported: 0 };
      await store.hold(run, { reasons: ["rows-fell"], before: figures, after: figures });
      return asImport(connection);
    },
  };
}

/** A worker as far as it finds changes; what it would log as a fault is thrown. */
const worker = () => ({
  db: db.worker,
  log: {
    info: () => undefined,
    error: (event: string, _facts: object, error?: unknown) => {
      throw new Error(event, { cause: error });
    },
  },
});

/** Makes the newest run of a connection an import. */
async function asImport({ workspaceId, connectionId }: TestConnection): Promise<string> {
  const [row] = await db.ownerSql<{ id: string }[]>`
    insert into imports (workspace_id, connection_id, trigger, requested_by)
    values (${workspaceId}, ${connectionId}, 'manual', 'test') returning id`;
  await db.ownerSql`
    insert into import_runs (workspace_id, import_id, run_id)
    select workspace_id, ${row?.id ?? ""}, id from dataset_runs
    where connection_id = ${connectionId} order by created_at desc limit 1`;
  return row?.id ?? "";
}

/** Every page of a list, `limit` rows at a time. */
async function all(
  list: (input: { limit: number; cursor?: string }) => Promise<Page<ChangeItem>>,
  limit = 3,
): Promise<readonly ChangeItem[]> {
  const items: ChangeItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
  return items;
}

const told = ({ kind, productName, person, count, before, after }: ChangeItem) =>
  changeSubject(kind) === "seat"
    ? `${kind} ${productName} ${person?.displayName ?? count}`
    : `${kind} ${productName} ${before} → ${after}`;
const importChanges = (ctx: Ctx, importId: string, filter = {}) =>
  all((page) => listImportChanges(ctx, { importId, ...filter, ...page }));
const licenseOf = async (ctx: Ctx, search: string): Promise<string> => {
  const { items } = await listLicenses(ctx, { search });
  return items[0]?.id ?? "";
};

const first: DirectoryContent = {
  skus: [skuRow(1), skuRow(2)],
  users: [...people(1, 6, 1), holding(7, 1, 2)],
};
const second: DirectoryContent = {
  skus: [skuRow(1, { prepaidUnits: { enabled: 12, expiring: 0, suspended: 0, lockedOut: 0 } })],
  users: [...people(1, 4, 1), holding(7, 1), holding(8, 1)],
};

describe("what an import changed", () => {
  it("is listed by kind and license, names people, and is filtered", async () => {
    const { analyst, publish } = await arrange();
    await publish(first);
    const importId = await publish(second);
    expect((await importChanges(analyst, importId)).map(told)).toEqual([
      "sku-gone SKU_2 10 → null",
      "units-enabled SKU_1 10 → 12",
      "account-deleted SKU_1 User 5",
      "account-deleted SKU_1 User 6",
      "seat-lost SKU_2 User 7",
      "account-created SKU_1 User 8",
    ]);
    const filtered = await importChanges(analyst, importId, { kind: "account-deleted" });
    expect(filtered.map((item) => item.person?.userId)).toEqual([userId(5), userId(6)]);
    expect((await importChanges(analyst, importId, { skuId: skuId(2) })).map(told)).toEqual([
      "sku-gone SKU_2 10 → null",
      "seat-lost SKU_2 User 7",
    ]);
    const { summary } = await listImportChanges(analyst, { importId });
    expect(summary).toMatchObject({ first: false, previousAsOf: expect.any(String) });
    expect(summary?.counts.map(({ kind, count }) => [kind, count])).toContainEqual([
      "account-deleted",
      2,
    ]);
  });

  it("of a first import is its totals", async () => {
    const { analyst, publish } = await arrange();
    const importId = await publish(first);
    expect((await importChanges(analyst, importId)).map((item) => [item.kind, item.count])).toEqual(
      [
        ["sku-new", 1],
        ["sku-new", 1],
        ["seat-gained", 7],
        ["seat-gained", 1],
      ],
    );
    expect((await listImportChanges(analyst, { importId })).summary?.first).toBe(true);
  });

  it("names nobody to those who may not see people, nor in its cursors", async () => {
    const { viewer, publish } = await arrange();
    await publish(first);
    const importId = await publish(second);
    expect((await importChanges(viewer, importId)).map(told)).toEqual([
      "sku-gone SKU_2 10 → null",
      "units-enabled SKU_1 10 → 12",
      "account-deleted SKU_1 2",
      "seat-lost SKU_2 1",
      "account-created SKU_1 1",
    ]);
    const page = await listImportChanges(viewer, { importId, limit: 4 });
    const cursor = Buffer.from(page.nextCursor?.split(".")[0] ?? "", "base64url").toString();
    for (const text of [JSON.stringify(page), cursor]) {
      expect(text).not.toMatch(/User \d|contoso/);
      for (let index = 1; index <= 8; index += 1) expect(text).not.toContain(userId(index));
    }
  });

  it("of an import that published nothing is nothing, and of another workspace unknown", async () => {
    const { analyst, publish } = await arrange();
    await publish(first);
    const unchanged = await publish(first);
    expect(await listImportChanges(analyst, { importId: unchanged })).toEqual({
      items: [],
      nextCursor: null,
      summary: null,
      comparing: false,
    });
    const stranger = (await arrange()).analyst;
    await expect(listImportChanges(stranger, { importId: unchanged })).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("changes that nobody has found yet", () => {
  const snapshotsOf = async ({ connectionId }: TestConnection) => {
    const rows = await db.ownerSql<{ state: string }[]>`
      select state from snapshots where connection_id = ${connectionId} order by id`;
    return rows.map(({ state }) => state);
  };

  it("are said to be coming everywhere, while every figure is the new one", async () => {
    const { analyst, connection, publish, publishOnly } = await arrange();
    await publish(first);
    const importId = await publishOnly(second);
    expect(await listImportChanges(analyst, { importId })).toEqual({
      items: [],
      nextCursor: null,
      summary: null,
      comparing: true,
    });
    const { items } = await listLicenses(analyst, { search: "SKU_1" });
    expect(items[0]).toMatchObject({ enabled: 12, consumed: 6 });
    const licenseId = items[0]?.id ?? "";
    const account = { connectionId: connection.connectionId, userId: userId(8) };
    expect(await listLicenseChanges(analyst, { licenseId })).toMatchObject({ comparing: true });
    expect(await getAccount(analyst, account)).toMatchObject({ comparing: true, changes: [] });
    expect(await compareChanges(worker(), new AbortController().signal)).toBe(1);
    expect(await compareChanges(worker(), new AbortController().signal)).toBe(0);
    expect(await listImportChanges(analyst, { importId })).toMatchObject({ comparing: false });
    expect(await importChanges(analyst, importId)).toHaveLength(6);
    expect(await listLicenseChanges(analyst, { licenseId })).toMatchObject({ comparing: false });
    expect(await getAccount(analyst, account)).toMatchObject({
      comparing: false,
      changes: [{ kind: "account-created" }],
    });
  });

  it("keep their two directories, whatever is published after them", async () => {
    const { analyst, connection, publish, publishOnly } = await arrange();
    await publish(first);
    const importId = await publishOnly(second);
    await publishOnly({ ...second, users: people(1, 5, 1) });
    await publishOnly(first);
    await db.ownerSql`
      update reconciliations set created_at = now() - interval '3 days'
      where connection_id = ${connection.connectionId}`;
    await runCleanUp(db);
    expect(await snapshotsOf(connection)).toHaveLength(4);
    await compareChanges(worker(), new AbortController().signal);
    expect(await importChanges(analyst, importId)).toHaveLength(6);
    await runCleanUp(db);
    expect(await snapshotsOf(connection)).toEqual(["retired", "published"]);
  });

  it("are found once by two workers at the same moment", async () => {
    const { analyst, publish, publishOnly } = await arrange();
    await publish(first);
    const importId = await publishOnly(second);
    const { signal } = new AbortController();
    const found = await Promise.all([1, 2].map(() => compareChanges(worker(), signal)));
    expect(found.toSorted()).toEqual([0, 1]);
    expect(await importChanges(analyst, importId)).toHaveLength(6);
  });
});

describe("changes of a license and of an account", () => {
  it("come newest first over all imports, page by page", async () => {
    const { analyst, viewer, publish } = await arrange();
    await publish(first);
    await publish(second);
    await publish({ ...second, users: [...people(1, 3, 1), holding(7, 1), holding(9, 1)] });
    const licenseId = await licenseOf(analyst, "SKU_1");
    const list = (ctx: Ctx) => all((page) => listLicenseChanges(ctx, { licenseId, ...page }), 2);
    expect((await list(analyst)).map(told)).toEqual([
      "account-deleted SKU_1 User 4",
      "account-deleted SKU_1 User 8",
      "account-created SKU_1 User 9",
      "units-enabled SKU_1 10 → 12",
      "account-deleted SKU_1 User 5",
      "account-deleted SKU_1 User 6",
      "account-created SKU_1 User 8",
      "sku-new SKU_1 null → 10",
      "seat-gained SKU_1 7",
    ]);
    expect((await list(viewer)).map(told)).toContain("account-deleted SKU_1 2");
  });

  it("tell an account's licenses and its past, also after it was deleted", async () => {
    const { analyst, viewer, publish, connection } = await arrange();
    const { connectionId } = connection;
    await publish(first);
    await publish(second);
    const present = await getAccount(analyst, { connectionId, userId: userId(7) });
    expect(present).toMatchObject({ present: true, displayName: "User 7", moreChanges: false });
    expect(present.licenses.map((held) => held.productName)).toEqual(["SKU_1"]);
    expect(present.changes.map(told)).toEqual(["seat-lost SKU_2 User 7"]);
    const gone = await getAccount(analyst, { connectionId, userId: userId(5) });
    expect(gone).toMatchObject({ present: false, displayName: "User 5", licenses: [] });
    expect(gone.changes.map(told)).toEqual(["account-deleted SKU_1 User 5"]);
    await expect(getAccount(viewer, { connectionId, userId: userId(7) })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      getAccount(analyst, { connectionId, userId: userId(4_000) }),
    ).rejects.toMatchObject({ code: "not-found" });
    await expect(
      getAccount((await arrange()).analyst, { connectionId, userId: userId(7) }),
    ).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a held directory", () => {
  const before: DirectoryContent = { skus: [skuRow(1), skuRow(2)], users: people(1, 60, 1) };
  const after: DirectoryContent = { skus: [skuRow(1)], users: people(1, 10, 1) };

  it("shows each license before and after, and 20 of those who would lose seats", async () => {
    const { analyst, viewer, publish, hold } = await arrange();
    await publish(before);
    const importId = await hold(after);
    const compared = await getHeldComparison(analyst, { importId });
    expect(compared?.licenses).toMatchObject([
      { skuId: skuId(1), enabledBefore: 10, enabledAfter: 10, seatsBefore: 60, seatsAfter: 10 },
      { skuId: skuId(2), enabledBefore: 10, enabledAfter: null, seatsBefore: 0, seatsAfter: 0 },
    ]);
    expect(compared?.departments).toMatchObject([{ department: null, seatsBefore: 60 }]);
    expect(compared?.sample).toHaveLength(20);
    expect(compared?.sample.every((item) => item.person?.displayName?.startsWith("User"))).toBe(
      true,
    );
    const hidden = await getHeldComparison(viewer, { importId });
    expect(hidden?.licenses).toEqual(compared?.licenses);
    expect(hidden?.sample).toEqual([]);
    // What is only proposed is no change of the import or the license.
    expect(await listImportChanges(analyst, { importId })).toMatchObject({ summary: null });
    const licenseId = await licenseOf(analyst, "SKU_1");
    expect((await listLicenseChanges(analyst, { licenseId })).items).toHaveLength(2);
  });

  it("held at the first import has nothing before", async () => {
    const { analyst, hold } = await arrange();
    const compared = await getHeldComparison(analyst, { importId: await hold(after) });
    expect(compared?.summary.first).toBe(true);
    expect(compared?.licenses).toMatchObject([
      { enabledBefore: null, enabledAfter: 10, seatsBefore: 0, seatsAfter: 10 },
    ]);
  });

  it("is gone from the records once it is discarded", async () => {
    const { analyst, workspaceId, publish, hold } = await arrange();
    await publish(before);
    const importId = await hold(after);
    await discardImport(analyst, { importId });
    expect(await getHeldComparison(analyst, { importId })).toBeNull();
    await runCleanUp(db);
    const [left] = await db.ownerSql`
      select (select count(*)::int from change_sets where workspace_id = ${workspaceId}) as sets,
        (select count(*)::int from changes where workspace_id = ${workspaceId}) as rows`;
    expect(left).toEqual({ sets: 1, rows: 2 });
  });
});

it("keeps change records for 400 days", async () => {
  const { workspaceId, publish } = await arrange();
  await publish(first);
  await publish(second);
  await publish({ ...second, users: people(1, 2, 1) });
  const stored = async () => {
    const rows = await db.ownerSql<{ age: number; rows: number }[]>`
      select (now()::date - s.created_at::date) as age, count(c.*)::int as rows
      from change_sets s left join changes c on c.workspace_id = s.workspace_id
        and c.change_set_id = s.id
      where s.workspace_id = ${workspaceId} group by s.id, s.created_at order by s.id`;
    return rows.map(({ age, rows }) => [age, rows]);
  };
  await db.ownerSql`
    update change_sets set created_at = now() - (399 + x.n) * interval '1 day'
    from (select id, 3 - row_number() over (order by id) as n from change_sets
      where workspace_id = ${workspaceId}) x
    where change_sets.id = x.id`;
  expect((await stored()).map(([age]) => age)).toEqual([401, 400, 399]);
  await runCleanUp(db);
  expect(await stored()).toEqual([[399, 4]]);
  const [left] = await db.ownerSql`
    select count(*)::int as rows from changes where workspace_id = ${workspaceId}`;
  expect(left?.rows).toBe(4);
});
