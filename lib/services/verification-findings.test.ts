import { describe, expect, it } from "vitest";
import { type PermissionName, permissions } from "#lib/domain/connection";
import type { EndpointCheck, VerificationReport } from "#lib/microsoft/verify";
import {
  declinedPermissions,
  domainRefusal,
  judgeReport,
  toVerificationResult,
  waitSeconds,
} from "./verification-findings.ts";
import { statusAfterFailure } from "./verification-status.ts";

const check = (
  endpoint: EndpointCheck["endpoint"],
  permission: PermissionName,
  outcome: EndpointCheck["outcome"] = { kind: "ok" },
  mandatory = false,
): EndpointCheck => ({ endpoint, permission, mandatory, outcome, latencyMs: 12 });

const mandatoryChecks = [
  check("organization", "Organization.Read.All", { kind: "ok" }, true),
  check("users", "User.Read.All", { kind: "ok" }, true),
];

const report = (
  missing: readonly PermissionName[],
  change: Partial<VerificationReport> = {},
): VerificationReport => ({
  tokenFailure: null,
  permissions: permissions.map(({ name, mandatory }) => ({
    permission: name,
    mandatory,
    granted: !missing.includes(name),
  })),
  checks: mandatoryChecks,
  tenant: {
    displayName: "Contoso",
    defaultDomain: "contoso.example",
    domains: ["contoso.example", "contoso.onmicrosoft.com"],
  },
  usable: true,
  pending: false,
  ...change,
});

const young = { ageSeconds: 10, askedAgain: null };
const old = { ageSeconds: 301, askedAgain: null };
const usersMissing = {
  class: "permission",
  code: "permission-missing",
  permission: "User.Read.All",
};

describe("judgeReport", () => {
  it("accepts what can be imported", () => {
    expect(judgeReport(report([]), { kind: "proof", ...young })).toEqual({ kind: "verified" });
    const optional = report(["Reports.Read.All", "AuditLog.Read.All"]);
    expect(judgeReport(optional, { kind: "proof", ...young })).toEqual({ kind: "verified" });
  });

  it("waits five minutes after a consent, and no longer", () => {
    const arriving = report(["User.Read.All"], { usable: false, pending: true });
    const verdict = (age: typeof young) => judgeReport(arriving, { kind: "proof", ...age });
    expect(verdict(young)).toEqual({ kind: "wait", failure: usersMissing });
    expect(verdict(old)).toEqual({ kind: "refused", failure: usersMissing });
  });

  it("waits for an optional permission a connected tenant was asked for again, and takes it as missing afterwards", () => {
    const lacking = report(["Reports.Read.All", "AuditLog.Read.All"]);
    const again = { kind: "proof", askedAgain: ["User.Read.All", "Reports.Read.All"] } as const;
    expect(judgeReport(lacking, { ...again, ageSeconds: 10 })).toEqual({
      kind: "wait",
      failure: { ...usersMissing, permission: "Reports.Read.All" },
    });
    expect(judgeReport(lacking, { ...again, ageSeconds: 301 })).toEqual({ kind: "verified" });
    expect(judgeReport(report([]), { ...again, ageSeconds: 10 })).toEqual({ kind: "verified" });
  });

  it("tells a registered app's missing permission at once, and takes a wider one in its place", () => {
    const lacking = report(["User.Read.All"], { usable: false, pending: true });
    const asked = { kind: "credential", ...young } as const;
    expect(judgeReport(lacking, asked)).toEqual({ kind: "refused", failure: usersMissing });
    expect(judgeReport(report(["User.Read.All"]), asked)).toEqual({ kind: "verified" });
    expect(judgeReport(report(["User.Read.All"]), { kind: "proof", ...young }).kind).toBe(
      "refused",
    );
  });

  it("waits for faults of the moment and refuses a credential", () => {
    const throttled = { class: "throttled", code: "throttled" } as const;
    const wrong = { class: "credential", code: "secret-wrong" } as const;
    const asked = { kind: "credential", ...young } as const;
    expect(judgeReport(report([], { tokenFailure: throttled }), asked).kind).toBe("wait");
    expect(judgeReport(report([], { tokenFailure: wrong }), asked)).toEqual({
      kind: "refused",
      failure: wrong,
    });
  });

  it("refuses the credential of another tenant", () => {
    const failure = { class: "tenant", code: "tenant-mismatch" } as const;
    const checks = [
      check("organization", "Organization.Read.All", { kind: "failed", failure }, true),
    ];
    const other = report([], { checks, tenant: null, usable: false });
    expect(judgeReport(other, { kind: "credential", ...young })).toEqual({
      kind: "refused",
      failure,
    });
  });
});

