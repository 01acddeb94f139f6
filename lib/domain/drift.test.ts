import { describe, expect, it } from "vitest";
import type { AlertFacts } from "./alert.ts";
import { driftFindings, type EarlierAccess, type SeenAccess } from "./drift.ts";

const connectionId = "a";
const nothing: SeenAccess = { granted: [], missing: [], signIns: "not-judged" };
const had: EarlierAccess = { declined: [], signInsGiven: true };
const reports = "Reports.Read.All";
const lostReports: AlertFacts = { kind: "permission-lost", connectionId, permission: reports };
const lostSignIns: AlertFacts = { kind: "sign-ins-lost", connectionId };

const findings = (
  earlier: EarlierAccess | null,
  seen: Partial<SeenAccess>,
  open: readonly AlertFacts[] = [],
) => driftFindings(connectionId, { earlier, seen: { ...nothing, ...seen }, open });

describe("an optional permission", () => {
  it("is lost where it was there before, once or however often it is looked at", () => {
    const seen = { missing: [reports] };
    expect(findings(had, seen)).toEqual([{ found: "wrong", facts: lostReports }]);
    const later = { ...had, declined: [reports] };
    expect(findings(later, seen, [lostReports])).toEqual([{ found: "wrong", facts: lostReports }]);
  });

  it("that was never granted is no drift", () => {
    expect(findings(null, { missing: [reports] })).toEqual([]);
    expect(findings({ ...had, declined: [reports] }, { missing: [reports] })).toEqual([]);
  });

  it("is right as soon as it is seen again", () => {
    expect(
      findings({ ...had, declined: [reports] }, { granted: [reports] }, [lostReports]),
    ).toEqual([{ found: "right", key: { kind: "permission-lost", subject: `a ${reports}` } }]);
  });

  it("that could not be judged stays as it is", () => {
    expect(findings(had, nothing, [lostReports, lostSignIns])).toEqual([]);
  });

  it("does not count among them when imports cannot do without it", () => {
    expect(findings(had, { missing: ["User.Read.All", "Unheard.Of"] })).toEqual([]);
  });
});

describe("sign-ins", () => {
  it("are lost with the license, where they were given before", () => {
    const seen = { signIns: "not-licensed" } as const;
    expect(findings(had, seen)).toEqual([{ found: "wrong", facts: lostSignIns }]);
    expect(findings({ ...had, signInsGiven: false }, seen)).toEqual([]);
    expect(findings(null, seen)).toEqual([]);
    expect(findings({ ...had, signInsGiven: false }, seen, [lostSignIns])).toEqual([
      { found: "wrong", facts: lostSignIns },
    ]);
  });

  it("are right as soon as they are given again", () => {
    expect(findings(null, { signIns: "given" }, [lostSignIns])).toEqual([
      { found: "right", key: { kind: "sign-ins-lost", subject: "a" } },
    ]);
  });
});
