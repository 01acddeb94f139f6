import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Activity, activities, type Flag } from "./license.ts";
import {
  type AssignmentFacts,
  classifyOpportunity,
  noOpportunities,
  sharedMailboxLimitBytes,
  unassignedUnits,
} from "./opportunity.ts";
import { known, unknown } from "./quantity.ts";

const activity = (value: Activity) => known(value);
const both = known({ signIns: true, usage: true });
const signInsOnly = known({ signIns: true, usage: false });
const usageOnly = known({ signIns: false, usage: true });

const assignment = (facts: Partial<AssignmentFacts> = {}): AssignmentFacts => ({
  blocked: false,
  activity: activity("active"),
  basis: both,
  evidenceOn: "2026-06-03",
  createdOn: "2024-01-12",
  deviceAccount: false,
  excluded: false,
  asReadBefore: false,
  bringsMailbox: false,
  mailbox: unknown("not-imported"),
  ...facts,
});

const opportunity = (
  kind: string,
  confidence: string,
  since: string | null,
  caution: string | null = null,
) => ({ found: "opportunity", kind, confidence, since, caution });
const none = { found: "none" };

describe("classifyOpportunity by activity", () => {
  const neverUsed = { activity: activity("neverUsed"), evidenceOn: null } as const;
  const inactive = { activity: activity("inactive") } as const;

  it.each([
    ["inactive, both sources", inactive, opportunity("inactive", "high", "2026-06-03")],
    [
      "B38: inactive, sign-ins alone",
      { ...inactive, basis: signInsOnly },
      opportunity("inactive", "medium", "2026-06-03"),
    ],
    [
      "B38: inactive, usage alone",
      { ...inactive, basis: usageOnly },
      opportunity("inactive", "medium", "2026-06-03"),
    ],
    ["never used, both sources", neverUsed, opportunity("never-used", "high", "2024-01-12")],
    [
      "never used, sign-ins alone",
      { ...neverUsed, basis: signInsOnly },
      opportunity("never-used", "medium", "2024-01-12"),
    ],
    ["active", {}, none],
    ["too new", { activity: activity("tooNew") }, none],
    ["unknown for this account", { activity: activity("unknown") }, none],
    [
      "B38: unknown as a whole",
      { activity: unknown("permission"), basis: unknown("permission") },
      none,
    ],
  ] as const)("%s", (_title, facts, expected) => {
    expect(classifyOpportunity(assignment(facts))).toEqual(expected);
  });
});

describe("classifyOpportunity of blocked accounts", () => {
  const mailbox = (storageBytes: number | null, hasArchive: boolean | null) => ({
    blocked: true,
    bringsMailbox: true,
    mailbox: known({ storageBytes, hasArchive }),
  });
  const blocked = (confidence: string, caution: string | null = null) =>
    opportunity("blocked-account", confidence, "2026-06-03", caution);

  it.each([
    ["without an Exchange plan", { blocked: true }, blocked("high")],
    [
      "though never used: blocked comes first",
      { blocked: true, activity: activity("neverUsed") },
      blocked("high"),
    ],
    [
      "with activity unknown",
      { blocked: true, activity: unknown("permission"), basis: unknown("permission") },
      blocked("high"),
    ],
    ["B39: small mailbox, no archive", mailbox(1_000, false), blocked("high")],
    ["B39: exactly 50 × 2³⁰ bytes", mailbox(sharedMailboxLimitBytes, false), blocked("high")],
    [
      "B39: one byte more",
      mailbox(sharedMailboxLimitBytes + 1, false),
      { found: "left-out", why: "large-mailbox" },
    ],
    [
      "B39: large with an archive",
      mailbox(sharedMailboxLimitBytes + 1, true),
      { found: "left-out", why: "large-mailbox" },
    ],
    ["B39: archive", mailbox(1_000, true), blocked("low", "mailbox-archive")],
    ["B39: archive not told", mailbox(1_000, null), blocked("low", "mailbox-archive")],
    ["B39: size not told", mailbox(null, false), blocked("low", "mailbox-size-unknown")],
    [
      "B39: report stale",
      { blocked: true, bringsMailbox: true, mailbox: unknown("stale") },
      blocked("low", "mailbox-size-unknown"),
    ],
    [
      "B39: report concealed",
      { blocked: true, bringsMailbox: true, mailbox: unknown("concealed") },
      blocked("low", "mailbox-size-unknown"),
    ],
    [
      "large mailbox, license without an Exchange plan",
      { ...mailbox(sharedMailboxLimitBytes + 1, true), bringsMailbox: false },
      blocked("high"),
    ],
  ] as const)("%s", (_title, facts, expected) => {
    expect(classifyOpportunity(assignment(facts))).toEqual(expected);
  });
});

