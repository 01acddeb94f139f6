import type { Failure } from "#lib/domain/failure";
import { type Dataset, type Read, type RunState, readsOf } from "#lib/domain/import";
import type {
  ApplicationSku,
  Checkpoint,
  Hold,
  ImportStore,
  ReadEnd,
  RunFacts,
  RunHandle,
  SkuRow,
  SnapshotFigures,
  SourcePage,
  SourceWait,
  UserRow,
} from "#lib/import/ports";

/** One stored row with the page it came on. */
interface Stored {
  readonly key: string;
  readonly row: unknown;
}

interface ReadState {
  checkpoint: Checkpoint;
  duplicates: number;
  retries: number;
  refreshedOn: string | null;
  wait: SourceWait | null;
  end: Exclude<ReadEnd, { kind: "restart" }> | null;
  rows: Stored[];
  /** Accounts whose rows were set aside. */
  readonly unread: Set<string>;
  /** Accounts as the published directory has them: this read lists them without what they hold. */
  carried: readonly UserRow[];
  /** By application and SKU. */
  readonly held: Map<string, ApplicationSku>;
}

/** A run as tests look at it. */
export interface MemoryRun {
  readonly runId: string;
  readonly connectionId: string;
  readonly dataset: Dataset;
  readonly snapshotId: number;
  readonly reads: Map<Read, ReadState>;
  state: RunState;
  epoch: number | null;
  hold: Hold | null;
  failure: Failure | null;
}

/** The store's port over plain objects: what the pipeline relies on, without SQL. Not safe for several processes. */
export interface MemoryStore extends ImportStore {
  addRun(connectionId: string, dataset: Dataset): MemoryRun;
  /** Ends a run the way a cancel does: state and epoch. */
  cancel(runId: string): void;
  run(runId: string): MemoryRun;
  /** Rows of a read in the run's snapshot. */
  rowsOf(runId: string, read: Read): readonly unknown[];
  publishedRun(connectionId: string, dataset: Dataset): string | null;
  /** The database time the store dates checkpoints with. */
  now: () => Date;
}

const idKeys = ["userId", "skuId", "groupId", "subscriptionId", "userPrincipalName", "tenantId"];

/** The id of a row, whatever it is of. */
const keyOf = (row: object): string => {
  const field = idKeys.find((name) => name in row);
  return field === undefined
    ? ""
    : String(Object.entries(row).find(([name]) => name === field)?.[1]);
};

const emptyRead = (read: Read): ReadState => ({
  checkpoint: {
    read,
    state: "queued",
    attempt: 1,
    pageNo: 0,
    next: null,
    rows: 0,
    quarantined: 0,
    committedAt: null,
  },
  duplicates: 0,
  retries: 0,
  refreshedOn: null,
  wait: null,
  end: null,
  rows: [],
  unread: new Set(),
  carried: [],
  held: new Map(),
});

/** What the accounts of a page hold, where it says of which application they are. */
const heldOn = ({ appId, rows }: SourcePage<unknown>): readonly ApplicationSku[] =>
  appId === undefined
    ? []
    : // Safe: only pages of accounts name an application.
      (rows as readonly UserRow[]).flatMap(({ assignments }) =>
        assignments.map(({ skuId }) => ({ appId, skuId })),
      );

