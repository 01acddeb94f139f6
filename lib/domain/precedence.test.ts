import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sources } from "./connection.ts";
import { retirementOf, type Supersession, takesPrecedence } from "./precedence.ts";

const saas: Supersession = { by: "saas-management", keptTenantIds: [] };
const graphAtA: Supersession = { by: "microsoft-365", tenantId: "tenant-a" };
const license = (source: (typeof sources)[number], tenantId = "tenant-a") => ({ source, tenantId });

it("ranks the sources without a tie", () => {
  expect(takesPrecedence("saas-management", "microsoft-365")).toBe(true);
  expect(takesPrecedence("microsoft-365", "office-365-deprecated")).toBe(true);
  for (const a of sources) {
    for (const b of sources) {
      expect([takesPrecedence(a, b), takesPrecedence(b, a)].filter(Boolean).length).toBe(
        a === b ? 0 : 1,
      );
    }
  }
});

describe("retirementOf", () => {
  it.each([
    ["nothing supersedes", license("microsoft-365"), [], null],
    [
      "B44: SaaS Management over Microsoft 365",
      license("microsoft-365"),
      [saas],
      "superseded-by-saas-management",
    ],
    [
      "over the deprecated connector too",
      license("office-365-deprecated", "other"),
      [saas],
      "superseded-by-saas-management",
    ],
    ["never over its own licenses", license("saas-management"), [saas, graphAtA], null],
    [
      "Microsoft 365 over the deprecated connector",
      license("office-365-deprecated"),
      [graphAtA],
      "superseded-by-microsoft-365",
    ],
    [
      "in another case of letters",
      license("office-365-deprecated", "TENANT-A"),
      [graphAtA],
      "superseded-by-microsoft-365",
    ],
    ["in its tenant only", license("office-365-deprecated", "tenant-b"), [graphAtA], null],
    ["not over itself", license("microsoft-365"), [graphAtA], null],
    [
      "the highest of two is named",
      license("office-365-deprecated"),
      [graphAtA, saas],
      "superseded-by-saas-management",
    ],
    [
      "a tenant kept by choice",
      license("microsoft-365"),
      [{ by: "saas-management", keptTenantIds: ["Tenant-A"] }],
      null,
    ],
    [
      "a kept tenant is still subject to the other rule",
      license("office-365-deprecated"),
      [{ by: "saas-management", keptTenantIds: ["tenant-a"] }, graphAtA],
      "superseded-by-microsoft-365",
    ],
  ] as const)("%s", (_title, given, supersessions, reason) => {
    expect(retirementOf(given, supersessions)).toBe(reason);
  });

  it("B44: does not depend on the order of rows, and undo restores exactly", () => {
    const tenant = fc.constantFrom("tenant-a", "tenant-b");
    const row: fc.Arbitrary<Supersession> = fc.oneof(
      fc.record({ by: fc.constant("saas-management" as const), keptTenantIds: fc.array(tenant) }),
      fc.record({ by: fc.constant("microsoft-365" as const), tenantId: tenant }),
    );
    const anyLicense = fc.record({ source: fc.constantFrom(...sources), tenantId: tenant });
    fc.assert(
      fc.property(anyLicense, fc.array(row), row, (given, rows, added) => {
        expect(retirementOf(given, [...rows].reverse())).toBe(retirementOf(given, rows));
        const undone = [...rows, added].filter((one) => one !== added);
        expect(retirementOf(given, undone)).toBe(retirementOf(given, rows));
      }),
    );
  });
});
