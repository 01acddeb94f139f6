import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityCounts } from "./license.ts";
import { differenceOf } from "./position-rules.ts";
import { known, unknown } from "./quantity.ts";
import { type LicenseFacts, reconcileLicense, unavailableFields } from "./reconcile.ts";

const allActive = (consumed: number): ActivityCounts => ({
  active: consumed,
  inactive: 0,
  neverUsed: 0,
  tooNew: 0,
  unknown: 0,
});

const holders = (consumed: number): LicenseFacts["counts"] => ({
  consumed,
  assigned: { direct: consumed, group: 0, both: 0, unknown: 0, errors: 0 },
  activity: known(allActive(consumed)),
  blocked: 0,
  guests: 0,
});

const units = (enabled: number, expiring = 0, suspended = 0, lockedOut = 0) => ({
  enabled,
  expiring,
  suspended,
  lockedOut,
});

/** 100 seats of an ordinary license, all held, Microsoft agreeing. */
const license = (facts: Partial<LicenseFacts> = {}): LicenseFacts => {
  const consumed = facts.counts?.consumed ?? 100;
  return {
    evaluatedOn: "2026-11-23",
    directoryPublished: true,
    listed: true,
    heldByAnyone: consumed > 0,
    appliesTo: "user",
    units: units(100),
    consumedUnits: { first: consumed, second: consumed },
    counts: holders(consumed),
    trialUnits: known(0),
    allTrials: false,
    purchasedUnits: null,
    freePool: false,
    hasPrice: true,
    retired: null,
    ...facts,
  };
};

describe("units", () => {
  it("entitled counts grace units, and never suspended or locked-out ones", () => {
    const position = reconcileLicense(license({ units: units(80, 15, 7, 3) }));
    expect(position.entitled).toEqual(known(95));
    expect(position.suspended).toEqual(known(7));
    expect(position.lockedOut).toEqual(known(3));
    expect(position.flags).toEqual(["expiring", "suspended"]);
  });

  it("B34: one null unit counts as 0", () => {
    const position = reconcileLicense(
      license({ units: { enabled: 120, expiring: null, suspended: null, lockedOut: 0 } }),
    );
    expect(position.expiring).toEqual(known(0));
    expect(position.entitled).toEqual(known(120));
  });

  it.each([
    ["object missing", null],
    ["all four null", { enabled: null, expiring: null, suspended: null, lockedOut: null }],
  ])("B34: %s: units unknown, compliance unknown", (_title, given) => {
    const position = reconcileLicense(license({ units: given }));
    const notReported = unknown("not-reported");
    expect(position.enabled).toEqual(notReported);
    expect(position.lockedOut).toEqual(notReported);
    expect(position.entitled).toEqual(notReported);
    expect(position.available).toEqual(notReported);
    expect(position.shortfall).toEqual(notReported);
    expect(position.consumed).toEqual(known(100));
    expect(position.compliance).toBe("unknown");
  });
});

describe("availability and compliance", () => {
  it("B22: consumed above entitled is negative, short and at risk", () => {
    const position = reconcileLicense(license({ counts: holders(103) }));
    expect(position.available).toEqual(known(-3));
    expect(position.shortfall).toEqual(known(3));
    expect(position.compliance).toBe("at-risk");
  });

  it("B42: covered by grace units only: compliant, and says so", () => {
    const position = reconcileLicense(license({ units: units(90, 10) }));
    expect(position.compliance).toBe("compliant");
    expect(position.flags).toContain("depends-on-grace");
  });

  it.each([
    [90, 10, 100, true],
    [100, 10, 100, false],
    [90, 9, 100, false],
  ])("depends-on-grace: %i enabled, %i in grace, %i consumed: %s", (enabled, grace, used, flag) => {
    const position = reconcileLicense(
      license({ units: units(enabled, grace), counts: holders(used) }),
    );
    expect(position.flags.includes("depends-on-grace")).toBe(flag);
  });

  it("B23: a held SKU missing from the list is an orphan with known 0 units", () => {
    const position = reconcileLicense(
      license({
        listed: false,
        units: null,
        consumedUnits: { first: 40, second: 40 },
        counts: holders(2),
      }),
    );
    expect(position.enabled).toEqual(known(0));
    expect(position.entitled).toEqual(known(0));
    expect(position.reported).toEqual(unknown("not-reported"));
    expect(position.difference).toEqual(unknown("not-reported"));
    expect(position.available).toEqual(known(-2));
    expect(position.compliance).toBe("at-risk");
    expect(position.flags).toEqual(["orphan"]);
    expect(position.status).toBe("active");
  });

  it("B21: neither listed nor held: retired, no longer reported", () => {
    const position = reconcileLicense(
      license({ listed: false, units: null, counts: holders(0), heldByAnyone: false }),
    );
    expect(position.status).toBe("retired");
    expect(position.retiredReason).toBe("no-longer-reported");
    expect(position.compliance).toBe("not-applicable");
    expect(position.flags).toEqual([]);
  });

  it("B21: listed again with nobody holding it: active again", () => {
    expect(reconcileLicense(license({ counts: holders(0) })).status).toBe("active");
  });

  it("B44: retired from outside keeps its reason and its figures", () => {
    const position = reconcileLicense(
      license({ retired: { reason: "superseded-by-saas-management" }, counts: holders(103) }),
    );
    expect(position.retiredReason).toBe("superseded-by-saas-management");
    expect(position.compliance).toBe("not-applicable");
    expect(position.shortfall).toEqual(known(3));
  });

  it("B17: without a published directory everything counted is not imported, never 0", () => {
    const position = reconcileLicense(
      license({ directoryPublished: false, listed: false, units: null, counts: holders(0) }),
    );
    expect(position.status).toBe("active");
    expect(position.compliance).toBe("unknown");
    for (const field of [
      "enabled",
      "entitled",
      "consumed",
      "reported",
      "available",
      "blocked",
    ] as const) {
      expect(position[field]).toEqual(unknown("not-imported"));
    }
    expect(position.flags).toEqual([]);
  });
});

