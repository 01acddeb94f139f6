import { describe, expect, it } from "vitest";
import type { Dataset, Read } from "#lib/domain/import";
import type { ImportStore, RowOf, RunHandle, SourcePage, UserRow } from "#lib/import/ports";
import {
  assignmentRow,
  guid,
  organizationRow,
  page,
  skuId,
  skuRow,
  userId,
  userRow,
} from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";

/** One store under test, and what its tests need beside the port. */
export interface StoreHarness {
  readonly store: ImportStore;
  /** A queued run on a connection; a new connection when none is named. */
  newRun(
    dataset: Dataset,
    connectionId?: string,
  ): Promise<{ readonly workspaceId: string; readonly runId: string }>;
  cancel(run: RunHandle): Promise<void>;
  stateOf(run: RunHandle): Promise<string>;
  /** Accounts stored for the run with the SKUs they hold, in the order of their ids. */
  accountsOf(
    run: RunHandle,
  ): Promise<readonly { readonly userId: string; readonly skuIds: readonly string[] }[]>;
}

const failure = { class: "upstream", code: "unreadable-response" } as const;
const hold = (rows: number) => ({
  reasons: ["rows-fell"] as const,
  before: null,
  after: { rows, skus: 0, skuIds: [], consumed: 0, reported: 0 },
});
const users = (from: number, to: number, sku = 1): readonly UserRow[] =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    userRow(from + index, { assignments: [assignmentRow(sku)] }),
  );

