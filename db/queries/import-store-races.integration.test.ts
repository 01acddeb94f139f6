import { afterAll, beforeAll, expect, it } from "vitest";
import type { ImportStore, RunHandle } from "#lib/import/ports";
import { assignmentRow, page, skuRow, userRow } from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";
import type { Database } from "../client.ts";
import { cancelTestRun, createTestConnection, createTestRun } from "../testing/import-fixtures.ts";
import { readLicenses } from "../testing/published-rows.ts";
import { writeDirectory } from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createImportStore } from "./import-store.ts";

let db: TestDatabase;
let store: ImportStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = createImportStore(db.worker);
});
afterAll(() => db?.close());

const users = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    userRow(from + index, { assignments: [assignmentRow(1)] }),
  );
const arrange = async () => ({ db, store, connection: await createTestConnection(db) });
const writeUsers = (run: RunHandle, pageNo: number, through: ImportStore = store) =>
  writePage(through, run, {
    read: "users",
    attempt: 1,
    pageNo,
    page: page(users(pageNo * 10, 10), `page-${pageNo + 1}`),
    retries: 0,
  });
const storedUsers = async (run: RunHandle): Promise<number> =>
  (await db.ownerSql`select 1 from snapshot_users where snapshot_id = ${run.snapshotId}`).length;

it("gives a run to one of ten workers that ask at once (A7)", async () => {
  const { connection } = await arrange();
  const queued = await createTestRun(db, connection, "directory");
  const handles = await Promise.all(Array.from({ length: 10 }, () => store.begin(queued)));
  const held = handles.filter((handle) => handle !== null);
  expect(new Set(held.map((handle) => handle.epoch)).size).toBe(10);
  expect(new Set(held.map((handle) => handle.snapshotId)).size).toBe(1);
  const written = await Promise.all(held.map((handle) => writeUsers(handle, 1)));
  expect(written.filter((result) => result === "applied")).toHaveLength(1);
});

it("publishes the winner only when a zombie publishes at the same moment (A8)", async () => {
  for (let round = 0; round < 10; round += 1) {
    const arranged = await arrange();
    const zombie = await writeDirectory(arranged, { skus: [skuRow(1)], users: users(1, 3) });
    const [late, winner] = await Promise.all([store.publish(zombie), store.begin(zombie)]);
    if (late === "published") {
      expect(winner).toBeNull();
    } else {
      expect(late).toBe("superseded");
      expect(winner && (await store.publish(winner))).toBe("published");
    }
    expect(await readLicenses(db, arranged.connection)).toMatchObject([{ consumed: 3 }]);
  }
});

it("stores nothing after a cancel, however the two race (A13)", async () => {
  for (let round = 0; round < 10; round += 1) {
    const { connection } = await arrange();
    const run = await store.begin(await createTestRun(db, connection, "directory"));
    if (run === null) throw new Error("a queued run begins");
    let written = 0;
    const write = async () => {
      for (let pageNo = 1; ; pageNo += 1) {
        if ((await writeUsers(run, pageNo)) === "superseded") return;
        written += 10;
      }
    };
    await Promise.all([write(), cancelTestRun(db.worker, run)]);
    expect(await storedUsers(run)).toBe(written);
    const next = await store.begin(await createTestRun(db, connection, "directory"));
    expect(next && (await writeUsers(next, 1))).toBe("applied");
  }
});

it("knows a page whose COMMIT was answered to nobody (A6)", async () => {
  const { connection } = await arrange();
  const run = await store.begin(await createTestRun(db, connection, "directory"));
  if (run === null) throw new Error("a queued run begins");
  const cutAfterCommit: Database = {
    ...db.worker,
    async inWorkspace(workspaceId, work) {
      await db.worker.inWorkspace(workspaceId, work);
      throw new Error("connection reset");
    },
  };
  await expect(writeUsers(run, 1, createImportStore(cutAfterCommit))).rejects.toThrow("reset");
  expect(await writeUsers(run, 1)).toBe("applied");
  expect(await writeUsers(run, 2)).toBe("applied");
  expect(await storedUsers(run)).toBe(20);
});

it("sees and writes one workspace only (C19)", async () => {
  const { connection } = await arrange();
  const queued = await createTestRun(db, connection, "directory");
  const other = await createTestConnection(db);
  expect(await store.begin({ ...queued, workspaceId: other.workspaceId })).toBeNull();
  const run = await store.begin(queued);
  if (run === null) throw new Error("a queued run begins");
  expect(await writeUsers({ ...run, workspaceId: other.workspaceId }, 1)).toBe("superseded");
});