describe("tenant-wide licenses", () => {
  const position = reconcileLicense(
    license({ appliesTo: "company", units: units(10), counts: holders(0), purchasedUnits: 8 }),
  );

  it("B41: a Company SKU has no per-user quantity", () => {
    const fields = unavailableFields(position);
    for (const field of [
      "consumed",
      "reported",
      "difference",
      "available",
      "shortfall",
      "assigned",
      "activity",
      "blocked",
      "guests",
    ]) {
      expect(fields[field]).toBe("not-per-user");
    }
    expect(position.type).toBe("tenant");
    expect(position.entitled).toEqual(known(10));
    expect(position.compliance).toBe("not-applicable");
    expect(position.flags).toEqual(["capacity"]);
  });

  it("has a contract position by its paid units alone", () => {
    expect(position.contract).toEqual({ kind: "short", uncovered: 2 });
  });

  it("is an ordinary orphan when a user holds it and the list lacks it", () => {
    const orphan = reconcileLicense(
      license({ appliesTo: "company", listed: false, units: null, counts: holders(1) }),
    );
    expect(orphan.type).toBe("named-user");
    expect(orphan.flags).toEqual(["orphan"]);
  });
});

describe("difference", () => {
  it.each([
    ["nothing differs", 100, 100, 100, { total: 0, moved: 0, unexplained: 0 }],
    ["B33: moved the same way, part of it", 100, 103, 98, { total: 5, moved: 3, unexplained: 2 }],
    ["B33: moved the other way", 108, 103, 98, { total: 5, moved: 0, unexplained: 5 }],
    ["B33: moved by more than the difference", 90, 103, 98, { total: 5, moved: 5, unexplained: 0 }],
    ["fewer than we counted, moved down", 100, 95, 98, { total: -3, moved: -3, unexplained: 0 }],
    ["fewer than we counted, moved up", 90, 95, 98, { total: -3, moved: 0, unexplained: -3 }],
    ["Microsoft moved and ended where we are", 90, 98, 98, { total: 0, moved: 0, unexplained: 0 }],
  ] as const)("%s", (_title, firstRead, secondRead, consumed, expected) => {
    expect(differenceOf({ firstRead, secondRead, consumed })).toEqual(expected);
  });

  it.each([
    ["second read null", { first: 100, second: null }, unknown("not-reported")],
    ["first read null or without the SKU", { first: null, second: 100 }, known(100)],
  ] as const)("B33: %s: difference unknown", (_title, consumedUnits, reported) => {
    const position = reconcileLicense(license({ consumedUnits }));
    expect(position.difference).toEqual(unknown("not-reported"));
    expect(position.reported).toEqual(reported);
    expect(position.consumed).toEqual(known(100));
  });

  it.each([
    ["2 of 50 tolerated", 50, 52, false],
    ["3 of 50 beyond 2 and 1 %", 50, 53, true],
    ["10 of 1 000 is exactly 1 %", 990, 1000, false],
    ["11 of 1 000", 989, 1000, true],
    ["11 fewer of 1 000", 1011, 1000, true],
  ])("B33: flag on %s", (_title, consumed, reported, flagged) => {
    const position = reconcileLicense(
      license({
        units: units(1011),
        counts: holders(consumed),
        consumedUnits: { first: reported, second: reported },
      }),
    );
    expect(position.flags.includes("difference")).toBe(flagged);
  });

  it("B11: what moved meanwhile raises no flag", () => {
    const position = reconcileLicense(license({ consumedUnits: { first: 100, second: 120 } }));
    expect(position.difference).toEqual(known({ total: 20, moved: 20, unexplained: 0 }));
    expect(position.flags).not.toContain("difference");
  });
});

