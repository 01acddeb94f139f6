import { expect, it } from "vitest";
import { toAppUsers, toManagedApps } from "./map.ts";
import { appUsersPage, managedAppsPage } from "./testing/fixtures.ts";

const app = (given: object) => ({ id: 1, name: "App", ...given });
const term = (given: object) => toManagedApps([app({ licenses: [{ id: "l", terms: [given] }] })]);

it("maps applications, licenses and terms; money is exact and days are UTC", () => {
  const { rows, quarantined, notes } = toManagedApps(managedAppsPage.values);
  expect([quarantined, notes]).toEqual([0, []]);
  expect(rows).toEqual([
    {
      id: "4711",
      name: "Microsoft 365 Contoso",
      appName: "Office 365",
      vendorName: "Microsoft",
      active: true,
      childHrefs: ["/orgs/28010/managed-apps/4712"],
      unreadableLicenses: 0,
      contradictoryLicenses: 0,
      notes: [],
      licenses: [
        {
          id: "lic-1",
          name: "Microsoft 365 E3",
          terms: [
            {
              type: "annual",
              units: 120,
              annualCost: "43200.5",
              currency: "EUR",
              startsOn: "2026-01-01",
              endsOn: "2026-12-31",
              problem: null,
            },
          ],
        },
      ],
    },
  ]);
});

it("knows no units where none were told, and never makes them 0", () => {
  const [untold] = term({ termType: "annual" }).rows;
  expect(untold?.licenses[0]?.terms).toMatchObject([{ units: null, problem: "no-units" }]);
  expect(untold?.notes).toEqual(["no-units"]);
  expect(toManagedApps([app({})]).rows).toMatchObject([{ licenses: [], notes: [] }]);
  expect(toManagedApps([app({ licenses: [{ id: "l" }] })]).rows).toMatchObject([
    { licenses: [{ id: "l", name: null, terms: [] }], notes: ["no-terms"] },
  ]);
  const [zero] = term({ totalActive: 0 }).rows;
  expect(zero).toMatchObject({ licenses: [{ terms: [{ units: 0, problem: null }] }], notes: [] });
});

it("a term that ends before it begins counts nothing and is noted", () => {
  const { rows } = term({ totalActive: 5, startsAt: "2026-05-01", endsAt: "2026-04-01" });
  expect(rows[0]?.licenses[0]?.terms).toMatchObject([
    { units: null, startsOn: null, endsOn: null, problem: "ends-before-it-begins" },
  ]);
  expect(rows[0]?.notes).toEqual(["ends-before-it-begins"]);
  const [day] = term({ totalActive: 5, startsAt: "2026-05-01", endsAt: "2026-05-01" }).rows;
  expect(day?.licenses[0]?.terms).toMatchObject([{ units: 5, problem: null }]);
});

it("counts rows that cannot be read and names their fields; a bad term is one without units", () => {
  const { rows, quarantined, notes } = toManagedApps([
    app({}),
    null,
    { name: "no id" },
    app({ id: 2, licenses: [{ terms: [] }, { id: "ok", terms: [{ totalActive: -1 }] }] }),
  ]);
  expect(rows.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(rows[1]).toMatchObject({
    unreadableLicenses: 1,
    licenses: [
      {
        id: "ok",
        name: null,
        terms: [{ units: null, startsOn: null, endsOn: null, problem: "unreadable" }],
      },
    ],
  });
  expect(quarantined).toBe(2);
  expect(notes).toEqual(["row", "id"]);
  expect(rows[1]?.notes).toEqual(expect.arrayContaining(["id", "totalActive"]));
});

it("keeps the last of an application that is listed twice, and says so", () => {
  const { rows, repeated } = toManagedApps([app({ name: "old" }), app({ name: "new" })]);
  expect(rows.map(({ name }) => name)).toEqual(["new"]);
  expect(repeated).toEqual(["1"]);
});

it("tells two listings of an application that contradict each other from one that comes again", () => {
  expect(toManagedApps([app({ name: "old" }), app({ name: "new" })]).contradictory).toEqual(["1"]);
  expect(toManagedApps([app({}), app({})]).contradictory).toEqual([]);
});

it("a license that comes again is one and noted; told in two ways it is counted as a contradiction", () => {
  const [e3, more] = [5, 6].map((totalActive) => ({ id: "l", terms: [{ totalActive }] }));
  expect(toManagedApps([app({ licenses: [e3, e3] })]).rows).toMatchObject([
    { licenses: [{ id: "l" }], contradictoryLicenses: 0, notes: ["license-listed-twice"] },
  ]);
  const [told] = toManagedApps([app({ licenses: [e3, more, e3] })]).rows;
  expect(told).toMatchObject({ contradictoryLicenses: 1, notes: [] });
  expect(told?.licenses).toHaveLength(1);
});

it.each([
  [12.1 + 0.2, "12.3"],
  ["43200.125", "43200.125"],
  ["0.123456", null],
] as const)("a cost of %s is %s", (annualCost, expected) => {
  const { rows } = term({ totalActive: 1, annualCost });
  expect(rows[0]?.licenses[0]?.terms).toMatchObject([{ annualCost: expected }]);
  expect(rows[0]?.notes).toEqual(expected === null ? ["annualCost"] : []);
});

it("maps accounts with every spelling of their SKUs, each once", () => {
  expect(toAppUsers(appUsersPage.values)).toEqual({
    quarantined: 0,
    notes: [],
    rows: [
      {
        uniqueId: "6e7b9f0a-5f3b-4c1d-9a75-1d9e6f1f2a01",
        email: "ada@contoso.example",
        displayName: "Ada Muster",
        activatedAt: "2025-03-01T08:00:00.000Z",
        deactivatedAt: null,
        skus: ["SPE_E3", "VISIOCLIENT"],
      },
      {
        uniqueId: "6e7b9f0a-5f3b-4c1d-9a75-1d9e6f1f2a02",
        email: "bo@contoso.example",
        displayName: "Bo Example",
        activatedAt: "2024-03-01T00:00:00.000Z",
        deactivatedAt: "2026-02-01T00:00:00.000Z",
        skus: ["SPE_E3", "POWER_BI_PRO"],
      },
    ],
  });
});

it("an account with an unreadable day of deactivation is no active one", () => {
  const { rows, notes } = toAppUsers([{ uniqueId: "u", deactivatedAt: "yesterday" }]);
  expect(rows[0]?.deactivatedAt).toBe("1970-01-01T00:00:00.000Z");
  expect(notes).toEqual(["deactivatedAt"]);
});

it("text is cleaned of what a database refuses", () => {
  const { rows } = toAppUsers([{ uniqueId: "u", firstName: `A\0${"\uD800"}`, sku: "  " }]);
  expect(rows).toMatchObject([{ displayName: "A", skus: [] }]);
});
