import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConnectFacts, connectStep, connectSteps } from "./connect-step.ts";
import { connectionStatuses, methods, sources } from "./connection.ts";

const draft: ConnectFacts = {
  source: "microsoft-365",
  method: "multi-tenant-app",
  status: "draft",
  name: "Contoso",
  tenantId: null,
  consentedAt: null,
  provenAt: null,
  credential: "none",
  verification: "none",
  firstImport: "none",
};
const at = "2026-11-23T10:00:00Z";
const tenantId = "5f1d1c2e-0000-4000-8000-000000000001";

describe("multi-tenant app", () => {
  const proven: ConnectFacts = {
    ...draft,
    status: "verifying",
    tenantId,
    consentedAt: at,
    provenAt: at,
  };

  it.each([
    ["nothing stored", null, "method"],
    ["method not chosen", { ...draft, method: null }, "method"],
    ["no name yet", { ...draft, name: null }, "tenant"],
    ["tenant left open", draft, "consent"],
    ["C6: consent declined or expired", { ...draft, status: "awaiting-consent" }, "consent"],
    ["back from consent", { ...draft, status: "awaiting-consent", consentedAt: at }, "proof"],
    ["C4: a tenant id alone proves nothing", { ...draft, tenantId, consentedAt: at }, "proof"],
    ["proven", proven, "verify"],
    ["E14: consent still propagating", { ...proven, verification: "waiting" }, "verify"],
    ["verification failed", { ...proven, verification: "failed" }, "verify"],
    ["verified", { ...proven, status: "ready", verification: "succeeded" }, "first-import"],
    ["import under way", { ...proven, status: "ready", firstImport: "open" }, "first-import"],
    [
      "E13: first import failed",
      { ...proven, status: "ready", firstImport: "open" },
      "first-import",
    ],
    ["published", { ...proven, status: "ready", firstImport: "published" }, "done"],
    [
      "published, broken since",
      { ...proven, status: "action-needed", verification: "failed", firstImport: "published" },
      "done",
    ],
  ] as const)("%s: %s", (_title, facts, step) => {
    expect(connectStep(facts)).toBe(step);
  });
});

describe("registered app", () => {
  const registered: ConnectFacts = { ...draft, method: "registered-app" };

  it.each([
    ["no tenant", registered, "tenant"],
    ["no credential", { ...registered, tenantId }, "credential"],
    ["credential saved", { ...registered, tenantId, credential: "candidate" }, "verify"],
    [
      "verified",
      { ...registered, tenantId, credential: "active", verification: "succeeded" },
      "first-import",
    ],
  ] as const)("%s", (_title, facts, step) => {
    expect(connectStep(facts)).toBe(step);
  });
});

it("other sources have no method to choose", () => {
  const saas: ConnectFacts = { ...draft, source: "saas-management", method: null, tenantId };
  expect(connectStep(saas)).toBe("credential");
});

it("answering a step never leads backwards", () => {
  const stored = fc.option(fc.constant(at), { nil: null });
  const facts: fc.Arbitrary<ConnectFacts> = fc.record({
    source: fc.constantFrom(...sources),
    method: fc.option(fc.constantFrom(...methods), { nil: null }),
    status: fc.constantFrom(...connectionStatuses),
    name: fc.option(fc.constant("Contoso"), { nil: null }),
    tenantId: fc.option(fc.constant(tenantId), { nil: null }),
    consentedAt: stored,
    provenAt: stored,
    credential: fc.constantFrom("none", "candidate", "active"),
    verification: fc.constantFrom("none", "queued", "running", "waiting", "failed"),
    firstImport: fc.constantFrom("none", "open"),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const before = connectSteps.indexOf(connectStep(given));
      const answers: ConnectFacts[] = [
        { ...given, method: given.method ?? "multi-tenant-app" },
        { ...given, name: "Contoso", tenantId },
        { ...given, consentedAt: at },
        { ...given, consentedAt: at, provenAt: at },
        { ...given, credential: "active" },
        { ...given, verification: "succeeded" },
        { ...given, firstImport: "published" },
      ];
      for (const answered of answers) {
        expect(connectSteps.indexOf(connectStep(answered))).toBeGreaterThanOrEqual(before);
      }
    }),
  );
});