describe("contract position", () => {
  it.each([
    ["E10: never entered", { purchasedUnits: null }, { kind: "no-purchase" }],
    ["E10: all expired", { purchasedUnits: 0 }, { kind: "short", uncovered: 100 }],
    ["covered", { purchasedUnits: 100 }, { kind: "covered" }],
    [
      "short by consumption",
      { purchasedUnits: 95, units: units(90, 20) },
      { kind: "short", uncovered: 5 },
    ],
    [
      "short by paid units",
      { purchasedUnits: 95, counts: holders(10) },
      { kind: "short", uncovered: 5 },
    ],
    [
      "trial units need no contract",
      { purchasedUnits: 75, trialUnits: known(25), counts: holders(70) },
      { kind: "covered" },
    ],
    [
      "B42: trial unknown",
      { purchasedUnits: 100, trialUnits: unknown("permission") },
      { kind: "unknown" },
    ],
    [
      "B42: trial unknown, nothing bought",
      { trialUnits: unknown("permission") },
      { kind: "no-purchase" },
    ],
    ["units unknown", { purchasedUnits: 100, units: null }, { kind: "unknown" }],
  ] as const)("%s", (_title, facts, expected) => {
    expect(reconcileLicense(license(facts)).contract).toEqual(expected);
  });

  it("E10: purchases leave compliance unchanged", () => {
    const compliance = (purchasedUnits: number | null) =>
      reconcileLicense(license({ purchasedUnits })).compliance;
    expect([compliance(null), compliance(0), compliance(500)]).toEqual([
      "compliant",
      "compliant",
      "compliant",
    ]);
  });

  it.each([
    [102, false],
    [103, true],
    [98, false],
    [97, true],
    [0, true],
  ])("contract-mismatch: %i bought for 100 paid units: %s", (purchasedUnits, flagged) => {
    const position = reconcileLicense(license({ purchasedUnits }));
    expect(position.flags.includes("contract-mismatch")).toBe(flagged);
  });

  it("units of a trial in grace do not make the paid units negative", () => {
    const position = reconcileLicense(
      license({
        units: units(10, 25),
        trialUnits: known(25),
        counts: holders(10),
        purchasedUnits: 2,
      }),
    );
    expect(position.contract).toEqual({ kind: "short", uncovered: 8 });
    expect(position.flags).not.toContain("contract-mismatch");
  });

  it("tolerates 1 % of a large purchase", () => {
    const at = (purchasedUnits: number) =>
      reconcileLicense(license({ units: units(9_900), purchasedUnits })).flags;
    expect(at(10_000)).not.toContain("contract-mismatch");
    expect(at(10_001)).toContain("contract-mismatch");
  });
});

describe("flags", () => {
  it.each([
    [100, 95, true],
    [100, 96, false],
    [19, 18, true],
    [0, 0, false],
  ])("under-consumed: %i entitled, %i consumed: %s", (enabled, consumed, flagged) => {
    const position = reconcileLicense(
      license({ units: units(enabled), counts: holders(consumed) }),
    );
    expect(position.flags.includes("under-consumed")).toBe(flagged);
  });

  it("B41: a free pool is not applicable, and never under-consumed", () => {
    const position = reconcileLicense(
      license({ units: units(1_000_000), counts: holders(3), freePool: true, hasPrice: false }),
    );
    expect(position.compliance).toBe("not-applicable");
    expect(position.flags).toEqual(["free-pool"]);
    expect(position.available).toEqual(known(999_997));
  });

  it.each([
    ["B41: unknown SKU of 10 000, 99 held", {}, true],
    ["exactly 1 % held", { counts: holders(100) }, false],
    ["9 999 units", { units: units(9_999) }, false],
    ["has a price", { hasPrice: true }, false],
    ["has a purchase", { purchasedUnits: 10_000 }, false],
    ["had a purchase, expired", { purchasedUnits: 0 }, false],
  ])("review-free-pool: %s", (_title, facts, flagged) => {
    const position = reconcileLicense(
      license({ units: units(10_000), counts: holders(99), hasPrice: false, ...facts }),
    );
    expect(position.flags.includes("review-free-pool")).toBe(flagged);
    expect(position.compliance).toBe("compliant");
  });

  it("B42: trial only when every subscription is one and they could be read", () => {
    const trial = { units: units(25), counts: holders(25), allTrials: true };
    expect(reconcileLicense(license({ ...trial, trialUnits: known(25) })).flags).toEqual(["trial"]);
    expect(
      reconcileLicense(license({ ...trial, trialUnits: unknown("permission") })).flags,
    ).toEqual([]);
  });
});

