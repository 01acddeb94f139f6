import { beforeEach, describe, expect, it } from "vitest";
import type { Dataset, Read } from "#lib/domain/import";
import { type ImportStore, ReadError, type RunHandle, type SourceWait } from "./ports.ts";
import { type RunOutcome, runDataset } from "./run-dataset.ts";
import { createMemoryStore, type MemoryStore } from "./testing/memory-store.ts";
import { assignmentRow, guid, organizationRow, page, skuRow, userRow } from "./testing/rows.ts";
import { createScriptedSource, type ScriptedSource } from "./testing/scripted-source.ts";

const restart = () => new ReadError({ kind: "restart" });
const notLicensed = { class: "tenant", code: "not-licensed" } as const;
const forbidden = { class: "permission", code: "permission-missing" } as const;
const revoked = { class: "credential", code: "consent-revoked" } as const;
const unavailable = (failure: typeof forbidden | typeof notLicensed) =>
  new ReadError({
    kind: "unavailable",
    reason: failure === forbidden ? "permission" : "not-licensed",
    failure,
  });
const failed = (failure: typeof revoked) => new ReadError({ kind: "failed", failure });

let clock: Date;
let store: MemoryStore;
let source: ScriptedSource;
let abort: AbortController;

beforeEach(() => {
  clock = new Date("2026-11-23T12:00:00Z");
  store = createMemoryStore(() => clock);
  source = createScriptedSource();
  abort = new AbortController();
  source.script("organization", () => [page([organizationRow(guid(9, 1))])]);
  source.script("subscribed-skus-first", () => [page([skuRow(1, { consumedUnits: 4 })])]);
  source.script("subscribed-skus-second", () => [page([skuRow(1, { consumedUnits: 4 })])]);
  source.script("users", (cursor) =>
    cursor === null ? [userPage(1, 2, "page-2"), userPage(3, 4)] : [userPage(3, 4)],
  );
});

const userPage = (from: number, to: number, next: string | null = null) =>
  page(
    Array.from({ length: to - from + 1 }, (_, index) =>
      userRow(from + index, { assignments: [assignmentRow(1)] }),
    ),
    next,
  );

const begin = async (dataset: Dataset, runId?: string): Promise<RunHandle> => {
  const run = await store.begin({
    workspaceId: "workspace",
    runId: runId ?? store.addRun("connection", dataset).runId,
  });
  if (run === null) throw new Error("a queued run begins");
  return run;
};
const work = (run: RunHandle, over: Partial<ImportStore> = {}): Promise<RunOutcome> =>
  runDataset({ source, store: { ...store, ...over }, now: () => clock, signal: abort.signal }, run);
const cursorsOf = (read: Read) =>
  source.asked.filter((entry) => entry.read === read).map((entry) => entry.cursor);

