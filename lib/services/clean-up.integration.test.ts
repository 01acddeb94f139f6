import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { skuRow, userRow } from "#lib/import/testing/rows";
import { cleanUp } from "./clean-up.ts";
import { recomputeDaily } from "./recompute-daily.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

const work = () => ({
  db: db.worker,
  log: {
    info: () => {},
    error: (event: string, _facts: unknown, error: unknown) => {
      throw new Error(event, { cause: error });
    },
  },
});
const going = new AbortController().signal;

const stored = async ({ connectionId }: TestConnection) => {
  const rows = await db.ownerSql<{ state: string }[]>`
    select state from snapshots where connection_id = ${connectionId} order by id`;
  return rows.map((row) => row.state);
};

it("A14: rows of a run that ended unpublished go within a day, also after the last connection was disconnected", async () => {
  const connection = await createTestConnection(db);
  const arranged = { db, store: createImportStore(db.worker), connection };
  const directory = { skus: [skuRow(1)], users: [userRow(1)] };
  await publishDirectory(arranged, directory);
  const failed = await writeDirectory(arranged, directory);
  await arranged.store.fail(failed, { class: "upstream", code: "unreadable-response" });
  await db.ownerSql`
    update dataset_runs set finished_at = now() - interval '25 hours' where id = ${failed.runId}`;
  await db.ownerSql`
    update reconciliations set evaluated_on = evaluated_on - 1
    where connection_id = ${connection.connectionId}`;
  await db.ownerSql`
    update connections set status = 'disconnected', disconnected_at = now()
    where id = ${connection.connectionId}`;
  expect(await stored(connection)).toHaveLength(2);
  expect(await recomputeDaily(work(), going)).toBe(0);
  expect(await cleanUp(work(), going)).toBe(1);
  expect(await stored(connection)).toEqual(["published"]);
});