const seats = fc.integer({ min: 0, max: 2_000_000 });
const seatsOrNull = fc.option(seats, { nil: null });

describe("properties", () => {
  it("moved + unexplained = total; moved has total's sign and is never larger", () => {
    fc.assert(
      fc.property(seats, seats, seats, (firstRead, secondRead, consumed) => {
        const { total, moved, unexplained } = differenceOf({ firstRead, secondRead, consumed });
        expect(moved + unexplained).toBe(total);
        expect(Math.abs(moved)).toBeLessThanOrEqual(Math.abs(total));
        if (moved !== 0) expect(Math.sign(moved)).toBe(Math.sign(total));
        expect(Object.is(moved, -0)).toBe(false);
      }),
    );
  });

  it("B22: available + consumed = entitled, shortfall is the part below zero, compliance agrees", () => {
    const anyFacts = fc.record({
      enabled: seatsOrNull,
      expiring: seatsOrNull,
      suspended: seatsOrNull,
      consumed: seats,
      listed: fc.boolean(),
      freePool: fc.boolean(),
      purchasedUnits: seatsOrNull,
    });
    fc.assert(
      fc.property(anyFacts, (given) => {
        const position = reconcileLicense(
          license({
            listed: given.listed,
            units: {
              enabled: given.enabled,
              expiring: given.expiring,
              suspended: given.suspended,
              lockedOut: null,
            },
            counts: holders(given.consumed),
            freePool: given.freePool,
            purchasedUnits: given.purchasedUnits,
          }),
        );
        const { available, consumed, entitled, shortfall, compliance } = position;
        if (available.kind === "unknown") {
          expect(entitled.kind).toBe("unknown");
          expect(["unknown", "not-applicable"]).toContain(compliance);
          return;
        }
        if (consumed.kind !== "known" || entitled.kind !== "known") throw new Error("unreachable");
        expect(available.value + consumed.value).toBe(entitled.value);
        expect(shortfall).toEqual(known(Math.max(0, -available.value)));
        if (compliance !== "not-applicable") {
          expect(compliance).toBe(available.value < 0 ? "at-risk" : "compliant");
        }
        expect(position.flags.includes("depends-on-grace") && available.value < 0).toBe(false);
      }),
    );
  });
});

it("what no account of the directory tells is not reported: blocked accounts and guests are never 0 then", () => {
  const told = { blockState: false, userType: false, holders: true, origins: false };
  const position = reconcileLicense(license({ told }));
  expect(position.blocked).toEqual(unknown("not-reported"));
  expect(position.guests).toEqual(unknown("not-reported"));
  expect(position.consumed).toEqual(known(100));
  expect(reconcileLicense(license()).blocked).toEqual(known(0));
});

describe("B31: accounts whose licenses were never read", () => {
  const available = (facts: Partial<LicenseFacts>) => {
    const position = reconcileLicense(license({ units: units(120), ...facts }));
    return [position.available, position.shortfall, position.compliance];
  };
  const notReported = unknown("not-reported");

  it("Microsoft counts no more seats than we do: every seat is accounted for", () => {
    expect(available({ unreadAccounts: 3 })).toEqual([known(20), known(0), "compliant"]);
    expect(available({ unreadAccounts: 3, consumedUnits: { first: 98, second: 98 } })).toEqual([
      known(20),
      known(0),
      "compliant",
    ]);
  });

  it("Microsoft counts more, or does not say: no free seat is promised", () => {
    const consumedUnits = { first: 101, second: 101 };
    const facts = { unreadAccounts: 1, consumedUnits };
    expect(available(facts)).toEqual([notReported, notReported, "compliant"]);
    expect(available({ ...facts, unreadAccounts: 0 })).toEqual([known(20), known(0), "compliant"]);
    const silent = { unreadAccounts: 1, consumedUnits: { first: null, second: null } };
    expect(available(silent)).toEqual([notReported, notReported, "compliant"]);
    const position = reconcileLicense(license({ units: units(120), ...facts }));
    expect(position.consumed).toEqual(known(100));
    expect(position.difference).toEqual(known({ total: 1, moved: 0, unexplained: 1 }));
    expect(position.flags).not.toContain("under-consumed");
  });

  it("compliance is unknown only where such an account could decide it", () => {
    const consumedUnits = { first: 130, second: 130 };
    expect(available({ units: units(101), unreadAccounts: 1, consumedUnits })[2]).toBe("compliant");
    expect(available({ units: units(101), unreadAccounts: 2, consumedUnits })[2]).toBe("unknown");
    expect(available({ units: units(99), unreadAccounts: 2, consumedUnits })[2]).toBe("at-risk");
  });
});
