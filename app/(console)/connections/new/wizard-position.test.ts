import { describe, expect, it } from "vitest";
import type { ConnectFacts } from "#lib/domain/connect-step";
import { reachable, wizardPosition, wizardSteps } from "./wizard-position.ts";

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
const consented: ConnectFacts = {
  ...draft,
  status: "awaiting-consent",
  consentedAt: "2026-11-23T10:00:00Z",
};
const proven: ConnectFacts = {
  ...consented,
  status: "ready",
  tenantId: "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01",
  provenAt: "2026-11-23T10:01:00Z",
};
const here = { chosen: false, step: null };

describe("wizardPosition", () => {
  it("begins with the method, and with the tenant once a method was chosen", () => {
    expect(wizardPosition(null, null, here).shown).toBe("method");
    expect(wizardPosition(null, null, { chosen: true, step: null }).shown).toBe("tenant");
  });

  it("goes on with a stored draft at Microsoft", () => {
    expect(wizardPosition(draft, null, here).shown).toBe("consent");
  });

  it("asks for the sign-in again when only the consent arrived", () => {
    expect(wizardPosition(consented, null, here).shown).toBe("consent");
  });

  it.each(["queued", "running", "waiting", "failed"] as const)(
    "shows a proof that is %s as verification",
    (state) => {
      const position = wizardPosition(consented, { kind: "proof", state }, here);
      expect(position.shown).toBe("verify");
    },
  );

  it("comes to the first import once proven and verified, and stays there", () => {
    expect(wizardPosition(proven, { kind: "proof", state: "succeeded" }, here).shown).toBe(
      "first-import",
    );
    expect(wizardPosition({ ...proven, firstImport: "published" }, null, here).shown).toBe(
      "first-import",
    );
  });

  it("goes back to answers while they may be changed, never ahead", () => {
    expect(wizardPosition(draft, null, { chosen: false, step: "tenant" }).shown).toBe("tenant");
    expect(wizardPosition(draft, null, { chosen: false, step: "verify" }).shown).toBe("consent");
    expect(wizardPosition(null, null, { chosen: false, step: "first-import" }).shown).toBe(
      "method",
    );
  });

  it("keeps the answers of a proven tenant and lets its verification be looked at", () => {
    const asked = (step: "tenant" | "consent" | "verify") =>
      wizardPosition(proven, null, { chosen: false, step }).shown;
    expect(asked("tenant")).toBe("first-import");
    expect(asked("consent")).toBe("first-import");
    expect(asked("verify")).toBe("verify");
  });

  it("does not let answers be changed while the worker has the sign-in", () => {
    const verifying: ConnectFacts = { ...consented, status: "verifying" };
    expect(wizardSteps.filter((step) => reachable("verify", verifying, step))).toEqual(["verify"]);
  });

  it("takes a registered app over its credential instead of consent", () => {
    const registered: ConnectFacts = {
      ...draft,
      method: "registered-app",
      tenantId: "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01",
    };
    expect(wizardPosition(registered, null, here).shown).toBe("credential");
    const refused: ConnectFacts = {
      ...registered,
      status: "action-needed",
      credential: "candidate",
      verification: "failed",
    };
    const check = { kind: "credential", state: "failed" } as const;
    expect(wizardPosition(refused, check, here).shown).toBe("verify");
    expect(wizardSteps.filter((step) => reachable("verify", refused, step))).toEqual([
      "method",
      "tenant",
      "credential",
      "verify",
    ]);
    const proved: ConnectFacts = { ...refused, provenAt: "2026-11-23T10:01:00Z" };
    expect(wizardSteps.filter((step) => reachable("verify", proved, step))).toEqual(["verify"]);
  });
});
