import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChangeKind, changeKindAt } from "#lib/domain/change";
import type { ImportStore, UserRow } from "#lib/import/ports";
import { assignmentRow, skuId, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { createWorkspace } from "../testing/factories.ts";
import { createTestConnection, type TestConnection } from "../testing/import-fixtures.ts";
import { compareAll, publishDirectory, writeDirectory } from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createImportStore } from "./import-store.ts";
import { discardHeldRun, publishHeldRun } from "./publish.ts";

let db: TestDatabase;
let store: ImportStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = createImportStore(db.worker);
});
afterAll(() => db?.close());

const arrange = async (workspaceId?: string) => ({
  db,
  store,
  connection: await createTestConnection(db, workspaceId === undefined ? {} : { workspaceId }),
});

interface StoredChange {
  readonly kind: ChangeKind;
  readonly sku: string;
  readonly user: string | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly name: string | null;
}

interface StoredSet {
  readonly state: string;
  readonly first: boolean;
  readonly departments: unknown;
  readonly changes: readonly StoredChange[];
  readonly counts: Readonly<Record<string, number>>;
}

const nobody = "00000000-0000-0000-0000-000000000000";

/** The connection's change sets, oldest first, with all their rows. */
async function readSets({ connectionId }: TestConnection): Promise<readonly StoredSet[]> {
  const sets = await db.ownerSql<
    { id: string; state: string; first: boolean; departments: unknown }[]
  >`select id, state, first, departments from change_sets where connection_id = ${connectionId} order by id`;
  return Promise.all(
    sets.map(async ({ id, ...set }) => {
      const rows = await db.ownerSql<(Omit<StoredChange, "kind"> & { kind: number })[]>`
        select c.kind, n.sku_id as sku, nullif(c.user_id, ${nobody}) as user, c.before, c.after,
          c.display_name as name
        from changes c join sku_numbers n on n.workspace_id = c.workspace_id and n.no = c.sku_no
        where c.change_set_id = ${id} order by c.kind, n.sku_id, c.user_id`;
      const counts = await db.ownerSql<{ kind: number; sku: string; count: number }[]>`
        select c.kind, n.sku_id as sku, c.count
        from change_counts c join sku_numbers n on n.workspace_id = c.workspace_id and n.no = c.sku_no
        where c.change_set_id = ${id}`;
      return {
        ...set,
        changes: rows.map((row) => ({ ...row, kind: changeKindAt(row.kind) })),
        counts: Object.fromEntries(
          counts.map(({ kind, sku, count }) => [`${changeKindAt(kind)} ${sku}`, count]),
        ),
      };
    }),
  );
}

const lastSet = async (connection: TestConnection): Promise<StoredSet> => {
  const set = (await readSets(connection)).at(-1);
  if (set === undefined) throw new Error("the connection has a change set");
  return set;
};

const holding = (index: number, skus: readonly number[], given: Partial<UserRow> = {}) =>
  userRow(index, { assignments: skus.map((sku) => assignmentRow(sku)), ...given });
const units = (enabled: number, expiring = 0, suspended = 0) => ({
  enabled,
  expiring,
  suspended,
  lockedOut: 0,
});
const seat = (kind: ChangeKind, sku: number, user: number, name: string | null = null) => ({
  kind,
  sku: skuId(sku),
  user: userId(user),
  before: null,
  after: null,
  name,
});
const ofSku = (kind: ChangeKind, sku: number, before: number | null, after: number | null) => ({
  kind,
  sku: skuId(sku),
  user: null,
  before,
  after,
  name: null,
});

