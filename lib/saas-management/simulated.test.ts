import { afterAll, beforeAll, expect, it } from "vitest";
import { createFetch } from "#lib/http/transport";
import { createTestClock } from "#lib/microsoft/testing/client";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import { truthOf } from "#simulator/store/truth";
import { createSaasManagementClient } from "./client.ts";
import type { AppUser, ManagedApp, Mapped } from "./map.ts";
import { originsOfRegion } from "./regions.ts";
import type { SaasCredential } from "./token.ts";

let simulator: Simulator;
const tenants = ["north", "south"].map((seed) =>
  tenantFromRequest({ seed, size: 200, profile: "acquired" }),
);
const orgId = "28010";
const credential = { kind: "refresh-token", refreshToken: "refresh" } as const;

beforeAll(async () => {
  simulator = await createSimulator({ tenants });
});
afterAll(() => simulator?.close());

/** The client of an organisation as it is now. */
async function clientOf(
  organisation: Partial<OrganisationRequest> = {},
  given: SaasCredential = credential,
) {
  const response = await fetch(
    `${simulator.loginOrigin}/_simulator/saas-management/organisations`,
    {
      method: "PUT",
      body: JSON.stringify({
        id: orgId,
        tenantIds: tenants.map(({ id }) => id),
        refreshToken: "refresh",
        client: { id: "service", secret: "s3cret" },
        pageSize: 7,
        ...organisation,
      }),
    },
  );
  expect(response.status).toBe(200);
  return createSaasManagementClient({
    origins: originsOfRegion("na", simulator.loginOrigin),
    orgId,
    credential: given,
    fetch: createFetch(),
    ...createTestClock(Date.now()),
  });
}

const read = () => ({ signal: new AbortController().signal });
const all = async <T>(pages: AsyncGenerator<Mapped<T>, void>): Promise<readonly T[]> => {
  const rows: T[] = [];
  for await (const { rows: page, quarantined, notes } of pages) {
    expect([quarantined, notes]).toEqual([0, []]);
    rows.push(...page);
  }
  return rows;
};

it.each([
  credential,
  { kind: "service-account", clientId: "service", clientSecret: "s3cret" } as const,
])("reads a tenant's licenses and people as Microsoft has them, as $kind", async (given) => {
  const client = await clientOf({}, given);
  const apps = await all(client.managedApps("licenseUsage", read()));
  expect(apps.map(({ name }) => name)).toEqual(tenants.map(({ name }) => `Microsoft 365 ${name}`));
  for (const [index, spec] of tenants.entries()) {
    const tenant = simulator.store.findTenant(spec.id);
    if (tenant === undefined) throw new Error("the tenant is there");
    const truth = await truthOf(tenant);
    const app = apps[index] as ManagedApp;
    const users = await all(client.appUsers(app.id, read()));
    const holders = (partNumber: string) =>
      users.filter(({ skus }) => skus.includes(partNumber)).length;
    for (const sku of truth.skus) expect(holders(sku.partNumber ?? "")).toBe(sku.holders);
    expect(app.licenses.length).toBeGreaterThan(5);
    expect(app.licenses.every(({ terms }) => (terms[0]?.units ?? -1) >= 0)).toBe(true);
    expect(users.some((user: AppUser) => user.deactivatedAt !== null)).toBe(true);
    expect(new Set(users.map(({ uniqueId }) => uniqueId)).size).toBe(users.length);
  }
});

it("reads the application below one by its own address", async () => {
  const client = await clientOf();
  const [app] = await all(client.managedApps("extended", read()));
  const [child] = await all(client.childApps(app as ManagedApp, "extended", read()));
  expect(child).toMatchObject({ appName: "Visio", licenses: [] });
});

it.each([
  ["a role that is missing", [{ kind: "status", status: 403, times: 9 }], "saas-role-missing"],
  ["a list that ends early", [{ kind: "short-list" }], "unreadable-response"],
  ["a page that leads to itself", [{ kind: "next-page", to: "same" }], "link-loop"],
  ["a page elsewhere", [{ kind: "next-page", to: "https://evil.example/x" }], "link-refused"],
] as const)("%s is no complete read", async (_title, faults, code) => {
  const client = await clientOf({ faults: [...faults] });
  await expect(all(client.appUsers("4001", read()))).rejects.toMatchObject({ failure: { code } });
});

it("waits for a limit and goes on through a fault that passes", async () => {
  const limited = { kind: "status", status: 429, retryAfter: "3" } as const;
  const client = await clientOf({ faults: [limited, { kind: "status", status: 502 }] });
  expect(await all(client.managedApps("extended", read()))).toHaveLength(2);
});

it("refuses a credential that is not its own, and an organisation of somebody else", async () => {
  const stranger = await clientOf({}, { kind: "refresh-token", refreshToken: "old" });
  await expect(all(stranger.managedApps("extended", read()))).rejects.toMatchObject({
    failure: { class: "credential", code: "saas-credential-refused" },
  });
  await clientOf();
  const elsewhere = createSaasManagementClient({
    origins: originsOfRegion("na", simulator.loginOrigin),
    orgId: "1",
    credential,
    fetch: createFetch(),
  });
  await expect(all(elsewhere.managedApps("extended", read()))).rejects.toMatchObject({
    failure: { class: "tenant", code: "saas-not-found" },
  });
});

it.each(["without-units", "missing", "backwards"] as const)(
  "terms %s leave the units unknown, never 0",
  async (shape) => {
    const client = await clientOf({ faults: [{ kind: "terms", shape }] });
    for await (const { rows } of client.managedApps("licenseUsage", read())) {
      const terms = rows.flatMap(({ licenses }) => licenses.flatMap((license) => license.terms));
      expect(terms.every(({ units }) => units === null)).toBe(true);
      expect(terms.length > 0).toBe(shape !== "missing");
    }
  },
);
