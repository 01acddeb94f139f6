import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { removeBatch, snapshotTables } from "#db/queries/removal";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { assignmentRow, skuRow, userRow } from "#lib/import/testing/rows";
import { cleanUp, cleanUpWorkspace } from "./clean-up.ts";
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

const rowsOf = async (snapshotId: number) => {
  const [row] = await db.ownerSql<{ users: number; seats: number }[]>`
    select (select count(*)::int from snapshot_users where snapshot_id = ${snapshotId}) as users,
      (select count(*)::int from snapshot_assignments where snapshot_id = ${snapshotId}) as seats`;
  return row;
};

/** A connection whose third directory is published: the first one is out of reach once its grace is over. */
async function publishThree() {
  const connection = await createTestConnection(db);
  const arranged = { db, store: createImportStore(db.worker), connection };
  for (const count of [3, 2, 1]) {
    await publishDirectory(arranged, {
      skus: [skuRow(1), skuRow(2)],
      users: Array.from({ length: count }, (_, index) =>
        userRow(index + 1, {
          accountEnabled: false,
          assignments: [assignmentRow(1), assignmentRow(2)],
        }),
      ),
    });
  }
  const rows = await db.ownerSql<{ id: string }[]>`
    select id from snapshots where connection_id = ${connection.connectionId} order by id`;
  return { connection, snapshotIds: rows.map((row) => Number(row.id)) };
}

it("removes what is out of reach while somebody reads it, and goes on where it was interrupted (A22)", async () => {
  const { connection, snapshotIds } = await publishThree();
  const { workspaceId } = connection;
  const [first = 0, second = 0, third = 0] = snapshotIds;
  const left = async () => {
    const [row] = await db.ownerSql<{ reconciliations: number; opportunities: number }[]>`
      select count(distinct r.id)::int as reconciliations,
        count(distinct o.reconciliation_id)::int as opportunities
      from opportunities o
      left join reconciliations r on r.workspace_id = o.workspace_id and r.id = o.reconciliation_id
      where o.workspace_id = ${workspaceId}`;
    return row;
  };
  expect(await left()).toEqual({ reconciliations: 3, opportunities: 3 });

  const stopped = AbortSignal.abort();
  const marked = await cleanUpWorkspace(work(), { workspaceId, graceHours: 0 }, stopped);
  expect(marked).toEqual({ reconciliations: 1, snapshots: 1 });
  expect(await stored(connection)).toEqual(["removing", "retired", "published"]);
  expect(await rowsOf(first)).toEqual({ users: 3, seats: 6 });
  expect(await left()).toEqual({ reconciliations: 2, opportunities: 3 });

  await db.ownerSql.begin(async (reader) => {
    await reader`set local app.as_owner = 'on'`;
    const read = () => reader`select 1 from snapshot_users where snapshot_id = ${first}`;
    expect(await read()).toHaveLength(3);
    // The reader's transaction is open: a clean-up that took a lock against readers would wait for it here.
    expect(await cleanUpWorkspace(work(), { workspaceId, graceHours: 0 }, going)).toEqual({
      reconciliations: 0,
      snapshots: 0,
    });
    expect(await read()).toHaveLength(0);
  });
  expect(await stored(connection)).toEqual(["retired", "published"]);
  expect(await rowsOf(first)).toEqual({ users: 0, seats: 0 });
  expect(await rowsOf(second)).toEqual({ users: 2, seats: 4 });
  expect(await rowsOf(third)).toEqual({ users: 1, seats: 2 });
  expect(await left()).toEqual({ reconciliations: 2, opportunities: 2 });
});

it("two clean-ups at once remove everything once", async () => {
  const { connection, snapshotIds } = await publishThree();
  const { workspaceId } = connection;
  const scope = { workspaceId, graceHours: 0 };
  const both = await Promise.all([1, 2].map(() => cleanUpWorkspace(work(), scope, going)));
  expect(both.reduce((sum, marked) => sum + marked.snapshots, 0)).toBe(1);
  await cleanUpWorkspace(work(), scope, going);
  expect(await stored(connection)).toEqual(["retired", "published"]);
  expect(await rowsOf(snapshotIds[0] ?? 0)).toEqual({ users: 0, seats: 0 });
});

it("goes along a table batch by batch, also where an account has more seats than a batch", async () => {
  const { connection, snapshotIds } = await publishThree();
  const { workspaceId } = connection;
  const [ownerId = 0] = snapshotIds;
  const [seats] = snapshotTables;
  if (seats === undefined) throw new Error("assignments are removed in batches");
  const left: number[] = [];
  for (let from: string | null = null, more = true; more; more = from !== null) {
    from = await db.worker.inWorkspace(
      workspaceId,
      (tx): Promise<string | null> =>
        removeBatch(tx, seats, { workspaceId, ownerId, from, limit: 1 }),
    );
    left.push((await rowsOf(ownerId))?.seats ?? -1);
  }
  expect(left).toEqual([5, 4, 3, 2, 1, 0, 0]);
});