describe("a publish", () => {
  it("leaves totals of a first directory, and no row per assignment", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, {
      skus: [skuRow(1), skuRow(2)],
      users: [holding(1, [1, 2]), holding(2, [1]), holding(3, [])],
    });
    expect(await readSets(arranged.connection)).toEqual([
      {
        state: "published",
        first: true,
        departments: null,
        changes: [ofSku("sku-new", 1, null, 10), ofSku("sku-new", 2, null, 10)],
        counts: {
          [`seat-gained ${skuId(1)}`]: 2,
          [`seat-gained ${skuId(2)}`]: 1,
          [`sku-new ${skuId(1)}`]: 1,
          [`sku-new ${skuId(2)}`]: 1,
        },
      },
    ]);
  });

  it("compares accounts that were stored before their contents were hashed", async () => {
    const arranged = await arrange();
    const skus = [skuRow(1), skuRow(2)];
    await publishDirectory(arranged, { skus, users: [holding(1, [1]), holding(2, [1])] });
    await db.ownerSql`
      update snapshot_users set content_hash = null
      where workspace_id = ${arranged.connection.workspaceId}`;
    await publishDirectory(arranged, { skus, users: [holding(1, [1]), holding(2, [2])] });
    expect((await lastSet(arranged.connection)).changes).toEqual([
      seat("seat-lost", 1, 2),
      seat("seat-gained", 2, 2),
    ]);
  });

  it("records every kind, one row per license and account", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, {
      skus: [
        skuRow(1, { prepaidUnits: units(10, 5, 0) }),
        skuRow(2, { prepaidUnits: units(3) }),
        skuRow(4, { prepaidUnits: null }),
      ],
      users: [
        holding(1, [1]),
        holding(2, [1, 2]),
        holding(3, [1]),
        holding(4, [1], { accountEnabled: false }),
        holding(5, [1]),
        holding(6, [1]),
        holding(7, []),
        holding(8, [1], { displayName: "Left later" }),
      ],
    });
    await publishDirectory(arranged, {
      skus: [
        skuRow(1, { prepaidUnits: units(12, 0, 4) }),
        skuRow(3, { prepaidUnits: units(7) }),
        skuRow(4, { prepaidUnits: units(1) }),
      ],
      users: [
        holding(1, [1, 3]),
        holding(2, [1]),
        holding(3, [1], { accountEnabled: false }),
        holding(4, [1]),
        holding(5, [1]),
        // In deletedItems as well: deleted, whatever the list of users says.
        holding(6, [1]),
        holding(9, [1]),
        holding(10, []),
      ],
      deletedUsers: [
        {
          userId: userId(6),
          userPrincipalName: null,
          displayName: null,
          deletedAt: null,
          skuIds: [],
        },
      ],
    });
    const set = await lastSet(arranged.connection);
    expect(set).toMatchObject({ state: "published", first: false });
    expect(set.changes).toEqual([
      ofSku("sku-gone", 2, 3, null),
      ofSku("sku-new", 3, null, 7),
      ofSku("units-enabled", 1, 10, 12),
      ofSku("units-enabled", 4, null, 1),
      ofSku("units-expiring", 1, 5, 0),
      ofSku("units-expiring", 4, null, 0),
      ofSku("units-suspended", 1, 0, 4),
      ofSku("units-suspended", 4, null, 0),
      seat("account-deleted", 1, 6, "User 6"),
      seat("account-deleted", 1, 8, "Left later"),
      seat("seat-lost", 2, 2),
      seat("account-blocked", 1, 3),
      seat("account-unblocked", 1, 4),
      seat("account-created", 1, 9),
      seat("seat-gained", 3, 1),
    ]);
    expect(set.counts[`account-deleted ${skuId(1)}`]).toBe(2);
    expect(Object.values(set.counts).reduce((sum, count) => sum + count, 0)).toBe(
      set.changes.length,
    );
  });

  it("takes nobody for deleted who may only not have been understood (B31)", async () => {
    const arranged = await arrange();
    const skus = [skuRow(1)];
    const users = [1, 2, 3].map((no) => holding(no, [1]));
    const deleted = (no: number) => ({
      userId: userId(no),
      userPrincipalName: null,
      displayName: null,
      deletedAt: null,
      skuIds: [],
    });
    await publishDirectory(arranged, { skus, users });
    await publishDirectory(arranged, {
      skus,
      users: users.slice(0, 1),
      unreadUsers: 1,
      deletedUsers: [deleted(3)],
    });
    const lost = await lastSet(arranged.connection);
    expect(lost.changes).toEqual([
      seat("account-deleted", 1, 3, "User 3"),
      seat("account-unread", 1, 2, "User 2"),
    ]);
    expect(lost.counts).toEqual({
      [`account-deleted ${skuId(1)}`]: 1,
      [`account-unread ${skuId(1)}`]: 1,
    });

    const soon = { createdAt: new Date(Date.now() + 60_000).toISOString() };
    await publishDirectory(arranged, { skus, users: [...users, holding(4, [1], soon)] });
    expect((await lastSet(arranged.connection)).changes).toEqual([
      // In Microsoft's list of the deleted then: restored, and no matter of reading.
      seat("account-created", 1, 3),
      seat("account-created", 1, 4),
      seat("account-read-again", 1, 2),
    ]);
    await publishDirectory(arranged, { skus, users });
    expect((await lastSet(arranged.connection)).changes).toEqual([
      seat("account-deleted", 1, 4, "User 4"),
    ]);
  });

  it("tells an account that was listed without its licenses as read again, and who really went as deleted (B31)", async () => {
    const arranged = await arrange();
    const skus = [skuRow(1)];
    const users = [1, 2, 3].map((no) => holding(no, [1]));
    await publishDirectory(arranged, {
      skus,
      users: users.slice(0, 1),
      unreadUserIds: [userId(2)],
    });
    const soon = { createdAt: new Date(Date.now() + 60_000).toISOString() };
    const all = [...users.slice(0, 2), holding(3, [1], soon)];
    await publishDirectory(arranged, { skus, users: all });
    expect((await lastSet(arranged.connection)).changes).toEqual([
      seat("account-created", 1, 3),
      seat("account-read-again", 1, 2),
    ]);
    // 2 keeps its seat; nobody can be 3, since the id of the row that was set aside is known.
    await publishDirectory(arranged, {
      skus,
      users: users.slice(0, 1),
      unreadUserIds: [userId(2)],
    });
    expect((await lastSet(arranged.connection)).changes).toEqual([
      seat("account-deleted", 1, 3, "User 3"),
    ]);
  });

  it("records nothing when the content is unchanged, the read failed or another dataset is published", async () => {
    const arranged = await arrange();
    const directory = { skus: [skuRow(1)], users: [holding(1, [1])] };
    await publishDirectory(arranged, directory);
    expect(await publishDirectory(arranged, directory)).toBe("unchanged");
    const failed = await writeDirectory(arranged, { skus: [skuRow(1)] });
    await store.fail(failed, { class: "upstream", code: "unreadable-response" });
    expect(await readSets(arranged.connection)).toHaveLength(1);
  });

  it("records a set without changes where only names changed", async () => {
    const arranged = await arrange();
    await publishDirectory(arranged, { skus: [skuRow(1)], users: [holding(1, [1])] });
    await publishDirectory(arranged, {
      skus: [skuRow(1)],
      users: [holding(1, [1], { displayName: "Renamed" })],
    });
    const sets = await readSets(arranged.connection);
    expect(sets.map((set) => [set.first, set.changes.length])).toEqual([
      [true, 1],
      [false, 0],
    ]);
  });
});

