import { expect, test } from "vitest";
import {
  toDeletedUser,
  toGroup,
  toOrganization,
  toReportSettings,
  toSignIn,
  toSku,
  toSubscription,
} from "./map.ts";
import { mapRows } from "./rows.ts";
import {
  companySubscriptionWire,
  groupWire,
  organizationWire,
  reportSettingsWire,
  signInUserWire,
  subscribedSkuWire,
} from "./wire/resources.ts";
import { deletedUserWire } from "./wire/user.ts";

const id = "11111111-1111-4111-8111-111111111111";
const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";

const sku = (more: object = {}) => ({
  skuId: e3.toUpperCase(),
  skuPartNumber: "SPE_E3",
  appliesTo: "User",
  capabilityStatus: "Enabled",
  consumedUnits: 14,
  prepaidUnits: { enabled: 25, suspended: 1, warning: 2, lockedOut: 3 },
  subscriptionIds: ["ABC"],
  servicePlans: [{ servicePlanId: id }, { servicePlanId: id }],
  ...more,
});
const skus = (row: object) => mapRows([row], subscribedSkuWire, toSku);

test("a SKU: warning is expiring, ids are lower case, plans are distinct", () => {
  expect(skus(sku()).rows).toEqual([
    {
      skuId: e3,
      partNumber: "SPE_E3",
      appliesTo: "user",
      capabilityStatus: "Enabled",
      consumedUnits: 14,
      prepaidUnits: { enabled: 25, expiring: 2, suspended: 1, lockedOut: 3 },
      subscriptionIds: ["abc"],
      servicePlanIds: [id],
    },
  ]);
});

test("a SKU's subscription ids are clean text", () => {
  const { rows, unexpected } = skus(sku({ subscriptionIds: ["A\0B", "\ud83d", "c"] }));
  expect(rows[0]?.subscriptionIds).toEqual(["ab", "c"]);
  expect(unexpected).toEqual(["subscriptionIds"]);
});

test("what Microsoft leaves out stays null, never zero", () => {
  const { rows, quarantined, unexpected } = skus({
    skuId: e3,
    prepaidUnits: { enabled: 5, warning: null },
  });
  expect(quarantined).toEqual([]);
  expect(unexpected).toEqual([]);
  expect(rows).toMatchObject([
    {
      partNumber: null,
      consumedUnits: null,
      prepaidUnits: { enabled: 5, expiring: null, suspended: null, lockedOut: null },
      subscriptionIds: [],
      servicePlanIds: [],
    },
  ]);
  expect(skus({ skuId: e3 }).rows[0]?.prepaidUnits).toBeNull();
  expect(skus(sku({ prepaidUnits: null })).rows[0]?.prepaidUnits).toBeNull();
});

test.each([
  [{ consumedUnits: "14" }, "consumedUnits"],
  [{ consumedUnits: 1.5 }, "consumedUnits"],
  [{ consumedUnits: -1 }, "consumedUnits"],
  [{ prepaidUnits: { enabled: 3_000_000_000 } }, "prepaidUnits"],
  [{ skuId: null }, "skuId"],
])("units that cannot be right quarantine the SKU: %j", (more, field) => {
  const { rows, quarantined } = skus(sku(more));
  expect([rows.length, quarantined[0]?.field]).toEqual([0, field]);
});

test("unknown words are noted and change nothing; Company is told in any case", () => {
  const { rows, unexpected } = skus(sku({ appliesTo: "Device", capabilityStatus: "Asleep" }));
  expect(rows).toMatchObject([{ appliesTo: "user", capabilityStatus: "Asleep" }]);
  expect(unexpected).toEqual(["appliesTo", "capabilityStatus"]);
  expect(skus(sku({ appliesTo: "company" })).rows[0]?.appliesTo).toBe("company");
});

test("the tenant is called by its name, else by its default domain", () => {
  const verifiedDomains = [
    { name: "contoso.onmicrosoft.com", isDefault: false },
    { name: "contoso.com", isDefault: true },
    "odd",
  ];
  const organizations = (row: object) => mapRows([row], organizationWire, toOrganization);
  const named = organizations({
    id,
    displayName: "Contoso",
    countryLetterCode: "US",
    verifiedDomains,
  });
  expect(named.rows).toEqual([
    { tenantId: id, displayName: "Contoso", defaultDomain: "contoso.com", countryCode: "US" },
  ]);
  expect(named.unexpected).toEqual(["verifiedDomains"]);
  expect(organizations({ id, displayName: null, verifiedDomains }).rows[0]?.displayName).toBe(
    "contoso.com",
  );
  expect(organizations({ id }).rows[0]).toMatchObject({ displayName: id, defaultDomain: null });
  expect(organizations({ displayName: "Contoso" }).quarantined).toHaveLength(1);
});

