import { describe, expect, it } from "vitest";
import { createSimulator } from "../create-simulator.ts";
import type { SeedUser } from "../seed/user.ts";
import { tenantFromRequest } from "../specs.ts";
import { createTenant, type Tenant } from "../store/tenant.ts";
import { appUsers, countAppUsers, firstPlace, readPlace, writtenPlace } from "./app-users.ts";
import { type OrganisationRequest, organisationSchema } from "./organisation.ts";

const today = () => 20_000;
const tenantOf = (size: number) =>
  createTenant(tenantFromRequest({ seed: "app users", size, profile: "acquired" }), today);

const organisationOf = (given: Partial<OrganisationRequest> = {}) => ({
  ...organisationSchema.parse({ id: "1", tenantIds: [crypto.randomUUID()], ...given }),
  tokens: new Map<string, number>(),
  requests: { total: 0, appUsers: 0 },
});

/** Ids of an application's accounts, `pageSize` at a time, each page from the place the one before wrote. */
function paged(
  organisation: ReturnType<typeof organisationOf>,
  tenant: Tenant,
  which: "own" | "below",
) {
  const ids: string[] = [];
  let place = firstPlace;
  for (;;) {
    const page = [...appUsers(organisation, tenant, which, place).take(organisation.pageSize)];
    ids.push(...page.map(({ user }) => user.id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    place = readPlace(writtenPlace(last.next)) ?? firstPlace;
  }
}

describe("accounts of an application", () => {
  it.each<[string, Partial<OrganisationRequest>, "own" | "below"]>([
    ["all", {}, "own"],
    ["some left out", { leaveOutEvery: 7 }, "own"],
    ["of the application below", { below: ["ENTERPRISEPACK", "SPE_E3"] }, "below"],
    ["above it", { below: ["ENTERPRISEPACK", "SPE_E3"], leaveOutEvery: 3 }, "own"],
  ])("%s: pages give each once, and as many as are counted", async (_, given, which) => {
    const organisation = organisationOf({ ...given, pageSize: 13 });
    const tenant = tenantOf(400);
    const whole = [...appUsers(organisation, tenant, which)].map(({ user }) => user);
    expect(paged(organisation, tenant, which)).toEqual(whole.map(({ id }) => id));
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
    expect(whole.every(({ licenses }) => licenses.length > 0)).toBe(true);
    expect(await countAppUsers(organisation, tenant, which)).toEqual({
      all: whole.length,
      active: whole.filter(({ enabled }) => enabled).length,
    });
    if (which === "own") expect(whole.length).toBeGreaterThan(100);
  });

  it("a page late in a million accounts computes its own alone", () => {
    const tenant = tenantOf(1_000_000);
    let computed = 0;
    function* counting(index?: number): Generator<readonly [number, SeedUser]> {
      for (const one of tenant.consumersFrom(index)) {
        computed += 1;
        yield one;
      }
    }
    const place = { index: 990_000, before: 990_000 };
    const page = appUsers(organisationOf(), { ...tenant, consumersFrom: counting }, "own", place);
    expect([...page.take(500)]).toHaveLength(500);
    expect(computed).toBeLessThan(1000);
  });
});

it("tells the truth of those who hold a license: seats of everybody who is not deactivated", async () => {
  const spec = tenantFromRequest({ seed: "app users", size: 400, profile: "acquired" });
  const simulator = await createSimulator({ tenants: [spec] });
  try {
    const home = `${simulator.loginOrigin}/_simulator/saas-management/organisations`;
    const body = JSON.stringify({ id: "1", tenantIds: [spec.id], below: ["SPE_E3"] });
    expect((await fetch(home, { method: "PUT", body })).status).toBe(200);
    const lines = async <T>(what: string): Promise<T[]> => {
      const text = await (await fetch(`${home}/1/tenants/${spec.id}/truth/${what}`)).text();
      return text
        .split("\n")
        .filter(Boolean)
        .map((line): T => JSON.parse(line));
    };
    const users = await lines<{ userId: string; deactivated: boolean }>("users");
    const seats = await lines<{ userId: string; skuId: string; held: boolean }>("assignments");
    const consumers = [...(simulator.store.findTenant(spec.id)?.consumers() ?? [])];
    const holders = consumers.filter(({ licenses }) => licenses.length > 0);
    expect(holders.length).toBeLessThan(consumers.length);
    expect(users).toEqual(
      holders.map(({ id, enabled }) => ({ userId: id, deactivated: !enabled })),
    );
    const seatsOf = holders.filter(({ enabled }) => enabled).flatMap(({ licenses }) => licenses);
    expect(seats).toHaveLength(seatsOf.length);
    expect(seats.every(({ held }) => held)).toBe(true);
  } finally {
    await simulator.close();
  }
});