describe("the directory", () => {
  it("reads everything and publishes", async () => {
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "published" });
    expect(store.rowsOf(run.runId, "users")).toHaveLength(4);
    expect(store.publishedRun("connection", "directory")).toBe(run.runId);
  });

  it("reads subscribedSkus before and after the users, deleted users after them", async () => {
    const order: Read[] = [];
    const run = await begin("directory");
    await runDataset(
      {
        source,
        store,
        now: () => clock,
        signal: abort.signal,
        onProgress: ({ read, last }) => last && order.push(read),
      },
      run,
    );
    const place = (read: Read) => order.indexOf(read);
    expect(place("organization")).toBe(0);
    expect(place("subscribed-skus-first")).toBe(1);
    expect(place("subscribed-skus-second")).toBeGreaterThan(place("users"));
    expect(place("deleted-users")).toBeGreaterThan(place("users"));
    expect(order).toHaveLength(7);
  });

  it("publishes without optional reads and tells why they are missing (B17)", async () => {
    source.script("groups", () => [unavailable(forbidden)]);
    source.script("company-subscriptions", () => [unavailable(notLicensed)]);
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "published" });
    expect(store.run(run.runId).reads.get("groups")?.end).toMatchObject({ reason: "permission" });
  });

  it("fails on a mandatory read and publishes nothing (B17)", async () => {
    source.script("subscribed-skus-first", () => [unavailable(forbidden)]);
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "failed", failure: forbidden });
    expect(store.run(run.runId)).toMatchObject({ state: "failed", failure: forbidden });
    expect(store.publishedRun("connection", "directory")).toBeNull();
    expect(cursorsOf("users")).toEqual([]);
  });

  it("ends at once when an optional read finds the credential revoked (B14)", async () => {
    source.script("groups", () => [failed(revoked)]);
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "failed", failure: revoked });
    expect(cursorsOf("subscribed-skus-second")).toEqual([]);
  });

  it("reads the list once more when a held SKU is missing, then accepts the orphan (B23)", async () => {
    source.script("users", () => [page([userRow(1, { assignments: [assignmentRow(8)] })])]);
    source.script("subscribed-skus-second", () => [page([])]);
    source.script("subscribed-skus-first", () => [page([])]);
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "published" });
    expect(cursorsOf("subscribed-skus-second")).toHaveLength(2);
  });

  it("finds a SKU that appears at the second look", async () => {
    source.script("users", () => [page([userRow(1, { assignments: [assignmentRow(8)] })])]);
    source.script("subscribed-skus-second", (_cursor, call) => [
      page(call === 1 ? [] : [skuRow(8, { consumedUnits: 1 })]),
    ]);
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "published" });
    expect(store.rowsOf(run.runId, "subscribed-skus-second")).toHaveLength(1);
  });

  it("holds a first import that lacks seats Microsoft counts (B32)", async () => {
    source.script("subscribed-skus-second", () => [page([skuRow(1, { consumedUnits: 100 })])]);
    const run = await begin("directory");
    const outcome = await work(run);
    expect(outcome).toMatchObject({
      kind: "held",
      hold: {
        reasons: ["consumed-below-reported"],
        before: null,
        after: { consumed: 4, reported: 100 },
      },
    });
    expect(store.run(run.runId).state).toBe("suspect");
  });

  it("never publishes a run with lost rows", async () => {
    const run = await begin("directory");
    const outcome = await work(run, {
      facts: async (handle) => {
        const facts = await store.facts(handle);
        if (facts === "superseded") return facts;
        return {
          ...facts,
          reads: facts.reads.map((read) => ({ ...read, storedRows: read.storedRows - 1 })),
        };
      },
    });
    expect(outcome).toMatchObject({ kind: "failed", failure: { code: "rows-lost" } });
    expect(store.publishedRun("connection", "directory")).toBeNull();
  });
});

describe("resuming", () => {
  const stopAfterFirstUserPage = async (run: RunHandle) => {
    const outcome = await runDataset(
      {
        source,
        store,
        now: () => clock,
        signal: abort.signal,
        onProgress: ({ read, pageNo }) => read === "users" && pageNo === 1 && abort.abort(),
      },
      run,
    );
    abort = new AbortController();
    return outcome;
  };

  it("stops at the page boundary and goes on from the checkpoint, nothing twice (A1, A10)", async () => {
    const run = await begin("directory");
    expect(await stopAfterFirstUserPage(run)).toEqual({ kind: "stopped" });
    const resumed = await begin("directory", run.runId);
    expect(await work(resumed)).toEqual({ kind: "published" });
    expect(cursorsOf("users")).toEqual([null, "page-2"]);
    expect(cursorsOf("organization")).toEqual([null]);
    expect(store.rowsOf(run.runId, "users")).toHaveLength(4);
  });

  it("restarts a read whose checkpoint is older than 30 minutes (B9)", async () => {
    const run = await begin("directory");
    await stopAfterFirstUserPage(run);
    clock = new Date(clock.getTime() + 30 * 60_000 + 1);
    expect(await work(await begin("directory", run.runId))).toEqual({ kind: "published" });
    expect(cursorsOf("users")).toEqual([null, null]);
    expect(store.rowsOf(run.runId, "users")).toHaveLength(4);
  });

  it("publishes without reading again when only that was left (A2)", async () => {
    const run = await begin("directory");
    const crashed = work(run, {
      publish: async () => {
        throw new Error("killed");
      },
    });
    await expect(crashed).rejects.toThrow("killed");
    const before = source.asked.length;
    expect(await work(await begin("directory", run.runId))).toEqual({ kind: "published" });
    expect(source.asked).toHaveLength(before);
  });

  it("restarts a report that was cut inside the file", async () => {
    const rows = [
      { userPrincipalName: "a@x", lastActivityOn: null, storageBytes: null, hasArchive: null },
    ];
    const report = { refreshedOn: "2026-11-21", concealed: false };
    source.script("report:active-users", (_cursor, call) =>
      call === 1
        ? [page(rows, null, { last: false, report }), new Error("killed")]
        : [page(rows, null, { report })],
    );
    const run = await begin("usage");
    await expect(work(run)).rejects.toThrow("killed");
    expect(await work(await begin("usage", run.runId))).toEqual({ kind: "published" });
    expect(store.rowsOf(run.runId, "report:active-users")).toHaveLength(1);
    expect(store.run(run.runId).reads.get("report:active-users")?.checkpoint.attempt).toBe(2);
  });
});