test("a subscription, complete and all but empty", () => {
  const map = (row: object) => mapRows([row], companySubscriptionWire, toSubscription);
  expect(
    map({
      id: "ABC",
      commerceSubscriptionId: "DEF",
      createdDateTime: "2023-01-01T00:00:00Z",
      isTrial: false,
      nextLifecycleDateTime: "0001-01-01T00:00:00Z",
      ownerTenantId: id.toUpperCase(),
      skuId: e3.toUpperCase(),
      skuPartNumber: "SPE_E3",
      status: "Enabled",
      totalLicenses: 25,
    }).rows,
  ).toEqual([
    {
      subscriptionId: "abc",
      commerceSubscriptionId: "def",
      skuId: e3,
      partNumber: "SPE_E3",
      status: "Enabled",
      totalUnits: 25,
      trial: false,
      createdAt: "2023-01-01T00:00:00.000Z",
      nextLifecycleAt: null,
      partnerTenantId: id,
    },
  ]);
  expect(map({ id: "abc" }).rows).toMatchObject([{ skuId: null, trial: null, totalUnits: null }]);
  expect(map({ id: "abc", isTrial: "no" }).quarantined).toEqual([
    { field: "isTrial", problem: "invalid_type" },
  ]);
});

test("groups, deleted users and report settings", () => {
  expect(mapRows([{ id, displayName: "G\0" }], groupWire, toGroup).rows).toEqual([
    { groupId: id, displayName: "G" },
  ]);
  const deleted = mapRows(
    [
      {
        id,
        deletedDateTime: "2026-11-01T00:00:00Z",
        assignedLicenses: [{ skuId: e3 }, { skuId: e3 }, {}],
      },
    ],
    deletedUserWire,
    toDeletedUser,
  );
  expect(deleted.rows).toMatchObject([
    { userId: id, deletedAt: "2026-11-01T00:00:00.000Z", skuIds: [e3] },
  ]);
  expect(
    mapRows([{ displayConcealedNames: true }], reportSettingsWire, toReportSettings).rows,
  ).toEqual([{ concealed: true }]);
  expect(mapRows([{}], reportSettingsWire, toReportSettings).quarantined).toHaveLength(1);
});

const signIns = (signInActivity?: unknown) =>
  mapRows([{ id, signInActivity }], signInUserWire, toSignIn);

test("a person who never signed in is covered, with no dates", () => {
  const none = {
    userId: id,
    lastSuccessfulAt: null,
    lastInteractiveAt: null,
    lastNonInteractiveAt: null,
  };
  expect(signIns().rows).toEqual([none]);
  expect(signIns(null).rows).toEqual([none]);
  expect(
    signIns({ lastSuccessfulSignInDateTime: "", lastSignInDateTime: "0001-01-01T00:00:00Z" }).rows,
  ).toEqual([none]);
});

test("each date goes to its own field", () => {
  expect(
    signIns({
      lastSuccessfulSignInDateTime: "2026-11-01T00:00:00Z",
      lastSignInDateTime: "2026-11-02T00:00:00Z",
      lastNonInteractiveSignInDateTime: "2026-11-03T00:00:00Z",
    }).rows,
  ).toMatchObject([
    {
      lastSuccessfulAt: "2026-11-01T00:00:00.000Z",
      lastInteractiveAt: "2026-11-02T00:00:00.000Z",
      lastNonInteractiveAt: "2026-11-03T00:00:00.000Z",
    },
  ]);
});

test.each([{ lastSuccessfulSignInDateTime: "soon" }, { lastSignInDateTime: 5 }, "never"])(
  "sign-in dates that cannot be read are no “never used”: %j",
  (activity) => {
    const { rows, quarantined } = signIns(activity);
    expect([rows.length, quarantined[0]?.field]).toEqual([0, "signInActivity"]);
  },
);
