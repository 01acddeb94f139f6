import type { Database, Tx } from "#db/client";
import type { Read } from "#lib/domain/import";
import type {
  CommitPage,
  ImportStore,
  RowOf,
  RunHandle,
  SourcePage,
  UserRow,
} from "#lib/import/ports";
import { insertAppSkus, listAppSkus } from "./app-skus.ts";
import { countRun } from "./import-facts.ts";
import { withHeldBefore } from "./import-store-added.ts";
import { isTaken, repeating, SupersededError } from "./import-store-fence.ts";
import { type PreparedPage, preparePage, writePage } from "./import-store-pages.ts";
import { insertRows, type PageRows } from "./import-store-rows.ts";
import {
  beginRun,
  endRead,
  failRun,
  holdRun,
  listCheckpoints,
  noteWait,
  restartRead,
} from "./import-store-runs.ts";
import { insertUsers, prepareUsers } from "./import-store-users.ts";
import { type NotedEvidence, readNoted } from "./noted-evidence.ts";
import { publishRun } from "./publish.ts";
import { numberOf, numberSkus, rememberNumbers } from "./sku-numbers.ts";

type Run = Pick<RunHandle, "workspaceId" | "runId">;

function* skusOf(users: readonly UserRow[]): Iterable<string> {
  for (const { assignments } of users) for (const { skuId } of assignments) yield skuId;
}

/** Of an account one row is stored. */
const accountsIndex = "snapshot_users_by_id";

/**
 * The import pipeline's store on PostgreSQL, each method one transaction in the run's workspace. Deadlocks and
 * serialisation failures are repeated; other database errors are thrown. Source: DESIGN §4.2 to §4.6.
 */
export function createImportStore(db: Database): ImportStore {
  const transaction = <T>(run: Run, work: (tx: Tx) => Promise<T>): Promise<T> =>
    repeating(() => db.inWorkspace(run.workspaceId, work));

  const fenced = async <T>(run: Run, work: (tx: Tx) => Promise<T>): Promise<T | "superseded"> => {
    try {
      return await transaction(run, work);
    } catch (error) {
      if (error instanceof SupersededError) return "superseded";
      throw error;
    }
  };

  const applied = async (run: RunHandle, work: (tx: Tx) => Promise<void>) =>
    (await fenced(run, work)) ?? "applied";

  const numbersOf = rememberNumbers((workspaceId, skuIds, names) =>
    repeating(() =>
      db.inWorkspace(workspaceId, (tx) => numberSkus(tx, workspaceId, skuIds, names)),
    ),
  );

  const notedIn = new WeakMap<RunHandle, NotedEvidence>();
  const notedOf = async (run: RunHandle): Promise<NotedEvidence> => {
    const known = notedIn.get(run) ?? (await transaction(run, (tx) => readNoted(tx, run)));
    notedIn.set(run, known);
    return known;
  };

  const prepareRows = async (
    run: RunHandle,
    read: Read,
    page: Pick<SourcePage<RowOf<Read>>, "rows" | "skuNames" | "adds" | "appId">,
  ): Promise<PageRows> => {
    const { rows, skuNames, adds, appId } = page;
    if (read !== "users") {
      if (skuNames !== undefined) await numbersOf(run.workspaceId, skuNames.keys(), skuNames);
      return { insert: (tx, place) => insertRows(tx, place, read, rows) };
    }
    // Safe: a page of accounts has accounts (RowOf), which a union of reads no longer shows.
    const accounts = rows as readonly UserRow[];
    const numbers = await numbersOf(run.workspaceId, skusOf(accounts), skuNames);
    const users = prepareUsers(accounts, numbers);
    const noted = await notedOf(run);
    const skuNos = [...new Set([...skusOf(accounts)].map((id) => numberOf(numbers, id)))];
    return {
      insert: async (tx, place, at) => {
        if (appId !== undefined) await insertAppSkus(tx, place, { appId, skuNos });
        return insertUsers(
          tx,
          place,
          adds && at.replacing ? await withHeldBefore(tx, place, accounts) : users,
          { ...at, noted },
        );
      },
    };
  };

  /** A page whose accounts came before is told by the index alone, and written once more. */
  const commitPage =
    (run: RunHandle, page: PreparedPage): CommitPage =>
    async (place) => {
      const write = (replacing: boolean) =>
        applied(run, (tx) => writePage(tx, run, page, { ...place, replacing }));
      try {
        return await write(false);
      } catch (error) {
        if (!isTaken(error, accountsIndex)) throw error;
        return write(true);
      }
    };

  return {
    begin: async (run) => {
      const begun = await fenced(run, (tx) => beginRun(tx, run));
      return begun === "superseded" ? null : begun;
    },
    checkpoints: (run) => transaction(run, (tx) => listCheckpoints(tx, run)),
    preparePage: async (run, read, page) =>
      commitPage(run, preparePage(read, page, await prepareRows(run, read, page))),
    restartRead: (run, read) => applied(run, (tx) => restartRead(tx, run, read)),
    heldByApplication: (run) => transaction(run, (tx) => listAppSkus(tx, run)),
    endRead: (run, read, end) => applied(run, (tx) => endRead(tx, run, read, end)),
    noteWait: (run, read, wait, retries) =>
      applied(run, (tx) => noteWait(tx, run, { read, wait, retries })),
    facts: (run) => fenced(run, (tx) => countRun(tx, run)),
    publish: (run) => fenced(run, (tx) => publishRun(tx, run)),
    hold: (run, hold) => applied(run, (tx) => holdRun(tx, run, hold)),
    fail: (run, failure) => applied(run, (tx) => failRun(tx, run, failure)),
  };
}