describe("a held read", () => {
  const before = {
    skus: [skuRow(1), skuRow(2)],
    users: Array.from({ length: 60 }, (_, index) =>
      holding(index + 1, [1], { department: index < 40 ? "Sales" : "  " }),
    ),
  };
  const after = { skus: [skuRow(1)], users: before.users.slice(0, 10) };
  const figures = { rows: 0, skus: 0, skuIds: [], consumed: 0, reported: 0 };
  const hold = { reasons: ["rows-fell"] as const, before: figures, after: figures };

  it("proposes counts, departments and the rows of 20 people; published it has every row", async () => {
    const arranged = await arrange();
    const { workspaceId } = arranged.connection;
    await publishDirectory(arranged, before);
    const run = await writeDirectory(arranged, after);
    await store.hold(run, hold);
    const proposed = await lastSet(arranged.connection);
    expect(proposed).toMatchObject({
      state: "proposed",
      counts: { [`account-deleted ${skuId(1)}`]: 50, [`sku-gone ${skuId(2)}`]: 1 },
      departments: [
        {
          department: "Sales",
          accountsBefore: 40,
          accountsAfter: 10,
          seatsBefore: 40,
          seatsAfter: 10,
        },
        { department: null, accountsBefore: 20, accountsAfter: 0, seatsBefore: 20, seatsAfter: 0 },
      ],
    });
    expect(proposed.changes.filter((change) => change.user !== null)).toHaveLength(20);
    expect(proposed.changes[0]).toEqual(ofSku("sku-gone", 2, 10, null));
    const decision = { workspaceId, runId: run.runId, decidedBy: "test" };
    expect(await db.web.inWorkspace(workspaceId, (tx) => publishHeldRun(tx, decision))).toBe(
      "published",
    );
    await compareAll(db);
    const sets = await readSets(arranged.connection);
    expect(sets.map((set) => [set.state, set.changes.length])).toEqual([
      ["published", 2],
      ["published", 51],
    ]);
  });

  it("leaves nothing published when it is discarded", async () => {
    const arranged = await arrange();
    const { workspaceId } = arranged.connection;
    await publishDirectory(arranged, before);
    const run = await writeDirectory(arranged, after);
    await store.hold(run, hold);
    const decision = { workspaceId, runId: run.runId, decidedBy: "test" };
    await db.web.inWorkspace(workspaceId, (tx) => discardHeldRun(tx, decision));
    const sets = await readSets(arranged.connection);
    expect(sets.filter((set) => set.state === "published")).toHaveLength(1);
  });
});

