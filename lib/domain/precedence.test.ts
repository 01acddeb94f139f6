import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Source, sources } from "./connection.ts";
import {
  countingSource,
  leftOutOf,
  retirementOf,
  type Supersession,
  supersededOnArrival,
  supersedingSources,
  takesPrecedence,
} from "./precedence.ts";

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

describe("which source counts in a tenant", () => {
  const tenantId = "tenant-a";
  it.each([
    ["a source alone", ["saas-management"], [], "saas-management"],
    [
      "the one below until a switch",
      ["saas-management", "office-365-deprecated"],
      [],
      "office-365-deprecated",
    ],
    [
      "the higher one after it",
      ["microsoft-365", "office-365-deprecated"],
      [graphAtA],
      "microsoft-365",
    ],
    ["the next one waits in turn", [...sources], [graphAtA], "microsoft-365"],
    ["SaaS Management over both", [...sources], [saas], "saas-management"],
    ["nobody where the rule leaves no successor", ["microsoft-365"], [saas], null],
  ] as const)("%s", (_title, present, supersessions, counting) => {
    const tenant = { tenantId, present, supersessions };
    expect(countingSource(tenant)).toBe(counting);
    for (const source of present) {
      expect(leftOutOf(source, tenant) === null).toBe(source === counting);
    }
  });

  it("shows a source that came in above another without counting it", () => {
    const present: readonly Source[] = ["office-365-deprecated", "microsoft-365"];
    const tenant = { tenantId, present, supersessions: [] };
    expect(leftOutOf("microsoft-365", tenant)).toBe("parallel-run");
    expect(leftOutOf("office-365-deprecated", tenant)).toBeNull();
  });

  it("goes on with the higher source when one arrives below it", () => {
    const others = { tenantId, present: ["microsoft-365"] as const, supersessions: [] };
    expect(supersededOnArrival("office-365-deprecated", others)).toBe("microsoft-365");
    expect(supersededOnArrival("saas-management", others)).toBeNull();
    expect(supersededOnArrival("office-365-deprecated", { ...others, present: [] })).toBeNull();
    expect(
      supersededOnArrival("office-365-deprecated", { ...others, supersessions: [graphAtA] }),
    ).toBeNull();
  });

  it("B44: never two at once, and no arrival or failure changes who counts, in any order of events", () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant("publish" as const), source: fc.constantFrom(...sources) }),
      fc.record({ kind: fc.constant("disconnect" as const), source: fc.constantFrom(...sources) }),
      fc.record({
        kind: fc.constant("switch" as const),
        by: fc.constantFrom(...supersedingSources),
      }),
      fc.record({ kind: fc.constant("undo" as const), by: fc.constantFrom(...supersedingSources) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let present: readonly Source[] = [];
        let supersessions: readonly Supersession[] = [];
        for (const one of events) {
          const before = { tenantId, present, supersessions };
          switch (one.kind) {
            case "publish": {
              if (present.includes(one.source)) break;
              const by = supersededOnArrival(one.source, before);
              if (by !== null) supersessions = [...supersessions, { by, tenantId }];
              present = [...present, one.source];
              const counted = countingSource(before);
              if (counted !== null) {
                expect(countingSource({ tenantId, present, supersessions })).toBe(counted);
              }
              break;
            }
            case "disconnect":
              present = present.filter((source) => source !== one.source);
              break;
            case "switch":
              if (present.includes(one.by)) {
                supersessions = [...supersessions, { by: one.by, tenantId }];
                expect(
                  retirementOf({ source: one.by, tenantId }, [{ by: one.by, tenantId }]),
                ).toBeNull();
              }
              break;
            case "undo":
              supersessions = supersessions.filter(({ by }) => by !== one.by);
              break;
            default:
              expect.unreachable();
          }
          const tenant = { tenantId, present, supersessions };
          const counted = present.filter((source) => leftOutOf(source, tenant) === null);
          expect(counted.length).toBeLessThanOrEqual(1);
          if (present.length > 0 && supersessions.length === 0) expect(counted).toHaveLength(1);
        }
      }),
    );
  });
});
