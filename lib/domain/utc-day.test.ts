import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayInWords, daysBetween, latestDay, toUtcDay } from "./utc-day.ts";

describe("toUtcDay", () => {
  it.each([
    ["2026-11-23", "2026-11-23"],
    ["2026-11-23T23:59:59Z", "2026-11-23"],
    ["2026-11-23T23:59:59.9999999Z", "2026-11-23"],
    ["2026-11-23T23:30:00-02:00", "2026-11-24"],
    ["2026-11-23T00:30:00+02:00", "2026-11-22"],
    ["2024-02-29", "2024-02-29"],
  ])("reads %s as %s", (text, day) => {
    expect(toUtcDay(text)).toBe(day);
  });

  it.each([
    "",
    " ",
    "0001-01-01",
    "0001-01-01T00:00:00Z",
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "2026-02-30T10:00:00Z",
    "2026-11-23T10:00:00",
    "23 Nov 2026",
    "never",
  ])("B37: %j is no date", (text) => {
    expect(toUtcDay(text)).toBeNull();
  });

  it("takes nothing and invalid Dates as absent", () => {
    expect(toUtcDay(null)).toBeNull();
    expect(toUtcDay(undefined)).toBeNull();
    expect(toUtcDay(new Date("nonsense"))).toBeNull();
    expect(toUtcDay(new Date("0001-01-01T00:00:00Z"))).toBeNull();
    expect(toUtcDay(new Date("2026-11-23T12:00:00Z"))).toBe("2026-11-23");
  });
});

const anyDay = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2090-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("day arithmetic", () => {
  it("A19: steps over leap days, year ends and nights of changing clocks", () => {
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  });

  it("addDays and daysBetween undo each other, and order agrees with them", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -20_000, max: 20_000 }), (day, days) => {
        const other = addDays(day, days);
        expect(daysBetween(day, other)).toBe(days);
        expect(other < day).toBe(days < 0);
      }),
    );
  });

  it("refuses what is no day", () => {
    expect(() => addDays("2026-02-30", 1)).toThrow(RangeError);
    expect(() => daysBetween("", "2026-01-01")).toThrow(RangeError);
  });

  it("takes the latest day that is there", () => {
    expect(latestDay([null, "2026-01-02", "2025-12-31", null])).toBe("2026-01-02");
    expect(latestDay([null])).toBeNull();
    expect(latestDay([])).toBeNull();
  });

  it("writes a day in words", () => {
    expect(dayInWords("2026-06-03")).toBe("3 Jun 2026");
    expect(dayInWords("2026-12-31")).toBe("31 Dec 2026");
  });
});
