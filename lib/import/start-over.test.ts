import { describe, expect, it } from "vitest";
import { runDataset } from "./run-dataset.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { guid, organizationRow, page, skuRow, userRow } from "./testing/rows.ts";
import { createScriptedSource } from "./testing/scripted-source.ts";

const hours = (count: number): number => count * 3_600_000;

/** A directory run stopped after its first page of users, worked on again `later`. */
async function resumeAfter(laterMs: number) {
  let clock = new Date("2026-11-23T12:00:00Z");
  const store = createMemoryStore(() => clock);
  const source = createScriptedSource();
  const stop = new AbortController();
  let tenant = "before";
  source.script("organization", () => [
    page([{ ...organizationRow(guid(9, 1)), displayName: tenant }]),
  ]);
  source.script("subscribed-skus-first", () => [page([skuRow(1)])]);
  source.script("subscribed-skus-second", () => [page([skuRow(1)])]);
  source.script("users", (cursor) =>
    cursor === null ? [page([userRow(1)], "page-2"), page([userRow(2)])] : [page([userRow(2)])],
  );
  const { runId } = store.addRun("connection", "directory");
  const work = async (signal: AbortSignal, onProgress?: (read: string) => void) => {
    const run = await store.begin({ workspaceId: "workspace", runId });
    if (run === null) throw new Error("the run is open");
    const told = onProgress && { onProgress: ({ read }: { read: string }) => onProgress(read) };
    return runDataset({ source, store, now: () => clock, signal, ...told }, run);
  };
  const first = await work(stop.signal, (read) => {
    if (read === "users") stop.abort();
  });
  expect(first).toEqual({ kind: "stopped" });
  clock = new Date(clock.getTime() + laterMs);
  tenant = "after";
  expect(await work(new AbortController().signal)).toEqual({ kind: "published" });
  const askedOf = (read: string) => source.asked.filter((entry) => entry.read === read).length;
  return {
    organizations: askedOf("organization"),
    tenant: store.rowsOf(runId, "organization"),
    users: store.rowsOf(runId, "users"),
  };
}

describe("a run that is taken up again", () => {
  it("keeps complete lists within hours", async () => {
    const resumed = await resumeAfter(hours(5));
    expect(resumed.organizations).toBe(1);
    expect(resumed.tenant).toMatchObject([{ displayName: "before" }]);
    expect(resumed.users).toHaveLength(2);
  });

  it("keeps nothing of another time, such as a restored backup's (A21)", async () => {
    const resumed = await resumeAfter(hours(25));
    expect(resumed.organizations).toBe(2);
    expect(resumed.tenant).toMatchObject([{ displayName: "after" }]);
    expect(resumed.users).toHaveLength(2);
  });
});
