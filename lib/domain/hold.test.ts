import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideHold, holdReasons, holdReasonText, type ReadFigures } from "./hold.ts";
import type { Dataset, Read } from "./import.ts";

const evaluatedOn = "2026-11-23";
const skus = (count: number) => Array.from({ length: count }, (_, index) => `sku-${index}`);
const figures = (given: Partial<ReadFigures> = {}): ReadFigures => ({
  rows: 10_000,
  skuIds: skus(9),
  consumed: 8_000,
  reported: 8_000,
  ...given,
});

const decide = (
  before: ReadFigures | null,
  after: ReadFigures,
  more: {
    dataset?: Dataset;
    read?: Read;
    rows?: number;
    quarantined?: number;
    reportDates?: (string | null)[];
  } = {},
) =>
  decideHold({
    dataset: more.dataset ?? "directory",
    evaluatedOn,
    facts: {
      reads: [
        {
          read: more.read ?? "users",
          manifestRows: more.rows ?? after.rows,
          quarantined: more.quarantined ?? 0,
        },
      ],
      current: after,
      published: before,
    },
    ...(more.reportDates ? { reportDates: more.reportDates } : {}),
  });

describe("decideHold against the published read", () => {
  it.each([
    ["B27: 10 users instead of 10 000", 10_000, 10, ["rows-fell"]],
    ["B27: exactly 20 %", 10_000, 8_000, ["rows-fell"]],
    ["B27: just below 20 %", 10_000, 8_001, []],
    ["exactly 20 rows of 100", 100, 80, ["rows-fell"]],
    ["B27: 19 rows, though 95 %", 20, 1, []],
    ["20 of 20 rows", 20, 0, ["rows-fell"]],
    ["rows rose", 100, 10_000, []],
  ])("%s", (_title, before, after, reasons) => {
    expect(decide(figures({ rows: before }), figures({ rows: after }))).toEqual(reasons);
  });

  it.each([
    ["B27: a third of the SKUs", 9, 6, ["skus-vanished"]],
    ["just below a third", 10, 7, []],
    ["the only SKU", 1, 0, ["skus-vanished"]],
    ["none before", 0, 5, []],
  ])("%s", (_title, before, after, reasons) => {
    expect(decide(figures({ skuIds: skus(before) }), figures({ skuIds: skus(after) }))).toEqual(
      reasons,
    );
  });

  it("counts SKUs that vanished even when as many new ones came, in any case of letters", () => {
    const renamed = figures({ skuIds: skus(9).map((id, index) => (index < 3 ? `new-${id}` : id)) });
    expect(decide(figures(), renamed)).toEqual(["skus-vanished"]);
    const upper = figures({ skuIds: skus(9).map((id) => id.toUpperCase()) });
    expect(decide(figures(), upper)).toEqual([]);
  });

  it.each([
    ["B27: Σ consumed −20 %", 100, 80, ["consumed-fell"]],
    ["just below", 100, 81, []],
    ["19 seats of 30", 30, 11, []],
  ])("%s", (_title, before, after, reasons) => {
    const at = (consumed: number) => figures({ consumed, reported: consumed });
    expect(decide(at(before), at(after))).toEqual(reasons);
  });

  it("judges sign-ins and usage by their rows alone", () => {
    const empty = figures({ skuIds: [], consumed: 0, reported: null });
    expect(decide(figures(), empty, { dataset: "sign-ins" })).toEqual([]);
    expect(decide(figures(), { ...empty, rows: 8_000 }, { dataset: "usage" })).toEqual([
      "rows-fell",
    ]);
  });
});

describe("decideHold without a published read", () => {
  it.each([
    [79, 100, ["consumed-below-reported"]],
    [80, 100, []],
    [0, 1, ["consumed-below-reported"]],
    [0, 0, []],
    [120, 100, []],
    [79, null, []],
  ])("B32: first import, %s counted of %s reported", (consumed, reported, reasons) => {
    expect(decide(null, figures({ consumed, reported }))).toEqual(reasons);
  });
});

describe("decideHold by bad rows", () => {
  it.each([
    ["B26: 10 of 9 999", "users", 9_989, 10, true],
    ["10 of exactly 10 000 is 0.1 %", "users", 9_990, 10, false],
    ["9 of 20", "users", 11, 9, false],
    ["B31: all rows without assignedLicenses", "users", 0, 800, true],
    ["B26: one in organization", "organization", 1, 1, true],
    ["B26: one in subscribedSkus, first read", "subscribed-skus-first", 200, 1, true],
    ["B26: one in subscribedSkus, second read", "subscribed-skus-second", 200, 1, true],
    ["one in directory/subscriptions", "company-subscriptions", 200, 1, false],
  ] as const)("%s", (_title, read, rows, quarantined, held) => {
    const reasons = decide(null, figures(), { read, rows, quarantined });
    expect(reasons).toEqual(held ? ["quarantined-rows"] : []);
  });
});

describe("decideHold by report dates", () => {
  it.each([
    ["B20: in the future", ["2026-11-21", "2026-11-24"], true],
    ["of the day itself", [evaluatedOn], false],
    ["undated", [null], false],
  ])("%s", (_title, reportDates, held) => {
    const reasons = decide(null, figures(), { dataset: "usage", reportDates });
    expect(reasons).toEqual(held ? ["future-report-date"] : []);
  });
});

describe("decideHold against another source of the tenant", () => {
  it.each([
    ["more than a third fewer", 66, 100, true],
    ["more than a third more", 151, 100, true],
    ["exactly a third", 100, 150, false],
    ["two seats of three", 1, 3, false],
    ["nobody against everybody", 0, 3, true],
  ])("%s", (_title, consumed, counted, held) => {
    const reasons = decideHold({
      dataset: "directory",
      evaluatedOn,
      facts: {
        reads: [],
        current: figures(),
        published: null,
        beside: { source: "microsoft-365", consumed, counted },
      },
    });
    expect(reasons).toEqual(held ? ["other-source-disagrees"] : []);
  });
});

it("growing never holds, and the same figures never do", () => {
  const some = fc.nat(1_000_000);
  fc.assert(
    fc.property(some, some, some, fc.nat(200), (rows, consumed, more, skuCount) => {
      const before = figures({ rows, consumed, reported: consumed, skuIds: skus(skuCount) });
      const after = figures({
        rows: rows + more,
        consumed: consumed + more,
        reported: consumed + more,
        skuIds: skus(skuCount + (more % 7)),
      });
      expect(decide(before, after)).toEqual([]);
      expect(decide(before, before)).toEqual([]);
    }),
  );
});

it("has its own words for every reason", () => {
  expect(new Set(holdReasons.map(holdReasonText)).size).toBe(holdReasons.length);
});
