import { expect, test } from "vitest";
import type { AssignmentRow, UserRow } from "#lib/import/ports";
import { toUser } from "./map-user.ts";
import { mapRows } from "./rows.ts";
import { userEssentials, userWire } from "./wire/user.ts";

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const e5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
const plan = "8c098270-9dd4-4350-9b30-ba4703f3b36b";
const groupA = "aaaaaaaa-0000-4000-8000-000000000001";
const groupB = "bbbbbbbb-0000-4000-8000-000000000002";
const id = "11111111-1111-4111-8111-111111111111";

const map = (...values: unknown[]) => mapRows(values, userWire, toUser, userEssentials);
const user = (more: object = {}) => ({ id, assignedLicenses: [], ...more });

function only(row: object): UserRow {
  const [first] = map(row).rows;
  if (!first) throw new Error("the row was refused");
  return first;
}

const assignments = (assignedLicenses: unknown, licenseAssignmentStates: unknown) =>
  only(user({ assignedLicenses, licenseAssignmentStates })).assignments;

const held = (more: Partial<AssignmentRow> = {}): AssignmentRow => ({
  skuId: e3,
  holds: true,
  direct: false,
  groupIds: [],
  inError: false,
  error: null,
  assignedAt: null,
  disabledPlanIds: [],
  ...more,
});
const state = (more: object = {}) => ({
  skuId: e3,
  state: "Active",
  error: "None",
  assignedByGroup: null,
  ...more,
});

test("a complete row", () => {
  const row = only({
    id: id.toUpperCase(),
    userPrincipalName: "anna@contoso.com",
    displayName: "Anna",
    mail: null,
    accountEnabled: false,
    userType: "Guest",
    createdDateTime: "2024-02-29T12:00:00Z",
    usageLocation: "GB",
    department: "Sales",
    onPremisesSyncEnabled: true,
    assignedLicenses: [{ skuId: e3.toUpperCase(), disabledPlans: [plan.toUpperCase()] }],
    licenseAssignmentStates: [
      state({ skuId: e3.toUpperCase(), lastUpdatedDateTime: "2026-10-01T08:30:00Z" }),
    ],
    somethingNew: { nested: true },
  });
  expect(row).toEqual({
    userId: id,
    userPrincipalName: "anna@contoso.com",
    displayName: "Anna",
    mail: null,
    accountEnabled: false,
    userType: "Guest",
    createdAt: "2024-02-29T12:00:00.000Z",
    usageLocation: "GB",
    country: null,
    city: null,
    department: "Sales",
    jobTitle: null,
    companyName: null,
    officeLocation: null,
    employeeId: null,
    employeeType: null,
    onPremisesSynced: true,
    assignments: [
      held({ direct: true, assignedAt: "2026-10-01T08:30:00.000Z", disabledPlanIds: [plan] }),
    ],
  });
});

test.each([
  ["no assignedLicenses", { id }, "assignedLicenses"],
  ["null assignedLicenses", { id, assignedLicenses: null }, "assignedLicenses"],
  [
    "a license without its id",
    user({ assignedLicenses: [{ disabledPlans: [] }] }),
    "assignedLicenses",
  ],
  [
    "unreadable disabled plans",
    user({ assignedLicenses: [{ skuId: e3, disabledPlans: "all" }] }),
    "assignedLicenses",
  ],
  ["no id", { assignedLicenses: [] }, "id"],
  ["an id that is no GUID", { id: "anna", assignedLicenses: [] }, "id"],
  ["text for a row", "anna", "row"],
  ["null for a row", null, "row"],
])("a row with %s is quarantined, naming the field and no value", (_, row, field) => {
  const { rows, quarantined } = map(row);
  expect(rows).toEqual([]);
  expect(quarantined).toEqual([{ field, problem: expect.stringMatching(/^[a-z_]+$/) }]);
});