/** Accounts 1 to 24: absent, deleted, or holding some of three SKUs, blocked or not. */
const directory = fc
  .array(
    fc.option(
      fc.record({
        skus: fc.subarray([1, 2, 3]),
        blocked: fc.boolean(),
        deleted: fc.boolean(),
        holds: fc.boolean(),
      }),
      { nil: null },
    ),
    { minLength: 24, maxLength: 24 },
  )
  .map((accounts) => {
    const users = accounts.flatMap((account, index) =>
      account === null
        ? []
        : [
            userRow(index + 1, {
              accountEnabled: !account.blocked,
              assignments: account.skus.map((sku) => assignmentRow(sku, { holds: account.holds })),
            }),
          ],
    );
    const gone = accounts.flatMap((account, index) =>
      account?.deleted ? [userId(index + 1)] : [],
    );
    const seats = new Map(
      users.flatMap((user) =>
        gone.includes(user.userId)
          ? []
          : user.assignments
              .filter(({ holds }) => holds)
              .map((held) => [`${held.skuId} ${user.userId}`, user.accountEnabled === false]),
      ),
    );
    const deletedUsers = gone.map((id) => ({
      userId: id,
      userPrincipalName: null,
      displayName: null,
      deletedAt: null,
      skuIds: [],
    }));
    return { content: { skus: [1, 2, 3].map((sku) => skuRow(sku)), users, deletedUsers }, seats };
  });

it("applied to the seats before, the changes give the seats after", async () => {
  const { workspaceId } = await createWorkspace(db);
  await fc.assert(
    fc.asyncProperty(directory, directory, async (old, next) => {
      const arranged = await arrange(workspaceId);
      await publishDirectory(arranged, old.content);
      const outcome = await publishDirectory(arranged, next.content);
      const [, set] = await readSets(arranged.connection);
      expect(set === undefined).toBe(outcome === "unchanged");
      const seats = new Map(old.seats);
      for (const { kind, sku, user } of set?.changes ?? []) {
        const pair = `${sku} ${user}`;
        if (kind === "seat-lost" || kind === "account-deleted") {
          expect(seats.delete(pair), pair).toBe(true);
        } else if (kind === "seat-gained" || kind === "account-created") {
          expect(seats.has(pair), pair).toBe(false);
          seats.set(pair, next.seats.get(pair) ?? false);
        } else {
          expect(seats.get(pair), pair).toBe(kind === "account-unblocked");
          seats.set(pair, kind === "account-blocked");
        }
      }
      expect(seats).toEqual(next.seats);
    }),
    { numRuns: 10, seed: 20_261_123 },
  );
}, 180_000);
