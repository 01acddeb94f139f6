import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { licenseSentence, overviewSentence, type SentenceLicense } from "./license-sentence.ts";

const e3: SentenceLicense = {
  tenantName: "Contoso",
  productName: "Microsoft 365 E3",
  type: "named-user",
  status: "active",
  retiredReason: null,
  flags: [],
  entitled: 2940,
  consumed: 2871,
  shortfall: 0,
  activity: { active: 2600, inactive: 150, neverUsed: 64, tooNew: 57, unknown: 0 },
};
const grouped = (seats: number): string => String(seats).replace(/\B(?=(\d{3})+$)/g, " ");
const sentence = (given: Partial<SentenceLicense> = {}): string =>
  licenseSentence({ ...e3, ...given }, 90, grouped);
const nobody = { active: 0, inactive: 0, neverUsed: 0, tooNew: 0, unknown: 0 };

describe("licenseSentence", () => {
  it.each([
    [
      "as UX has it",
      {},
      "Contoso owns 2 940 seats of Microsoft 365 E3, 2 871 are assigned, 214 of them idle for 90 days.",
    ],
    [
      "B22: short",
      { entitled: 2800, shortfall: 71 },
      "Contoso owns 2 800 seats of Microsoft 365 E3, 2 871 are assigned: 71 short, 214 of them idle for 90 days.",
    ],
    [
      "B38: activity unknown",
      { activity: null },
      "Contoso owns 2 940 seats of Microsoft 365 E3, 2 871 are assigned; how many are in use is unknown.",
    ],
    [
      "activity unknown for some",
      { activity: { ...nobody, active: 2861, unknown: 10 } },
      "Contoso owns 2 940 seats of Microsoft 365 E3, 2 871 are assigned, none of them idle for 90 days, for 10 it is unknown.",
    ],
    [
      "B34: units unknown",
      { entitled: null, shortfall: null },
      "2 871 seats of Microsoft 365 E3 are assigned in Contoso, 214 of them idle for 90 days; how many it owns is unknown.",
    ],
    [
      "nothing known",
      { entitled: null, consumed: null, shortfall: null, activity: null },
      "How many seats of Microsoft 365 E3 Contoso owns and uses is unknown.",
    ],
    [
      "nobody holds it",
      { entitled: 1, consumed: 0, activity: nobody },
      "Contoso owns 1 seat of Microsoft 365 E3, 0 are assigned.",
    ],
    [
      "B23: orphan",
      { flags: ["orphan"], entitled: 0, consumed: 2, shortfall: 2 },
      "2 accounts hold Microsoft 365 E3 in Contoso, but Microsoft lists no units of it: 2 short.",
    ],
    [
      "B41: tenant license",
      { type: "tenant", entitled: 10, consumed: null, shortfall: null, activity: null },
      "Contoso owns 10 units of Microsoft 365 E3, which serves the whole tenant.",
    ],
    [
      "B41: free pool",
      { flags: ["free-pool"], entitled: 1000000, consumed: 3 },
      "Microsoft 365 E3 is a free pool of 1 000 000 units in Contoso, 3 are assigned.",
    ],
    [
      "B21: retired",
      { status: "retired", retiredReason: "no-longer-reported" },
      "Microsoft 365 E3 of Contoso is retired. Microsoft neither lists it nor does anybody hold it.",
    ],
  ] as const)("%s", (_title, given, expected) => {
    expect(sentence(given)).toBe(expected);
  });

  it("E6: never writes an unknown as a number", () => {
    const maybe = fc.option(fc.nat(1_000_000), { nil: null });
    fc.assert(
      fc.property(maybe, maybe, (entitled, consumed) => {
        const text = sentence({ entitled, consumed, shortfall: null, activity: null });
        const someUnknown = entitled === null || consumed === null;
        if (someUnknown) expect(text).toContain("unknown");
        expect(text).not.toMatch(/null|undefined|NaN/);
        expect(text).toMatch(/[^.]\.$/);
      }),
    );
  });
});

describe("overviewSentence", () => {
  const totals = {
    active: 41,
    retired: 0,
    byCompliance: { compliant: 36, "at-risk": 2, unknown: 1, "not-applicable": 2 },
    shortfall: 1500,
    idleUnits: 214,
  };

  it.each([
    [
      "everything",
      totals,
      3,
      "In 3 tenants: 2 licenses at risk (1 500 seats short), 36 compliant and 1 unknown. 214 seats could be reclaimed.",
    ],
    [
      "all compliant",
      {
        ...totals,
        byCompliance: { compliant: 5, "at-risk": 0, unknown: 0, "not-applicable": 0 },
        shortfall: 0,
        idleUnits: 0,
      },
      1,
      "In 1 tenant: 5 compliant.",
    ],
    [
      "free pools only",
      { ...totals, byCompliance: { compliant: 0, "at-risk": 0, unknown: 0, "not-applicable": 2 } },
      1,
      "No license in 1 tenant needs cover.",
    ],
    [
      "E13: connected, nothing imported",
      { ...totals, active: 0 },
      1,
      "Nothing has been imported yet from 1 tenant.",
    ],
    [
      "E12: retired only",
      { ...totals, active: 0, retired: 4 },
      2,
      "Every license in 2 tenants is retired.",
    ],
    ["no tenant", totals, 0, "No tenant is connected yet."],
  ] as const)("%s", (_title, given, tenants, expected) => {
    expect(overviewSentence(given, tenants, grouped)).toBe(expected);
  });
});