describe("restarts and absences", () => {
  it("starts over when the page token expired, and has every row once (B9)", async () => {
    source.script("users", (_cursor, call) =>
      call === 1 ? [userPage(1, 2, "page-2"), restart()] : [userPage(1, 2, "p"), userPage(3, 4)],
    );
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "published" });
    expect(store.rowsOf(run.runId, "users")).toHaveLength(4);
  });

  it("gives up after three restarts", async () => {
    source.script("users", () => [userPage(1, 2, "page-2"), restart()]);
    const run = await begin("directory");
    expect(await work(run)).toMatchObject({
      kind: "failed",
      failure: { code: "expired-page-token-too-often" },
    });
    expect(cursorsOf("users")).toHaveLength(4);
  });

  it("fails sign-ins that the tenant does not have, with the reason on the read (B38)", async () => {
    source.script("sign-ins", () => [unavailable(notLicensed)]);
    const run = await begin("sign-ins");
    expect(await work(run)).toEqual({ kind: "failed", failure: notLicensed });
    expect(store.run(run.runId).reads.get("sign-ins")?.end).toMatchObject({
      kind: "unavailable",
      reason: "not-licensed",
    });
  });

  it("reads reports one by one", async () => {
    const run = await begin("usage");
    let running = 0;
    let most = 0;
    const slow = async function* () {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      yield page([], null, { report: { refreshedOn: "2026-11-21", concealed: false } });
    };
    for (const read of ["report:active-users", "report:teams", "report:email"] as const) {
      source.script(read, slow);
    }
    expect(await work(run)).toEqual({ kind: "published" });
    expect(most).toBe(1);
  });

  it("holds a report dated in the future (B20)", async () => {
    source.script("report:active-users", () => [
      page([], null, { report: { refreshedOn: "2026-11-24", concealed: false } }),
    ]);
    expect(await work(await begin("usage"))).toMatchObject({
      kind: "held",
      hold: { reasons: ["future-report-date"] },
    });
  });
});

describe("ahead, waits and fences", () => {
  it("prepares one page and fetches another while a page is written, never more", async () => {
    const pages = Array.from({ length: 6 }, (_, index) =>
      userPage(index + 1, index + 1, index === 5 ? null : `page-${index + 2}`),
    );
    source.script("users", () => pages);
    let written = 0;
    let prepared = 0;
    const ahead: (readonly [prepared: number, fetched: number])[] = [];
    const run = await begin("directory");
    await work(run, {
      preparePage: async (handle, read, given) => {
        const commit = await store.preparePage(handle, read, given);
        if (read !== "users") return commit;
        prepared += 1;
        return async (place) => {
          await new Promise((resolve) => setTimeout(resolve, 2));
          written += 1;
          ahead.push([prepared - written, (source.given.get("users") ?? 0) - written]);
          return commit(place);
        };
      },
    });
    expect(ahead).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 1],
      [0, 0],
    ]);
  });

  const wait = (seconds: number, attempt: number): SourceWait => ({
    kind: "limited",
    attempt,
    until: new Date(clock.getTime() + seconds * 1000),
  });

  it("tells waits of a second and more, and counts all of them", async () => {
    source.script("users", async function* (_cursor, _call, { onWait }) {
      onWait(wait(0.2, 1));
      onWait(wait(30, 2));
      yield userPage(1, 4);
    });
    const run = await begin("directory");
    await work(run);
    const users = store.run(run.runId).reads.get("users");
    expect(users).toMatchObject({ retries: 2, wait: wait(30, 2) });
  });

  it("does not outwait a cancel: a refused note ends the wait (A13)", async () => {
    source.script("users", async function* (_cursor, _call, { onWait, signal }) {
      store.cancel(run.runId);
      onWait(wait(600, 1));
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      yield userPage(1, 4);
    });
    const run = await begin("directory");
    expect(await work(run)).toEqual({ kind: "superseded" });
  });

  it("stops quietly when another worker took the run (A8)", async () => {
    const zombie = await begin("directory");
    const winner = await begin("directory", zombie.runId);
    expect(await work(zombie)).toEqual({ kind: "superseded" });
    expect(store.run(zombie.runId).state).toBe("running");
    expect(await work(winner)).toEqual({ kind: "published" });
  });

  it("throws what is no upstream failure and leaves the run to be resumed", async () => {
    source.script("users", () => [new TypeError("a bug")]);
    const run = await begin("directory");
    await expect(work(run)).rejects.toThrow("a bug");
    expect(store.run(run.runId).state).toBe("running");
  });
});
