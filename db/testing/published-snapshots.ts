import { compareChanges } from "#db/queries/change-record";
import { listSetsToCompare } from "#db/queries/change-sets";
import type { Dataset, Read, UsageReport } from "#lib/domain/import";
import type {
  DeletedUserRow,
  ImportStore,
  QuarantinedRow,
  RowOf,
  RunHandle,
  SignInRow,
  SkuRow,
  SourcePage,
  SubscriptionRow,
  UsageRow,
  UserRow,
} from "#lib/import/ports";
import { organizationRow, page } from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";
import { createTestRun, type TestConnection } from "./import-fixtures.ts";
import type { TestDatabase } from "./test-database.ts";

/** A directory as a test wants it published; lists that are not given are empty, `second` defaults to `first`. */
export interface DirectoryContent {
  readonly skus: readonly SkuRow[];
  readonly skusAfter?: readonly SkuRow[];
  readonly users?: readonly UserRow[];
  /** Accounts of the list that could not be understood. */
  readonly unreadUsers?: number;
  /** Accounts of the list whose ids alone could be understood. */
  readonly unreadUserIds?: readonly string[];
  readonly deletedUsers?: readonly DeletedUserRow[];
  /** Null: the read is unavailable for want of a permission. */
  readonly subscriptions?: readonly SubscriptionRow[] | null;
}

export interface ReportContent {
  readonly rows: readonly UsageRow[];
  readonly refreshedOn: string;
  readonly concealed?: boolean;
}

interface Arranged {
  readonly db: Pick<TestDatabase, "ownerSql" | "worker">;
  readonly store: ImportStore;
  readonly connection: TestConnection;
}

const forbidden = { class: "permission", code: "permission-missing" } as const;

async function begin({ db, store, connection }: Arranged, dataset: Dataset): Promise<RunHandle> {
  const run = await store.begin(await createTestRun(db, connection, dataset));
  if (run === null) throw new Error("a queued run begins");
  return run;
}

const write = <R extends Read>(
  { store }: Arranged,
  run: RunHandle,
  read: R,
  rows: readonly RowOf<R>[],
  more: Partial<SourcePage<RowOf<R>>> = {},
) =>
  writePage(store, run, {
    read,
    attempt: 1,
    pageNo: 1,
    page: page(rows, null, more),
    retries: 0,
  });

/** Writes a directory through the store and leaves it to be published. */
export async function writeDirectory(
  arranged: Arranged,
  content: DirectoryContent,
): Promise<RunHandle> {
  const run = await begin(arranged, "directory");
  await write(arranged, run, "organization", [organizationRow(arranged.connection.tenantId)]);
  await write(arranged, run, "subscribed-skus-first", content.skus);
  const unread = { field: "assignedLicenses", problem: "missing" };
  const quarantined: QuarantinedRow[] = [
    ...Array.from({ length: content.unreadUsers ?? 0 }, () => unread),
    ...(content.unreadUserIds ?? []).map((userId) => ({ ...unread, userId })),
  ];
  await write(arranged, run, "users", content.users ?? [], { quarantined });
  await write(arranged, run, "subscribed-skus-second", content.skusAfter ?? content.skus);
  if (content.subscriptions === null) {
    await arranged.store.endRead(run, "company-subscriptions", {
      kind: "unavailable",
      reason: "permission",
      failure: forbidden,
    });
  } else {
    await write(arranged, run, "company-subscriptions", content.subscriptions ?? []);
  }
  await write(arranged, run, "groups", []);
  await write(arranged, run, "deleted-users", content.deletedUsers ?? []);
  await arranged.store.facts(run);
  return run;
}

/** Publishes a directory and finds what it changed. */
export async function publishDirectory(arranged: Arranged, content: DirectoryContent) {
  const outcome = await arranged.store.publish(await writeDirectory(arranged, content));
  await compareAll(arranged.db);
  return outcome;
}

/** Finds what publishes changed, as the worker does after each. */
export async function compareAll({ worker }: Pick<TestDatabase, "worker">): Promise<void> {
  for (const set of await worker.outside((tx) => listSetsToCompare(tx))) {
    await worker.inWorkspace(set.workspaceId, (tx) => compareChanges(tx, set));
  }
}

export async function publishSignIns(arranged: Arranged, rows: readonly SignInRow[]) {
  const run = await begin(arranged, "sign-ins");
  await write(arranged, run, "sign-ins", rows);
  await arranged.store.facts(run);
  return arranged.store.publish(run);
}

/** Publishes usage with the given reports; the others are unavailable. */
export async function publishUsage(
  arranged: Arranged,
  reports: Partial<Record<UsageReport, ReportContent>>,
  concealedBySetting = false,
) {
  const run = await begin(arranged, "usage");
  await write(arranged, run, "report-settings", [{ concealed: concealedBySetting }]);
  for (const [name, content] of Object.entries(reports)) {
    const { refreshedOn, concealed = false } = content;
    // Safe: the keys of `reports` are usage reports.
    const read = `report:${name as UsageReport}` as const;
    await write(arranged, run, read, content.rows, { report: { refreshedOn, concealed } });
  }
  await arranged.store.facts(run);
  return arranged.store.publish(run);
}

/** Ends a run whose mandatory read is not to be had. */
export async function failUnavailable(
  arranged: Arranged,
  dataset: "sign-ins" | "usage",
  reason: "not-licensed" | "permission",
) {
  const run = await begin(arranged, dataset);
  const read = dataset === "sign-ins" ? "sign-ins" : "report:active-users";
  const failure = { class: "permission", code: reason } as const;
  await arranged.store.endRead(run, read, { kind: "unavailable", reason, failure });
  return arranged.store.fail(run, failure);
}
