import { describe, expect, it } from "vitest";
import { findOverdue, type OverdueFacts, overdueReasons } from "./overdue.ts";
import { overdueText } from "./overdue-text.ts";

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 23, hour));
const dueAt = at(2);

/** The run of 02:00 was missed with everything in order. */
const missed: OverdueFacts = {
  status: "ready",
  dueAt,
  publishedAt: at(-22),
  startedAt: at(-22),
  importing: false,
  failedInRow: 0,
  workerSeenSecondsAgo: 3,
};
const reasonOf = (facts: Partial<OverdueFacts>) => findOverdue({ ...missed, ...facts })?.reason;

describe("findOverdue", () => {
  it("says since when", () => {
    expect(findOverdue(missed)).toEqual({ reason: "not-started", dueAt });
  });

  it.each<[string, Partial<OverdueFacts>]>([
    ["no run was due yet", { dueAt: null }],
    ["the numbers were read after the run was due", { publishedAt: at(3) }],
    ["it is being read", { startedAt: at(2), importing: true }],
    ["one import failed", { startedAt: at(2), failedInRow: 1 }],
    ["the import is held, or was cancelled", { startedAt: at(2) }],
    ["the run met an import that had begun before", { startedAt: dueAt, publishedAt: at(1) }],
  ])("is silent when %s", (_, facts) => {
    expect(findOverdue({ ...missed, ...facts })).toBeNull();
  });

  it.each<[string, Partial<OverdueFacts>]>([
    ["paused", { status: "paused" }],
    ["paused", { status: "paused", workerSeenSecondsAgo: null }],
    ["no-worker", { workerSeenSecondsAgo: 61 }],
    ["no-worker", { workerSeenSecondsAgo: null }],
    ["no-worker", { startedAt: at(2), importing: true, workerSeenSecondsAgo: 61 }],
    ["action-needed", { status: "action-needed" }],
    ["action-needed", { status: "action-needed", startedAt: at(2), failedInRow: 2 }],
    ["import-failed", { startedAt: at(2), failedInRow: 2 }],
    ["not-started", { publishedAt: null, startedAt: null }],
  ])("gives the reason %s for %j", (reason, facts) => {
    expect(reasonOf(facts)).toBe(reason);
  });
});

describe("overdueText", () => {
  it("has a sentence and a way on for every reason", () => {
    const texts = overdueReasons.map((reason) => overdueText(reason, 3));
    expect(new Set(texts.map((text) => text.what)).size).toBe(overdueReasons.length);
    for (const { what, action } of texts) {
      expect(what).toMatch(/\.$/);
      expect(action).toMatch(/\.$/);
    }
    expect(overdueText("import-failed", 3).what).toContain("3 imports");
  });
});
