import fc from "fast-check";
import { expect, test } from "vitest";
import { toUser } from "../map-user.ts";
import { mapRows } from "../rows.ts";
import { assignedLicenseWire, assignmentStateWire, userEssentials, userWire } from "./user.ts";

const guid = fc.uuid();
const guidInAnyCase = fc.oneof(
  { weight: 4, arbitrary: guid },
  guid.map((id) => id.toUpperCase()),
);
/** What should be there, or anything else at all. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 12, arbitrary },
    fc.constantFrom(null, undefined, "", 0, true),
    fc.jsonValue({ maxDepth: 1 }),
  );
const text = mostly(fc.string({ unit: "binary", maxLength: 12 }));
const license = mostly(
  fc.record(
    { skuId: mostly(guidInAnyCase), disabledPlans: mostly(fc.array(guidInAnyCase)) },
    { requiredKeys: [] },
  ),
);
const state = mostly(
  fc.record(
    {
      skuId: mostly(guidInAnyCase),
      assignedByGroup: mostly(guidInAnyCase),
      state: mostly(fc.constantFrom("Active", "ACTIVE", "ActiveWithError", "Error", "Disabled")),
      error: mostly(fc.constantFrom("None", "none", "CountViolation")),
      lastUpdatedDateTime: mostly(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
    },
    { requiredKeys: [] },
  ),
);
const user = fc.record(
  {
    id: mostly(guidInAnyCase),
    assignedLicenses: mostly(fc.array(license, { maxLength: 3 })),
    licenseAssignmentStates: mostly(fc.array(state, { maxLength: 3 })),
    userPrincipalName: text,
    displayName: text,
    accountEnabled: mostly(fc.boolean()),
    userType: text,
    createdDateTime: text,
    onPremisesSyncEnabled: mostly(fc.boolean()),
    somethingNew: fc.jsonValue(),
  },
  { requiredKeys: ["id", "assignedLicenses"] },
);

test("what passes for plain passes the schema, unchanged", () => {
  const plain = { user: 0, license: 0, state: 0 };
  const check =
    (
      name: keyof typeof plain,
      shape: typeof userWire | typeof assignedLicenseWire | typeof assignmentStateWire,
    ) =>
    (value: unknown) => {
      if (!shape.isPlain(value)) return;
      plain[name] += 1;
      expect(value).toMatchObject(shape.schema.parse(value));
    };
  fc.assert(fc.property(user, check("user", userWire)), { numRuns: 500 });
  fc.assert(fc.property(license, check("license", assignedLicenseWire)));
  fc.assert(fc.property(state, check("state", assignmentStateWire)));
  for (const found of Object.values(plain)) expect(found).toBeGreaterThan(10);
});

test("a row becomes the same whether it is taken for plain or not", () => {
  fc.assert(
    fc.property(fc.array(user, { maxLength: 4 }), (values) => {
      expect(mapRows(values, userWire, toUser, userEssentials)).toEqual(
        mapRows(values, userWire.schema, toUser, userEssentials),
      );
    }),
    { numRuns: 300 },
  );
});

test("a row as Graph sends it is plain; one with an id in capitals is not, and means the same", () => {
  const sent = {
    id: "ba0fba16-f608-4905-8f5d-bdb29b4b1a45",
    displayName: "Ava Davies",
    mail: null,
    accountEnabled: true,
    assignedLicenses: [{ skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965", disabledPlans: [] }],
    licenseAssignmentStates: [],
  };
  const capitals = { ...sent, id: sent.id.toUpperCase() };
  expect([sent, capitals].map(userWire.isPlain)).toEqual([true, false]);
  const { rows } = mapRows([sent, capitals], userWire, toUser, userEssentials);
  expect(rows[0]).toEqual(rows[1]);
});
