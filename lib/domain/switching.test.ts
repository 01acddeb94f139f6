import { expect, it } from "vitest";
import { choicesOf, obstacleText } from "./switching.ts";

it.each([
  [["a"], /^1 tenant has no successor in SaaS Management\. Choose whether its licenses are/],
  [["a", "b"], /^2 tenants have no successor in SaaS Management\. Choose for each whether/],
])("asks for a choice for %j and says what the numbers take meanwhile", (tenantIds, text) => {
  const said = obstacleText({ kind: "undecided-tenants", tenantIds }, "saas-management");
  expect(said).toMatch(text);
  expect(said).toMatch(/until then the numbers here take them as retired\.$/);
});

it("lists the choice made for each tenant", () => {
  expect(choicesOf({ keptTenantIds: ["a"], retiredTenantIds: ["b"] })).toEqual([
    { tenantId: "a", choice: "keep" },
    { tenantId: "b", choice: "retire" },
  ]);
});
