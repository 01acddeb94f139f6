import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assignmentRow, page, userRow } from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";
import { createImportStore } from "./queries/import-store.ts";
import { createTestConnection, createTestRun } from "./testing/import-fixtures.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

const [migration = ""] = globSync(join(import.meta.dirname, "migrations", "*_content_hash.sql"));

it("leaves the last row of an account that an unfinished read has twice", async () => {
  const { ownerSql } = db;
  const store = createImportStore(db.worker);
  const connection = await createTestConnection(db);
  const run = await store.begin(await createTestRun(db, connection, "directory"));
  if (run === null) throw new Error("a queued run begins");
  const users = [1, 2].map((no) => userRow(no, { assignments: [assignmentRow(no)] }));
  const first = { read: "users", attempt: 1, pageNo: 1, retries: 0 } as const;
  await writePage(store, run, { ...first, page: page(users, "more") });
  await ownerSql`drop index snapshot_users_by_id`;
  await ownerSql`alter table snapshot_users drop column content_hash`;
  await ownerSql`
    create index snapshot_users_by_id on snapshot_users (workspace_id, snapshot_id, user_id)`;
  await ownerSql`
    insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, user_id)
    select workspace_id, snapshot_id, 2, user_no + 2, user_id from snapshot_users
    where snapshot_id = ${run.snapshotId} and user_no = 1`;
  for (const statement of readFileSync(migration, "utf8").split("--> statement-breakpoint")) {
    await ownerSql.unsafe(statement);
  }
  const accounts = await ownerSql`
    select user_no from snapshot_users where snapshot_id = ${run.snapshotId} order by user_no`;
  expect(accounts.map((row) => row.user_no)).toEqual([2, 3]);
  const seats = await ownerSql`
    select user_no from snapshot_assignments where snapshot_id = ${run.snapshotId}`;
  expect(seats.map((row) => row.user_no)).toEqual([2]);
  const [checkpoint] = await ownerSql`
    select duplicates, digest, held from read_checkpoints
    where run_id = ${run.runId} and read = 'users'`;
  expect(checkpoint).toEqual({ duplicates: 1, digest: null, held: null });
});
