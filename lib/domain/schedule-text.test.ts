import { expect, it } from "vitest";
import { inZone, scheduleInWords } from "./schedule-text.ts";

it("says a schedule in one phrase", () => {
  const place = { time: "06:05", timeZone: "Europe/Berlin" };
  expect(scheduleInWords({ cadence: "daily", weekday: null, ...place })).toBe(
    "Daily at 06:05 (Europe/Berlin)",
  );
  expect(scheduleInWords({ cadence: "weekly", weekday: "sunday", ...place })).toBe(
    "Sundays at 06:05 (Europe/Berlin)",
  );
});

it.each([
  ["2026-11-23T01:14:00Z", "UTC", "Mon 23 Nov 2026, 01:14 (UTC)"],
  ["2026-09-06T23:30:00Z", "Asia/Tokyo", "Mon 7 Sep 2026, 08:30 (Asia/Tokyo)"],
  ["2026-06-30T22:00:00Z", "Europe/Berlin", "Wed 1 Jul 2026, 00:00 (Europe/Berlin)"],
])("shows %s by the wall clock of %s", (instant, zone, text) => {
  expect(inZone(instant, zone)).toBe(text);
});