describe("left out", () => {
  it("B40: room and shared-device accounts, whatever else is true", () => {
    for (const facts of [
      { blocked: true },
      { activity: activity("neverUsed") },
      { excluded: true },
    ] as const) {
      expect(classifyOpportunity(assignment({ deviceAccount: true, ...facts }))).toEqual({
        found: "left-out",
        why: "device-account",
      });
    }
  });

  it("B31: what an account seemed to hold when it was last read is no reason to reclaim it", () => {
    const left = { found: "left-out", why: "not-read" };
    const classify = (facts: Partial<AssignmentFacts>) =>
      classifyOpportunity(assignment({ asReadBefore: true, ...facts }));
    expect(classify({ blocked: true })).toEqual(left);
    expect(classify({ activity: activity("neverUsed") })).toEqual(left);
    expect(classify({ activity: activity("inactive") })).toEqual(left);
    expect(classify({ activity: activity("active") })).toEqual({ found: "none" });
  });

  it("exclusions of the customer", () => {
    expect(classifyOpportunity(assignment({ excluded: true, blocked: true }))).toEqual({
      found: "left-out",
      why: "excluded",
    });
  });
});

describe("noOpportunities", () => {
  const license = (flags: readonly Flag[] = [], entitled = known(10)) => ({
    status: "active" as const,
    flags,
    entitled,
  });

  it.each([
    ["ordinary", license(), null],
    ["retired", { ...license(), status: "retired" as const }, "retired"],
    ["B41: free pool", license(["free-pool"]), "free-pool"],
    ["B41: tenant-wide", license(["capacity"]), "capacity"],
    ["B34: units unknown", { ...license(), entitled: unknown("not-reported") }, "unknown-units"],
    ["B23: orphan", license(["orphan"], known(0)), "no-units"],
  ] as const)("%s", (_title, position, expected) => {
    expect(noOpportunities(position)).toBe(expected);
  });
});

describe("unassignedUnits", () => {
  it.each([
    [100, 0, 90, 10],
    [100, 25, 70, 5],
    [100, 25, 90, 0],
    [100, 0, 130, 0],
  ])("%i enabled, %i trial, %i consumed: %i", (enabled, trial, consumed, expected) => {
    expect(
      unassignedUnits({
        enabled: known(enabled),
        trial: known(trial),
        consumed: known(consumed),
        available: known(enabled - consumed),
      }),
    ).toEqual(known(expected));
  });

  it("B42: unknown with trial unknown", () => {
    expect(
      unassignedUnits({
        enabled: known(100),
        trial: unknown("permission"),
        consumed: known(1),
        available: known(99),
      }),
    ).toEqual(unknown("permission"));
  });

  it("B31: unknown where accounts may hold more than was counted", () => {
    expect(
      unassignedUnits({
        enabled: known(100),
        trial: known(0),
        consumed: known(90),
        available: unknown("not-reported"),
      }),
    ).toEqual(unknown("not-reported"));
  });
});

it("no recommendation rests on an unknown, and low confidence always says what to check", () => {
  const maybeDay = fc.option(fc.constant("2026-06-03"), { nil: null });
  const facts: fc.Arbitrary<AssignmentFacts> = fc.record({
    blocked: fc.boolean(),
    activity: fc.constantFrom(...activities.map(activity), unknown("stale")),
    basis: fc.constantFrom(both, signInsOnly, usageOnly, unknown("stale")),
    evidenceOn: maybeDay,
    createdOn: maybeDay,
    deviceAccount: fc.boolean(),
    excluded: fc.boolean(),
    asReadBefore: fc.boolean(),
    bringsMailbox: fc.boolean(),
    mailbox: fc.oneof(
      fc.constant(unknown("stale")),
      fc
        .record({
          storageBytes: fc.option(fc.integer({ min: 0 }), { nil: null }),
          hasArchive: fc.option(fc.boolean(), { nil: null }),
        })
        .map((row) => known(row)),
    ),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const finding = classifyOpportunity(given);
      if (finding.found !== "opportunity") return;
      expect(given.deviceAccount || given.excluded || given.asReadBefore).toBe(false);
      expect(finding.confidence === "low").toBe(finding.caution !== null);
      if (finding.kind === "blocked-account") {
        expect(given.blocked).toBe(true);
        return;
      }
      expect(given.activity.kind).toBe("known");
      expect(given.basis.kind).toBe("known");
    }),
  );
});
