import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ActivityFacts,
  activityBasis,
  activityCutoffs,
  classifyActivity,
  signInEvidence,
  usableSource,
} from "./activity.ts";
import { activities } from "./license.ts";
import { known, unknown } from "./quantity.ts";
import { addDays, daysBetween } from "./utc-day.ts";

const evaluatedOn = "2026-11-23";
const cutoffs = activityCutoffs({ evaluatedOn, windowDays: 90, graceDays: 30 });
const ago = (days: number): string => addDays(evaluatedOn, -days);
const oldAccount: ActivityFacts = {
  evidence: null,
  createdOn: "2020-01-01",
  assignedOn: null,
  signInsCover: true,
  cutoffs,
};

describe("signInEvidence", () => {
  const none = { lastSuccessfulAt: null, lastInteractiveAt: null, lastNonInteractiveAt: null };

  it("takes the successful sign-in alone, even when an attempt is later", () => {
    const days = { ...none, lastSuccessfulAt: "2026-01-05", lastInteractiveAt: "2026-11-20" };
    expect(signInEvidence(days)).toBe("2026-01-05");
  });

  it("B37: attempts since 2023-12-01 without a success are no evidence", () => {
    expect(signInEvidence({ ...none, lastInteractiveAt: "2023-12-01" })).toBeNull();
    expect(signInEvidence({ ...none, lastNonInteractiveAt: "2026-11-22" })).toBeNull();
  });

  it("takes attempts from before successes were recorded, each on its own", () => {
    expect(signInEvidence({ ...none, lastInteractiveAt: "2023-11-30" })).toBe("2023-11-30");
    expect(
      signInEvidence({
        ...none,
        lastInteractiveAt: "2021-05-01",
        lastNonInteractiveAt: "2022-05-01",
      }),
    ).toBe("2022-05-01");
    expect(
      signInEvidence({
        ...none,
        lastInteractiveAt: "2021-05-01",
        lastNonInteractiveAt: "2026-05-01",
      }),
    ).toBe("2021-05-01");
  });

  it("has none without dates", () => {
    expect(signInEvidence(none)).toBeNull();
  });
});

describe("classifyActivity", () => {
  it.each([
    ["B36: evidence exactly 90 days old", { evidence: ago(90) }, "active"],
    ["evidence 91 days old", { evidence: ago(91) }, "inactive"],
    ["evidence of the day itself", { evidence: evaluatedOn }, "active"],
    ["B36: young account with recent evidence", { evidence: ago(3), createdOn: ago(5) }, "active"],
    ["B36: young account with old evidence", { evidence: ago(200), createdOn: ago(5) }, "tooNew"],
    ["B36: young assignment, old evidence", { evidence: ago(200), assignedOn: ago(29) }, "tooNew"],
    ["young account without evidence", { createdOn: ago(29) }, "tooNew"],
    ["B36: account exactly 30 days old", { createdOn: ago(30) }, "neverUsed"],
    ["assignment exactly 30 days old", { assignedOn: ago(30) }, "neverUsed"],
    ["no evidence, covered by sign-ins", {}, "neverUsed"],
    ["B38: no evidence, sign-ins not there", { signInsCover: false }, "unknown"],
    ["old evidence from usage alone", { evidence: ago(150), signInsCover: false }, "inactive"],
    ["no creation date counts as old", { createdOn: null }, "neverUsed"],
  ] as const)("%s", (_title, facts, expected) => {
    expect(classifyActivity({ ...oldAccount, ...facts })).toBe(expected);
  });

  it("agrees with the rule written in ages, for any account", () => {
    const age = fc.option(fc.integer({ min: 0, max: 400 }), { nil: null });
    fc.assert(
      fc.property(age, age, age, fc.boolean(), (evidence, created, assigned, signInsCover) => {
        const day = (days: number | null): string | null => (days === null ? null : ago(days));
        const result = classifyActivity({
          evidence: day(evidence),
          createdOn: day(created),
          assignedOn: day(assigned),
          signInsCover,
          cutoffs,
        });
        expect(activities).toContain(result);
        expect(result === "active").toBe(evidence !== null && evidence <= 90);
        const young = (created ?? 999) < 30 || (assigned ?? 999) < 30;
        expect(result === "tooNew").toBe(young && result !== "active");
        if (result === "inactive") expect(evidence).toBeGreaterThan(90);
        if (result === "neverUsed") expect([evidence, signInsCover]).toEqual([null, true]);
        if (result === "unknown") expect([evidence, signInsCover]).toEqual([null, false]);
      }),
    );
  });

  it("keeps cutoffs a window and a grace away from the evaluation day", () => {
    expect(daysBetween(cutoffs.activeSince, evaluatedOn)).toBe(90);
    expect(daysBetween(cutoffs.newSince, evaluatedOn)).toBe(29);
  });
});

describe("usableSource", () => {
  const snapshot = (days: number, concealed = false) => ({ asOf: ago(days), concealed });

  it.each([
    ["B20: 3 days old", snapshot(3), null, known(ago(3))],
    ["B20: exactly 10 days old", snapshot(10), null, known(ago(10))],
    ["B20: 11 days old", snapshot(11), null, unknown("stale")],
    ["B18: concealed", snapshot(2, true), null, unknown("concealed")],
    ["concealed and stale: concealed fits first", snapshot(30, true), null, unknown("concealed")],
    ["undated", { asOf: null, concealed: false }, null, unknown("stale")],
    ["never imported", null, null, unknown("not-imported")],
    ["B38: forbidden from the start", null, "permission", unknown("permission")],
    ["B38: not licensed", null, "not-licensed", unknown("not-licensed")],
    ["fresh, last attempt refused", snapshot(4), "permission", known(ago(4))],
    ["stale, because refused since", snapshot(20), "permission", unknown("permission")],
  ] as const)("%s", (_title, given, unavailable, expected) => {
    expect(usableSource({ snapshot: given, unavailable }, evaluatedOn)).toEqual(expected);
  });
});

describe("activityBasis", () => {
  it("B38: either source decides alone", () => {
    expect(activityBasis(known(ago(1)), unknown("concealed"))).toEqual(
      known({ signIns: true, usage: false }),
    );
    expect(activityBasis(unknown("not-licensed"), known(ago(1)))).toEqual(
      known({ signIns: false, usage: true }),
    );
  });

  it.each([
    ["permission", "not-licensed", "not-licensed"],
    ["stale", "concealed", "concealed"],
    ["not-imported", "stale", "stale"],
    ["not-offered-in-cloud", "permission", "not-offered-in-cloud"],
  ] as const)("B38: neither there: %s and %s tell %s", (signIns, usage, told) => {
    expect(activityBasis(unknown(signIns), unknown(usage))).toEqual(unknown(told));
  });
});
