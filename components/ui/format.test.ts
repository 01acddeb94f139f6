import { describe, expect, test } from "vitest";
import { formatDuration, formatMoney, formatRelative, formatShare, formatUtc } from "./format.ts";

const now = Date.parse("2026-11-19T12:00:00Z");

describe("formatRelative", () => {
  test.each([
    ["2026-11-19T12:00:00Z", "just now"],
    ["2026-11-19T11:59:01Z", "just now"],
    ["2026-11-19T11:59:00Z", "1 min ago"],
    ["2026-11-19T10:00:00Z", "2 h ago"],
    ["2026-11-18T12:00:00Z", "1 day ago"],
    ["2026-11-25T12:00:00Z", "in 6 days"],
    ["2026-11-19T12:30:00Z", "in 30 min"],
  ])("says of %s: %s", (instant, words) => {
    expect(formatRelative(instant, now)).toBe(words);
  });
});

test("formatUtc writes the same everywhere", () => {
  expect(formatUtc("2026-09-05T04:03:59.999Z")).toBe("5 Sep 2026, 04:03 UTC");
});

describe("formatMoney", () => {
  test("keeps cents that a float would lose", () => {
    expect(formatMoney({ amount: "90071992547409.93", currency: "EUR" })).toBe(
      "EUR\u00A090,071,992,547,409.93",
    );
  });

  test("gives a currency without cents none", () => {
    expect(formatMoney({ amount: "1200", currency: "JPY" })).toBe("JPY\u00A01,200");
  });
});

describe("formatShare", () => {
  test.each([
    [0, 10, "0 %"],
    [1, 1000, "< 1 %"],
    [999, 1000, "> 99 %"],
    [1000, 1000, "100 %"],
    [1, 0, "–"],
  ])("says of %i in %i: %s", (part, whole, words) => {
    expect(formatShare(part, whole)).toBe(words);
  });
});

test("formatDuration uses at most two units", () => {
  expect([4_400, 125_000, 7_260_000].map(formatDuration)).toEqual([
    "4 s",
    "2 min 5 s",
    "2 h 1 min",
  ]);
});