/** What every ImportStore must do, run on each implementation. Source: lib/import/ports, DESIGN §4. */
export function describeImportStore(name: string, harness: () => StoreHarness): void {
  const begin = async (dataset: Dataset, connectionId?: string): Promise<RunHandle> => {
    const { store, newRun } = harness();
    const run = await store.begin(await newRun(dataset, connectionId));
    if (run === null) throw new Error("a queued run begins");
    return run;
  };
  const write = <R extends Read>(
    run: RunHandle,
    read: R,
    pageNo: number,
    content: SourcePage<RowOf<R>>,
    attempt = 1,
  ) => writePage(harness().store, run, { read, attempt, pageNo, page: content, retries: 0 });
  const checkpoint = async (run: RunHandle, read: Read) =>
    (await harness().store.checkpoints(run)).find((candidate) => candidate.read === read);
  const facts = async (run: RunHandle) => {
    const counted = await harness().store.facts(run);
    if (counted === "superseded") throw new Error("the run is ours");
    return counted;
  };
  /** A small complete directory. */
  const readDirectory = async (
    run: RunHandle,
    rows: readonly UserRow[] = users(1, 3),
    more: Partial<SourcePage<UserRow>> = {},
  ) => {
    await write(run, "organization", 1, page([organizationRow(guid(9, 1))]));
    await write(run, "subscribed-skus-first", 1, page([skuRow(1, { consumedUnits: 3 })]));
    await write(run, "users", 1, page(rows, more.next ?? null, more));
    await write(run, "subscribed-skus-second", 1, page([skuRow(1, { consumedUnits: 3 })]));
    await write(run, "company-subscriptions", 1, page([]));
    await write(run, "groups", 1, page([]));
    await write(run, "deleted-users", 1, page([]));
  };

  describe(`${name}: pages`, () => {
    it("begins with every read of the dataset queued", async () => {
      const run = await begin("sign-ins");
      expect(await harness().store.checkpoints(run)).toEqual([
        {
          read: "sign-ins",
          state: "queued",
          attempt: 1,
          pageNo: 0,
          next: null,
          rows: 0,
          quarantined: 0,
          committedAt: null,
        },
      ]);
    });

    it("moves the checkpoint with each page and ends with the last", async () => {
      const run = await begin("directory");
      expect(await write(run, "users", 1, page(users(1, 2), "link-2"))).toBe("applied");
      expect(await checkpoint(run, "users")).toMatchObject({
        state: "running",
        pageNo: 1,
        next: "link-2",
        rows: 2,
      });
      const bad = { field: "assignedLicenses", problem: "missing" };
      await write(run, "users", 2, page(users(3, 3), null, { quarantined: [bad] }));
      expect(await checkpoint(run, "users")).toMatchObject({
        state: "complete",
        pageNo: 2,
        next: null,
        rows: 3,
        quarantined: 1,
      });
    });

    it("takes a page that is there already as applied, without its rows twice (A6)", async () => {
      const run = await begin("directory");
      await write(run, "users", 1, page(users(1, 2), "link-2"));
      expect(await write(run, "users", 1, page(users(1, 2), "link-2"))).toBe("applied");
      expect(await harness().accountsOf(run)).toHaveLength(2);
      expect((await checkpoint(run, "users"))?.rows).toBe(2);
    });

    it("refuses a page of another attempt and a page out of order", async () => {
      const run = await begin("directory");
      await write(run, "users", 1, page(users(1, 2), "link-2"));
      expect(await write(run, "users", 2, page(users(3, 3)), 2)).toBe("superseded");
      expect(await write(run, "users", 3, page(users(3, 3)))).toBe("superseded");
      expect(await harness().accountsOf(run)).toHaveLength(2);
    });

    it("restarts a read without its rows, under the next attempt (B9)", async () => {
      const run = await begin("directory");
      await write(run, "users", 1, page(users(1, 2), "link-2"));
      expect(await harness().store.restartRead(run, "users")).toBe("applied");
      expect(await harness().accountsOf(run)).toEqual([]);
      expect(await checkpoint(run, "users")).toMatchObject({ attempt: 2, pageNo: 0, next: null });
      expect(await write(run, "users", 1, page(users(5, 5)), 2)).toBe("applied");
      expect((await harness().accountsOf(run)).map((user) => user.userId)).toEqual([userId(5)]);
    });

    it("ends a read without half of its rows", async () => {
      const run = await begin("directory");
      await write(run, "groups", 1, page([{ groupId: guid(3, 1), displayName: "Sales" }], "link"));
      const end = { kind: "unavailable", reason: "permission", failure } as const;
      expect(await harness().store.endRead(run, "groups", end)).toBe("applied");
      expect(await checkpoint(run, "groups")).toMatchObject({ state: "unavailable", rows: 0 });
      expect((await facts(run)).reads.map((read) => read.read)).not.toContain("groups");
    });
  });

  describe(`${name}: fence`, () => {
    it("gives a new epoch with each begin, on the same snapshot, and fences the old one (A8)", async () => {
      const { store } = harness();
      const zombie = await begin("directory");
      await write(zombie, "users", 1, page(users(1, 2), "link-2"));
      const winner = await store.begin(zombie);
      expect(winner).toMatchObject({ snapshotId: zombie.snapshotId });
      expect(winner?.epoch).toBeGreaterThan(zombie.epoch);
      await expectFenced(store, zombie);
      expect(winner && (await write(winner, "users", 2, page(users(3, 3))))).toBe("applied");
      expect(await harness().accountsOf(zombie)).toHaveLength(3);
    });

    it("refuses everything to a cancelled run, which never begins again (A13)", async () => {
      const { store, cancel, stateOf } = harness();
      const run = await begin("directory");
      await cancel(run);
      await expectFenced(store, run);
      expect(await store.begin(run)).toBeNull();
      expect(await stateOf(run)).toBe("cancelled");
      const next = await begin("directory", run.connectionId);
      await readDirectory(next);
      expect(await store.publish(next)).toBe("published");
      expect(await store.publish(run)).toBe("superseded");
    });

    it("begins no run that is over, and takes no epoch for it", async () => {
      const { store } = harness();
      const over = await begin("directory");
      await store.fail(over, failure);
      const running = await begin("directory", over.connectionId);
      expect(await store.begin(over)).toBeNull();
      expect(await write(running, "users", 1, page(users(1, 1)))).toBe("applied");
    });
  });

  const expectFenced = async (store: ImportStore, run: RunHandle): Promise<void> => {
    const wait = { kind: "limited", attempt: 1, until: new Date() } as const;
    const end = { kind: "failed", failure } as const;
    const answers = [
      await write(run, "users", 9, page(users(9, 9))),
      await store.restartRead(run, "users"),
      await store.endRead(run, "groups", end),
      await store.noteWait(run, "users", wait, 1),
      await store.facts(run),
      await store.hold(run, hold(0)),
      await store.fail(run, failure),
      await store.publish(run),
    ];
    expect(answers).toEqual(answers.map(() => "superseded"));
  };

  describe(`${name}: facts and ends`, () => {
    it("counts rows stored and written, SKUs, seats and Microsoft's count", async () => {
      const run = await begin("directory");
      await readDirectory(run);
      const counted = await facts(run);
      expect(counted.current).toEqual({
        rows: 3,
        skus: 1,
        skuIds: [skuId(1)],
        consumed: 3,
        reported: 3,
      });
      expect(counted.published).toBeNull();
      expect(counted.heldButUnlisted).toBe(0);
      expect(counted.reads.find((read) => read.read === "users")).toEqual({
        read: "users",
        manifestRows: 3,
        storedRows: 3,
        duplicates: 0,
        quarantined: 0,
        refreshedOn: null,
      });
    });

    it("lets the last page win when an account comes twice, with its assignments (B10)", async () => {
      const run = await begin("directory");
      await write(run, "users", 1, page(users(1, 3), "link-2"));
      await write(run, "users", 2, page([userRow(2, { assignments: [assignmentRow(7)] })]));
      const once = await facts(run);
      expect(once.reads).toContainEqual(
        expect.objectContaining({ read: "users", manifestRows: 4, storedRows: 3, duplicates: 1 }),
      );
      expect(await harness().accountsOf(run)).toEqual([
        { userId: userId(1), skuIds: [skuId(1)] },
        { userId: userId(2), skuIds: [skuId(7)] },
        { userId: userId(3), skuIds: [skuId(1)] },
      ]);
      expect(await facts(run)).toEqual(once);
    });

    it("keeps of accounts that were set aside what the published directory has (B31)", async () => {
      const { store, accountsOf } = harness();
      const first = await begin("directory");
      await readDirectory(first);
      await facts(first);
      await store.publish(first);
      const run = await begin("directory", first.connectionId);
      const unread = (number: number) => ({
        field: "assignedLicenses",
        problem: "missing",
        userId: userId(number),
      });
      // 2 was known and 4 is new; 3 is told on a later page after all.
      await readDirectory(run, users(1, 1), {
        next: "link-2",
        quarantined: [unread(2), unread(3), unread(4)],
      });
      await write(run, "users", 2, page(users(3, 3)));
      for (const counted of [await facts(run), await facts(run)]) {
        expect(counted.current).toMatchObject({ rows: 3, consumed: 3 });
        const read = counted.reads.find((candidate) => candidate.read === "users");
        expect(read).toMatchObject({ manifestRows: 2, storedRows: 2, quarantined: 3 });
      }
      expect(await accountsOf(run)).toEqual(
        [1, 2, 3].map((number) => ({ userId: userId(number), skuIds: [skuId(1)] })),
      );
      expect(await store.publish(run)).toBe("published");

      const again = await begin("directory", first.connectionId);
      await readDirectory(again, [...users(1, 1), ...users(3, 3)], { quarantined: [unread(2)] });
      await facts(again);
      expect((await accountsOf(again)).map((account) => account.userId)).toContain(userId(2));
    });

    it("counts SKUs that somebody holds and the second list lacks (B23)", async () => {
      const run = await begin("directory");
      await readDirectory(run, [
        userRow(1, { assignments: [assignmentRow(1), assignmentRow(5)] }),
        userRow(2, { assignments: [assignmentRow(6, { holds: false, inError: true })] }),
      ]);
      expect((await facts(run)).heldButUnlisted).toBe(1);
    });

    it("tells what accounts hold by application, and forgets it with a read begun anew", async () => {
      const { store } = harness();
      const run = await begin("directory");
      const of = (appId: string, sku: number, next: string | null = "more") => ({
        ...page(users(sku, sku + 1, sku), next),
        appId,
      });
      await write(run, "users", 1, of("4001", 1));
      await write(run, "users", 2, of("4001", 1));
      await write(run, "users", 3, of("5001", 3));
      await write(run, "users", 4, page(users(7, 8, 7), "more"));
      const held = async () =>
        (await store.heldByApplication(run)).map(({ appId, skuId: id }) => `${appId} ${id}`).sort();
      expect(await held()).toEqual([`4001 ${skuId(1)}`, `5001 ${skuId(3)}`]);
      expect(await store.restartRead(run, "users")).toBe("applied");
      expect(await held()).toEqual([]);
    });

    it("publishes, shows the published figures to the next run, and knows unchanged content (A27)", async () => {
      const { store, stateOf } = harness();
      const first = await begin("directory");
      await readDirectory(first);
      expect(await store.publish(first)).toBe("published");
      expect(await stateOf(first)).toBe("succeeded");
      const second = await begin("directory", first.connectionId);
      await readDirectory(second, [...users(1, 3)].reverse());
      expect((await facts(second)).published).toMatchObject({ rows: 3, consumed: 3 });
      expect(await store.publish(second)).toBe("unchanged");
      expect(await stateOf(second)).toBe("succeeded");
      const third = await begin("directory", first.connectionId);
      await readDirectory(third, users(1, 4));
      expect(await store.publish(third)).toBe("published");
    });

    it("replaces an older held run by a newer one (B27)", async () => {
      const { store, stateOf } = harness();
      const older = await begin("directory");
      await readDirectory(older);
      expect(await store.hold(older, hold(3))).toBe("applied");
      expect(await stateOf(older)).toBe("suspect");
      const newer = await begin("directory", older.connectionId);
      await readDirectory(newer, users(1, 1));
      expect(await store.hold(newer, hold(1))).toBe("applied");
      expect([await stateOf(older), await stateOf(newer)]).toEqual(["superseded", "suspect"]);
    });

    it("ends a failed run for good", async () => {
      const { store, stateOf } = harness();
      const run = await begin("usage");
      expect(await store.fail(run, failure)).toBe("applied");
      expect(await stateOf(run)).toBe("failed");
      expect(await store.publish(run)).toBe("superseded");
    });
  });
}
