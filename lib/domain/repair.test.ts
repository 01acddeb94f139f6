import { expect, test } from "vitest";
import { failureClasses } from "./failure.ts";
import { failureCodes } from "./failure-text.ts";
import { repairHref, repairLabels, repairOf } from "./repair.ts";

const source = "microsoft-365";
const problem = (code: string) => ({ class: "credential", code }) as const;

test.each([
  ["multi-tenant-app", "app-not-in-tenant", true, "consent"],
  ["multi-tenant-app", "permission-missing", true, "consent"],
  ["multi-tenant-app", "app-disabled", true, "verify"],
  ["multi-tenant-app", "secret-expired", true, "verify"],
  ["registered-app", "secret-expired", true, "credential"],
  ["registered-app", "certificate-rejected", true, "credential"],
  ["registered-app", "permission-missing", true, "verify"],
  ["registered-app", "app-not-in-tenant", true, "verify"],
  ["registered-app", "app-not-in-tenant", false, "credential"],
  ["registered-app", "tenant-other-cloud", false, "tenant"],
  ["registered-app", "tenant-other-cloud", true, "verify"],
] as const)("%s, %s, was ready %s: %s", (method, code, wasReady, repair) => {
  expect(repairOf({ source, method, problem: problem(code), wasReady })).toBe(repair);
});

test("every code people are told has one repair with a place and a name", () => {
  for (const code of failureCodes)
    for (const method of ["multi-tenant-app", "registered-app", null] as const)
      for (const wasReady of [true, false]) {
        const repair = repairOf({
          source,
          method,
          problem: { class: failureClasses[0], code },
          wasReady,
        });
        expect(repairLabels[repair]).not.toBe("");
        expect(repairHref("c", repair, wasReady)).toMatch(/^\/connections\//);
      }
});

test("what never worked is repaired in the wizard, what did on its own page", () => {
  expect(repairHref("c", "credential", false)).toBe(
    "/connections/new?connection=c&step=credential",
  );
  expect(repairHref("c", "credential", true)).toBe("/connections/c#credential");
  expect(repairHref("c", "tenant", false)).toBe("/connections/new?connection=c&step=tenant");
});

test("a SaaS Management connection is repaired where its organisation is", () => {
  const refused = problem("saas-credential-refused");
  const repair = repairOf({
    source: "saas-management",
    method: null,
    problem: refused,
    wasReady: true,
  });
  expect(repair).toBe("organisation");
  expect(repairHref("c", repair, true)).toBe("/settings/integrations");
});
