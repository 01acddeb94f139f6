import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AlertFacts,
  type AlertFinding,
  alertKey,
  alertKinds,
  alertSeverities,
  alertSeverity,
  nextAlert,
  type OpenAlert,
} from "./alert.ts";
import { type ExpiryStage, expiryStages } from "./credential-expiry.ts";

const connectionIds = ["a", "b"] as const;
const expiry = (stage: ExpiryStage, connectionId = "a"): AlertFacts => ({
  kind: "credential-expiry",
  connectionId,
  credential: "secret",
  expiresAt: "2026-12-05T00:00:00.000Z",
  stage,
});
const lost = (code: string, connectionId = "a"): AlertFacts => ({
  kind: "access-lost",
  connectionId,
  failure: { class: "credential", code },
});

const anyFacts: fc.Arbitrary<AlertFacts> = fc
  .record({
    kind: fc.constantFrom(...alertKinds),
    connectionId: fc.constantFrom(...connectionIds),
    code: fc.constantFrom("secret-wrong", "app-disabled", "tenant-blocked"),
    permission: fc.constantFrom("AuditLog.Read.All", "Reports.Read.All"),
    stage: fc.constantFrom(...expiryStages),
    cloud: fc.constantFrom("global" as const, "china" as const),
  })
  .map(({ kind, connectionId, code, permission, stage, cloud }): AlertFacts => {
    const failure = { class: "credential", code } as const;
    const end = { credential: "secret", expiresAt: "2026-12-05T00:00:00.000Z", stage } as const;
    switch (kind) {
      case "access-lost":
        return { kind, connectionId, failure };
      case "upload-failed":
        return { kind, connectionId, fault: { code: "wrong-hash" } };
      case "packages-overdue":
        return { kind, connectionId, collectedAt: "2026-11-20T03:00:00.000Z", everyDays: 1 };
      case "upload-token-expiry":
        return { kind, connectionId, expiresAt: end.expiresAt, stage };
      case "permission-lost":
        return { kind, connectionId, permission };
      case "sign-ins-lost":
        return { kind, connectionId };
      case "credential-expiry":
        return { kind, connectionId, ...end };
      case "app-credential-expiry":
        return { kind, cloud, ...end };
      case "organisation-credential-expiry":
        return {
          kind,
          organisationId: connectionId,
          name: "Contoso",
          ...end,
          credential: "refresh-token",
        };
      case "claim-moved":
        return { kind, connectionId, source: "microsoft-365" };
      default:
        return kind satisfies never;
    }
  });
const anyFinding: fc.Arbitrary<AlertFinding> = fc
  .tuple(anyFacts, fc.boolean())
  .map(([facts, wrong]) =>
    wrong ? { found: "wrong", facts } : { found: "right", key: alertKey(facts) },
  );
const anyStep = fc.oneof(
  { weight: 4, arbitrary: anyFinding },
  { weight: 1, arbitrary: fc.constant("acknowledge" as const) },
);

const nameOf = (finding: AlertFinding): string => {
  const { kind, subject } = finding.found === "wrong" ? alertKey(finding.facts) : finding.key;
  return `${kind} ${subject}`;
};

/** 0 for the most severe. */
const rankOf = (facts: AlertFacts): number => alertSeverities.indexOf(alertSeverity(facts));

describe("alerts after any sequence of findings", () => {
  it("are at most one open per key: the last one that was found wrong", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 60 }), (findings) => {
        const open: { readonly key: string; readonly alert: OpenAlert }[] = [];
        for (const finding of findings) {
          const key = nameOf(finding);
          const at = open.findIndex((entry) => entry.key === key);
          const next = nextAlert(open[at]?.alert ?? null, finding);
          if (at >= 0) open.splice(at, 1);
          if (next !== null)
            open.push({ key: nameOf({ found: "wrong", facts: next.facts }), alert: next });
        }
        const keys = open.map((entry) => entry.key);
        expect(new Set(keys).size).toBe(keys.length);
        const last = new Map(findings.map((finding) => [nameOf(finding), finding]));
        const wrong = [...last].filter(([, finding]) => finding.found === "wrong");
        expect(keys.toSorted()).toEqual(wrong.map(([key]) => key).toSorted());
        for (const { key, alert } of open) {
          expect(last.get(key)).toMatchObject({ facts: alert.facts });
        }
      }),
    );
  });

  it("stay acknowledged until the same key brings news, and never longer", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const facts = steps.flatMap((step) =>
          step !== "acknowledge" && step.found === "wrong" ? [step.facts] : [],
        );
        const key = facts[0] && nameOf({ found: "wrong", facts: facts[0] });
        const ofKey = steps.filter((step) => step === "acknowledge" || nameOf(step) === key);
        const after = (before: OpenAlert | null, step: (typeof ofKey)[number]) => {
          if (step === "acknowledge") return before && { facts: before.facts, acknowledged: true };
          const next = nextAlert(before, step);
          if (before?.acknowledged !== true && next !== null) expect(next.acknowledged).toBe(false);
          if (before !== null && next?.acknowledged) {
            expect(rankOf(next.facts)).toBeGreaterThanOrEqual(rankOf(before.facts));
          }
          return next;
        };
        ofKey.reduce<OpenAlert | null>(after, null);
      }),
    );
  });
});

describe("an acknowledgement", () => {
  const afterwards = (before: AlertFacts, facts: AlertFacts) =>
    nextAlert({ facts: before, acknowledged: true }, { found: "wrong", facts })?.acknowledged;

  it("ends at each later stage of an expiry, not at an earlier one", () => {
    for (const [index, stage] of expiryStages.entries()) {
      expect(afterwards(expiry(stage), expiry(stage))).toBe(true);
      for (const later of expiryStages.slice(index + 1)) {
        expect(afterwards(expiry(stage), expiry(later))).toBe(false);
        expect(afterwards(expiry(later), expiry(stage))).toBe(true);
      }
    }
  });

  it("ends when another failure takes the place of the first", () => {
    expect(afterwards(lost("secret-wrong"), lost("secret-wrong"))).toBe(true);
    expect(afterwards(lost("secret-wrong"), lost("tenant-blocked"))).toBe(false);
  });
});

it("gives every connection and every permission a key of its own", () => {
  const permission = (connectionId: string, name: string): AlertFacts => ({
    kind: "permission-lost",
    connectionId,
    permission: name,
  });
  const keys = [
    permission("a", "AuditLog.Read.All"),
    permission("a", "Reports.Read.All"),
    permission("b", "Reports.Read.All"),
    lost("secret-wrong", "a"),
    lost("secret-wrong", "b"),
    expiry("60-days", "a"),
    expiry("60-days", "b"),
  ].map((facts) => nameOf({ found: "wrong", facts }));
  expect(new Set(keys).size).toBe(keys.length);
  expect(nameOf({ found: "wrong", facts: expiry("expired") })).toBe(
    nameOf({ found: "wrong", facts: expiry("60-days") }),
  );
});

it("gets more severe with each stage of an expiry", () => {
  expect(expiryStages.map((stage) => alertSeverity(expiry(stage)))).toEqual([
    "notice",
    "warning",
    "critical",
    "critical",
    "critical",
  ]);
});
