import { expect, test } from "vitest";
import type { LicenseDetail } from "#lib/domain/license-item";
import { differenceOf, entitledFormula, entitledSum } from "./entitled.ts";

type Terms = NonNullable<LicenseDetail["application"]>["terms"];

const term = (no: number, units: number | null, state: Terms[number]["state"]): Terms[number] => ({
  no,
  units,
  state,
  type: null,
  annualCost: null,
  currency: null,
  startsOn: null,
  endsOn: null,
  problem: null,
});

const ofApplication = (terms: Terms, entitled: number | null) =>
  entitledSum({
    source: "saas-management",
    enabled: null,
    expiring: null,
    entitled,
    application: {
      externalId: "1",
      name: null,
      resolution: "license-id",
      mapped: null,
      candidates: [],
      terms,
      annualCost: null,
      entitledUnknown: null,
    },
  });

test("Microsoft's units are enabled and those in grace", () => {
  const license = { source: "microsoft-365", enabled: 1200, expiring: 10, entitled: 1210 } as const;
  expect(entitledFormula(license)).toBe("enabled + expiring");
  expect(entitledSum({ ...license, application: null })).toBe("1,200 + 10 = 1,210");
  const unread = { ...license, enabled: null, expiring: null, entitled: null, application: null };
  expect(entitledSum(unread)).toBe("unknown + unknown = unknown");
});

test("SaaS Management's are the quantities of the terms in force, never units it does not tell", () => {
  expect(entitledFormula({ source: "saas-management" })).toBe("quantities of the terms in force");
  const terms = [term(1, 50, "in-force"), term(2, 20, "in-force"), term(3, 900, "over")];
  expect(ofApplication(terms, 70)).toBe("50 + 20 = 70");
  expect(ofApplication([term(1, null, "in-force")], null)).toBe("unknown");
  expect(ofApplication([term(1, 22, "in-force")], 22)).toBe("22");
  expect(ofApplication([term(1, 9, "over")], 0)).toBe("no term is in force: 0");
  expect(ofApplication([], null)).toBe("no term is told: unknown");
});

test("what is left is said as unknown where more may have to be taken off than was counted", () => {
  expect(differenceOf(29, 26, 3)).toBe("29 − 26 = 3");
  expect(differenceOf(29, 26, null)).toBe("29 − at least 26: unknown");
  expect(differenceOf(null, 26, null)).toBe("unknown − 26 = unknown");
});