export function createMemoryStore(now: () => Date = () => new Date()): MemoryStore {
  const runs = new Map<string, MemoryRun>();
  const epochs = new Map<string, number>();
  const published = new Map<string, string>();
  const placeOf = (run: { connectionId: string; dataset: Dataset }): string =>
    `${run.connectionId}/${run.dataset}`;

  const get = (runId: string): MemoryRun => {
    const run = runs.get(runId);
    if (run === undefined) throw new Error(`no run ${runId}`);
    return run;
  };
  const raise = (run: MemoryRun): number => {
    const epoch = (epochs.get(placeOf(run)) ?? 0) + 1;
    epochs.set(placeOf(run), epoch);
    return epoch;
  };
  const held = (handle: RunHandle): MemoryRun | null => {
    const run = get(handle.runId);
    const mine = epochs.get(placeOf(run)) === handle.epoch && run.epoch === handle.epoch;
    return mine && run.state === "running" ? run : null;
  };
  const readState = (run: MemoryRun, read: Read): ReadState => {
    const state = run.reads.get(read);
    if (state === undefined) throw new Error(`no read ${read}`);
    return state;
  };
  /** Runs a change when the run is still ours. */
  const fenced = async <T>(handle: RunHandle, work: (run: MemoryRun) => T) => {
    const run = held(handle);
    return run === null ? ("superseded" as const) : work(run);
  };
  const users = (run: MemoryRun): readonly UserRow[] => {
    const read = run.reads.get("users");
    return [...(read?.rows ?? []).map(({ row }) => row as UserRow), ...(read?.carried ?? [])];
  };
  const skus = (run: MemoryRun): readonly SkuRow[] =>
    (run.reads.get("subscribed-skus-second")?.rows ?? []).map(({ row }) => row as SkuRow);
  const heldSkuIds = (run: MemoryRun): readonly string[] =>
    users(run).flatMap((user) =>
      user.assignments.filter((assignment) => assignment.holds).map(({ skuId }) => skuId),
    );

  const figures = (run: MemoryRun): SnapshotFigures => {
    const company = new Set(
      skus(run).flatMap((sku) => (sku.appliesTo === "company" ? [sku.skuId] : [])),
    );
    const reads = [...run.reads.values()];
    return {
      rows:
        run.dataset === "directory"
          ? users(run).length
          : reads.reduce((sum, read) => sum + read.rows.length, 0),
      skus: skus(run).length,
      skuIds: skus(run)
        .map((sku) => sku.skuId)
        .sort(),
      consumed: heldSkuIds(run).filter((skuId) => !company.has(skuId)).length,
      reported: skus(run)
        .flatMap(({ appliesTo, consumedUnits }) =>
          appliesTo === "user" && consumedUnits !== null ? [consumedUnits] : [],
        )
        .reduce<number | null>((sum, units) => (sum ?? 0) + units, null),
    };
  };

  const removeOlderCopies = (state: ReadState): void => {
    const last = new Map(state.rows.map((stored) => [stored.key, stored]));
    state.duplicates += state.rows.length - last.size;
    state.rows = [...last.values()];
  };

  const carryUnread = (run: MemoryRun, before: string | undefined): void => {
    const state = run.reads.get("users");
    if (state === undefined || before === undefined) return;
    const readNow = new Set(state.rows.map(({ key }) => key));
    state.carried = users(get(before)).filter(
      ({ userId }) => state.unread.has(userId) && !readNow.has(userId),
    );
  };

  const countRun = (run: MemoryRun): RunFacts => {
    for (const state of run.reads.values()) removeOlderCopies(state);
    const before = published.get(placeOf(run));
    carryUnread(run, before);
    const listed = new Set(skus(run).map((sku) => sku.skuId));
    return {
      reads: [...run.reads.values()].flatMap((state) =>
        state.checkpoint.state !== "complete" || state.checkpoint.read === "report-settings"
          ? []
          : [
              {
                read: state.checkpoint.read,
                manifestRows: state.checkpoint.rows,
                storedRows: state.rows.length,
                duplicates: state.duplicates,
                quarantined: state.checkpoint.quarantined,
                refreshedOn: state.refreshedOn,
              },
            ],
      ),
      current: figures(run),
      published: before === undefined ? null : figures(get(before)),
      heldButUnlisted: new Set(heldSkuIds(run).filter((skuId) => !listed.has(skuId))).size,
    };
  };

  const content = (run: MemoryRun): string =>
    JSON.stringify(
      [...run.reads].map(([read, state]) => [
        read,
        state.checkpoint.state,
        state.rows.map(({ row }) => JSON.stringify(row)).sort(),
        [...state.unread].sort(),
      ]),
    );

  const releaseHeld = (winner: MemoryRun): void => {
    for (const run of runs.values()) {
      if (run !== winner && run.state === "suspect" && placeOf(run) === placeOf(winner)) {
        run.state = "superseded";
      }
    }
  };

  const discard = (state: ReadState): void => {
    state.rows = [];
    state.duplicates = 0;
    state.unread.clear();
    state.carried = [];
    state.held.clear();
  };

  const store: MemoryStore = {
    now,
    addRun(connectionId, dataset) {
      const runId = `run-${runs.size + 1}`;
      const run: MemoryRun = {
        runId,
        connectionId,
        dataset,
        snapshotId: runs.size + 1,
        reads: new Map(readsOf(dataset).map(({ read }) => [read, emptyRead(read)])),
        state: "queued",
        epoch: null,
        hold: null,
        failure: null,
      };
      runs.set(runId, run);
      return run;
    },
    cancel(runId) {
      const run = get(runId);
      raise(run);
      run.state = "cancelled";
    },
    run: get,
    rowsOf: (runId, read) => {
      const { rows, carried } = readState(get(runId), read);
      return [...rows.map(({ row }) => row), ...carried];
    },
    publishedRun: (connectionId, dataset) =>
      published.get(placeOf({ connectionId, dataset })) ?? null,

    async begin({ workspaceId, runId }) {
      const run = get(runId);
      if (run.state !== "queued" && run.state !== "running") return null;
      run.epoch = raise(run);
      run.state = "running";
      const { connectionId, dataset, epoch, snapshotId } = run;
      return { workspaceId, connectionId, runId, dataset, epoch, snapshotId };
    },
    checkpoints: async (handle) =>
      [...get(handle.runId).reads.values()].map((state) => state.checkpoint),
    preparePage: async (handle, read, page) => (place) =>
      fenced(handle, (run) => {
        const state = readState(run, read);
        const { checkpoint } = state;
        if (checkpoint.attempt !== place.attempt) return "superseded";
        if (checkpoint.pageNo >= place.pageNo) return "applied";
        if (checkpoint.pageNo !== place.pageNo - 1) return "superseded";
        state.rows.push(...page.rows.map((row) => ({ key: keyOf(row), row })));
        for (const { userId } of page.quarantined) if (userId) state.unread.add(userId);
        for (const sku of heldOn(page)) state.held.set(`${sku.appId} ${sku.skuId}`, sku);
        state.retries += place.retries;
        state.refreshedOn ??= page.report?.refreshedOn ?? null;
        state.checkpoint = {
          ...checkpoint,
          state: page.last ? "complete" : "running",
          pageNo: place.pageNo,
          next: page.next,
          rows: checkpoint.rows + page.rows.length,
          quarantined: checkpoint.quarantined + page.quarantined.length,
          committedAt: store.now(),
        };
        return "applied";
      }),
    restartRead: (handle, read) =>
      fenced(handle, (run) => {
        const state = readState(run, read);
        discard(state);
        const { attempt } = state.checkpoint;
        state.checkpoint = {
          ...emptyRead(read).checkpoint,
          state: "running",
          attempt: attempt + 1,
        };
        return "applied";
      }),
    heldByApplication: async (handle) => [...readState(get(handle.runId), "users").held.values()],
    endRead: (handle, read, end) =>
      fenced(handle, (run) => {
        const state = readState(run, read);
        discard(state);
        state.end = end;
        state.checkpoint = { ...state.checkpoint, state: end.kind, rows: 0, next: null };
        return "applied";
      }),
    noteWait: (handle, read, wait, retries) =>
      fenced(handle, (run) => {
        const state = readState(run, read);
        state.wait = wait;
        state.retries += retries;
        return "applied";
      }),
    facts: (handle) => fenced(handle, countRun),
    publish: (handle) =>
      fenced(handle, (run) => {
        releaseHeld(run);
        run.state = "succeeded";
        const before = published.get(placeOf(run));
        if (before !== undefined && content(get(before)) === content(run)) return "unchanged";
        published.set(placeOf(run), run.runId);
        return "published";
      }),
    hold: (handle, hold) =>
      fenced(handle, (run) => {
        releaseHeld(run);
        run.state = "suspect";
        run.hold = hold;
        return "applied";
      }),
    fail: (handle, failure) =>
      fenced(handle, (run) => {
        run.state = "failed";
        run.failure = failure;
        return "applied";
      }),
  };
  return store;
}
