import { expect, it } from "vitest";
import { type ReadOptions, ReadPaused, type RunHandle } from "./ports.ts";
import { runDataset } from "./run-dataset.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { assignmentRow, guid, organizationRow, page, skuRow, userRow } from "./testing/rows.ts";
import { createScriptedSource } from "./testing/scripted-source.ts";

/** Reference/fault-catalogue.md B2: a long limit puts the run aside at a page boundary. */

const now = new Date("2026-11-23T12:00:00Z");
const until = new Date("2026-11-23T12:10:00Z");
const failure = { class: "throttled", code: "throttled" } as const;
const userPage = (index: number, next: string | null) =>
  page([userRow(index, { assignments: [assignmentRow(1)] })], next);

function arrange() {
  const store = createMemoryStore(() => now);
  const source = createScriptedSource();
  const skus = () => [page([skuRow(1, { consumedUnits: 2 })])];
  source.script("organization", () => [page([organizationRow(guid(9, 1))])]);
  source.script("subscribed-skus-first", skus);
  source.script("subscribed-skus-second", skus);
  const { runId } = store.addRun("connection", "directory");
  const begin = async (): Promise<RunHandle> => {
    const run = await store.begin({ workspaceId: "workspace", runId });
    if (run === null) throw new Error("the run is open");
    return run;
  };
  const work = async () =>
    runDataset(
      { source, store, now: () => now, signal: new AbortController().signal, pauseFromMs: 30_000 },
      await begin(),
    );
  return { store, source, runId, work };
}

it("keeps the page before the limit, fails nothing, and goes on from there", async () => {
  const { store, source, runId, work } = arrange();
  source.script("users", (cursor) =>
    cursor === null ? [userPage(1, "page-2"), new ReadPaused(until, failure)] : [userPage(2, null)],
  );
  expect(await work()).toEqual({ kind: "paused", until, failure });
  expect(store.rowsOf(runId, "users")).toHaveLength(1);
  expect(await work()).toEqual({ kind: "published" });
  expect(store.rowsOf(runId, "users")).toHaveLength(2);
  const asked = source.asked.filter(({ read }) => read === "users");
  expect(asked.map(({ cursor }) => cursor)).toEqual([null, "page-2"]);
});

it("cuts the reads beside it short: the service is limited for them as well", async () => {
  const { source, work } = arrange();
  source.script("users", () => [new ReadPaused(until, failure)]);
  source.script("groups", async function* (_cursor, _call, { signal }: ReadOptions) {
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    yield page([]);
  });
  expect(await work()).toMatchObject({ kind: "paused", until });
});
