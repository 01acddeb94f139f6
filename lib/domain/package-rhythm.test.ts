import { describe, expect, it } from "vitest";
import { packageRhythm } from "./package-rhythm.ts";

const hour = 3_600_000;
const at = (hoursAgo: number) => new Date(Date.parse("2026-11-20T03:00:00Z") - hoursAgo * hour);
const days = (...daysAgo: readonly number[]) => daysAgo.map((day) => at(day * 24));

describe("packageRhythm", () => {
  it.each([
    ["every night", days(0, 1, 2, 3, 4), 1, "2026-11-22T15:00:00.000Z"],
    ["every night but one", days(0, 1, 3, 4, 5, 6), 1, "2026-11-22T15:00:00.000Z"],
    ["after a holiday", days(0, 1, 2, 20, 21, 22), 1, "2026-11-22T15:00:00.000Z"],
    ["every week", days(0, 7, 14, 21), 7, "2026-12-04T15:00:00.000Z"],
    ["every month", days(0, 30, 61, 91), 30, "2026-12-27T15:00:00.000Z"],
    ["twice a day, of which the later stands", days(0, 1, 2, 3), 1, "2026-11-22T15:00:00.000Z"],
  ])("tells when the next one is due: %s", (_, received, everyDays, dueBy) => {
    expect(packageRhythm(received)).toEqual({ everyDays, dueBy: new Date(dueBy) });
  });

  it("lets one night pass, whatever the hour, and not two", () => {
    const rhythm = packageRhythm([at(-1), at(24), at(47), at(73), at(96)]);
    const due = rhythm?.dueBy.getTime() ?? 0;
    expect(due).toBeGreaterThan(at(-50).getTime());
    expect(due).toBeLessThan(at(-73).getTime());
  });

  it.each([
    ["nothing", []],
    ["a first day", days(0)],
    ["three days", days(0, 1, 2)],
    ["now and then", days(0, 1, 40, 41, 90, 93)],
  ])("knows none of %s", (_, received) => {
    expect(packageRhythm(received)).toBeNull();
  });
});
