import fc from "fast-check";
import { expect, it } from "vitest";
import { nightlyCheck } from "./nightly-check.ts";
import { nextRun } from "./schedule.ts";

const dayIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);

it("comes once on each local day, on those included on which the clocks change", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Asuncion",
  ];
  fc.assert(
    fc.property(fc.uuid(), fc.constantFrom(...zones), (connectionId, zone) => {
      const check = nightlyCheck(connectionId, zone);
      const days: string[] = [];
      for (let at = new Date("2026-01-01T12:00:00Z"); days.length < 366; ) {
        at = nextRun(check, at);
        days.push(dayIn(zone, at));
      }
      expect(new Set(days).size).toBe(366);
      const span = Date.parse(days[365] ?? "") - Date.parse(days[0] ?? "");
      expect(span).toBe(365 * 86_400_000);
    }),
    { numRuns: 4 },
  );
});

it("is spread over two hours, and the same for a connection every night", () => {
  const times = Array.from({ length: 2000 }, () => nightlyCheck(crypto.randomUUID(), "UTC"));
  const minutes = new Set(times.map((check) => check.time));
  expect(minutes.size).toBeGreaterThan(110);
  for (const time of minutes) expect(time).toMatch(/^2[23]:[0-5]\d$/);
  const id = "0a3b1c9e-7d5f-4a6b-8c2d-1e9f0a7b6c5d";
  expect(nightlyCheck(id, "UTC")).toEqual(nightlyCheck(id, "UTC"));
});