describe("declinedPermissions", () => {
  it("names optional permissions that are missing, unless their endpoint answers all the same", () => {
    const missing = report(["AuditLog.Read.All", "GroupMember.Read.All", "User.Read.All"], {
      checks: [
        ...mandatoryChecks,
        check("groups", "GroupMember.Read.All"),
        check("sign-ins", "AuditLog.Read.All", { kind: "missing-permission" }),
      ],
    });
    expect(declinedPermissions(missing)).toEqual(["AuditLog.Read.All"]);
  });
});

describe("toVerificationResult", () => {
  it("keeps a failure with its endpoint and no time where nothing was asked", () => {
    const failure = { class: "upstream", code: "timed-out" } as const;
    const result = toVerificationResult(
      report([], {
        checks: [
          check("users", "User.Read.All", { kind: "failed", failure }, true),
          check("report-settings", "ReportSettings.Read.All", { kind: "not-offered" }),
        ],
      }),
    );
    expect(result).toMatchObject({ tenantName: "Contoso", tenantDomain: "contoso.example" });
    expect(result.endpoints).toMatchObject([
      { endpoint: "users", outcome: "failed", latencyMs: 12, failure },
      { endpoint: "report-settings", outcome: "not-offered", latencyMs: null },
    ]);
  });
});

it("calls no permission missing where no token was issued to show it", () => {
  const tokenFailure = { class: "credential", code: "secret-wrong" } as const;
  const result = toVerificationResult(report([], { tokenFailure, checks: [], tenant: null }));
  expect(result.permissions).toEqual([]);
});

describe("domainRefusal", () => {
  const provenAt = new Date("2026-11-01T00:00:00Z");
  const refusal = (tenantHint: string | null, change: object = {}) =>
    domainRefusal(
      { kind: "proof", connection: { tenantHint, provenAt: null, ...change } },
      report([]),
    );

  it("refuses the proof of a tenant that does not own the entered domain", () => {
    expect(refusal("fabrikam.example")).toEqual({
      class: "tenant",
      code: "domain-of-other-tenant",
      facts: { domain: "fabrikam.example" },
    });
  });

  it("accepts any of its domains, and asks nothing of a GUID, of no hint, or of a tenant proven before", () => {
    expect(refusal("contoso.onmicrosoft.com")).toBeNull();
    expect(refusal("2f1c7c1e-0f4e-4c3a-9d7e-0b1a2c3d4e5f")).toBeNull();
    expect(refusal(null)).toBeNull();
    expect(refusal("renamed.example", { provenAt })).toBeNull();
  });
});

it("tries again close together first, then every half minute", () => {
  expect([1, 2, 5, 6, 7, 40].map(waitSeconds)).toEqual([5, 10, 25, 30, 30, 30]);
});

describe("statusAfterFailure", () => {
  const failure = { class: "credential", code: "secret-wrong" } as const;
  const provenAt = new Date("2026-11-01T00:00:00Z");
  const statusFrom = (
    status: Parameters<typeof statusAfterFailure>[0]["status"],
    kind: "proof" | "credential" | "check",
    change: { provenAt?: Date | null; method?: "multi-tenant-app" | "registered-app" } = {},
    person = false,
  ) =>
    statusAfterFailure(
      { status, provenAt, method: "registered-app", ...change },
      { kind, failure, person },
    );

  it("sends an unproven tenant back to its consent", () => {
    expect(
      statusFrom("verifying", "proof", { provenAt: null, method: "multi-tenant-app" }),
    ).toEqual({
      status: "awaiting-consent",
      problem: null,
    });
  });

  it("asks for action on a first credential and on a check that shows a problem", () => {
    const acted = { status: "action-needed", problem: failure };
    expect(statusFrom("verifying", "credential", { provenAt: null })).toEqual(acted);
    expect(statusFrom("ready", "check")).toEqual(acted);
  });

  it("leaves a working connection alone when a person or a replacement is refused", () => {
    expect(statusFrom("ready", "credential")).toBeNull();
    expect(statusFrom("ready", "proof", { method: "multi-tenant-app" })).toBeNull();
    expect(statusFrom("paused", "check")).toBeNull();
    expect(statusFrom("action-needed", "proof", { method: "multi-tenant-app" }, true)).toBeNull();
  });
});