test("any other broken field costs that field only, and is noted", () => {
  const { rows, quarantined, unexpected } = map(
    user({
      assignedLicenses: [{ skuId: e3, disabledPlans: [] }],
      accountEnabled: "yes",
      displayName: 7,
      createdDateTime: "long ago",
      licenseAssignmentStates: "none",
      userType: "Robot",
    }),
  );
  expect(quarantined).toEqual([]);
  expect(rows).toMatchObject([
    {
      accountEnabled: null,
      displayName: null,
      createdAt: null,
      userType: "Robot",
      assignments: [held()],
    },
  ]);
  expect(unexpected.toSorted()).toEqual([
    "accountEnabled",
    "createdDateTime",
    "displayName",
    "licenseAssignmentStates",
    "userType",
  ]);
});

test("one bad row does not touch the others", () => {
  const { rows, quarantined } = map(user(), { id }, user());
  expect([rows.length, quarantined.length]).toEqual([2, 1]);
});

test("a hostile key is a property like any other", () => {
  const row = JSON.parse(
    `{"id":"${id}","assignedLicenses":[],"displayName":3,"__proto__":{"mail":"x"}}`,
  );
  expect(only(row).mail).toBeNull();
  expect("mail" in {}).toBe(false);
});

test("direct and group assignments of one SKU are one seat with both origins", () => {
  const rows = assignments(
    [{ skuId: e3, disabledPlans: null }],
    [
      state({ lastUpdatedDateTime: "2026-10-05T00:00:00Z" }),
      state({ assignedByGroup: groupA, lastUpdatedDateTime: "2026-10-02T00:00:00Z" }),
      state({ assignedByGroup: groupB.toUpperCase() }),
      state({ assignedByGroup: groupA }),
    ],
  );
  expect(rows).toEqual([
    held({ direct: true, groupIds: [groupA, groupB], assignedAt: "2026-10-02T00:00:00.000Z" }),
  ]);
});

test("rows in state Error and Disabled give no origin and no date", () => {
  const date = { lastUpdatedDateTime: "2020-01-01T00:00:00Z" };
  expect(
    assignments(
      [{ skuId: e3 }],
      [
        state({ state: "Disabled", ...date }),
        state({ state: "Error", error: "CountViolation", assignedByGroup: groupA, ...date }),
      ],
    ),
  ).toEqual([held({ inError: true, error: "CountViolation" })]);
});

test("a working row with an error counts on both sides", () => {
  expect(
    assignments(
      [{ skuId: e3 }],
      [state({ state: "ActiveWithError", error: "Other", assignedByGroup: groupA })],
    ),
  ).toEqual([held({ groupIds: [groupA], inError: true, error: "Other" })]);
});

test("an Active row with an error text is no error", () => {
  expect(assignments([{ skuId: e3 }], [state({ error: "CountViolation" })])).toEqual([
    held({ direct: true }),
  ]);
});

test("a SKU that is not held appears only when its assignment is in error, without an origin", () => {
  expect(
    assignments(
      [],
      [
        state({ skuId: e5, state: "Error", error: "CountViolation", assignedByGroup: groupA }),
        state({ skuId: e3 }),
      ],
    ),
  ).toEqual([held({ skuId: e5, holds: false, inError: true, error: "CountViolation" })]);
});

test("a held SKU without a row has no origin", () => {
  expect(assignments([{ skuId: e3 }], null)).toEqual([held()]);
  expect(assignments([{ skuId: e3 }], [])).toEqual([held()]);
});

test("a SKU listed twice is held once", () => {
  expect(
    assignments(
      [
        { skuId: e3, disabledPlans: [plan] },
        { skuId: e3.toUpperCase(), disabledPlans: [] },
      ],
      [],
    ),
  ).toEqual([held({ disabledPlanIds: [plan] })]);
});

test("unknown states and errors are noted, and count as working", () => {
  const { rows, unexpected } = map(
    user({
      assignedLicenses: [{ skuId: e3 }],
      licenseAssignmentStates: [
        state({ state: "Pending", error: "MoonPhaseViolation" }),
        { skuId: 1 },
      ],
    }),
  );
  expect(rows[0]?.assignments).toEqual([held({ direct: true })]);
  expect(unexpected.toSorted()).toEqual([
    "licenseAssignmentStates",
    "licenseAssignmentStates.error",
    "licenseAssignmentStates.state",
  ]);
});

test.each([null, "", "None", "none"])("the error word %j means none", (error) => {
  const { unexpected } = map(user({ licenseAssignmentStates: [state({ error })] }));
  expect(unexpected).toEqual([]);
});
