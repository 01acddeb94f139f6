import { describe, expect, it } from "vitest";
import { demoTenants } from "../demo/tenants.ts";
import { tenantFromRequest } from "../specs.ts";
import { dayOf } from "./days.ts";
import { subscribedSkusOf } from "./subscriptions.ts";
import { seedTenant } from "./tenant.ts";
import { totalsOf } from "./totals.ts";
import { usageAt } from "./usage.ts";
import { userAt } from "./user.ts";

const today = dayOf(new Date("2026-11-23T00:00:00Z"));
const tenantOf = (size: number, profile: "tidy" | "acquired" | "small" = "tidy", seed = "seed") =>
  seedTenant(tenantFromRequest({ seed, size, profile }), today);

function* usersOf(tenant: ReturnType<typeof tenantOf>) {
  for (let i = 0; i < tenant.size; i += 1) yield userAt(tenant, i);
}

describe("userAt", () => {
  it("gives the same user for the same seed and index, in any order", () => {
    const backwards = [700, 3, 41].map((i) => userAt(tenantOf(1000), i));
    expect([41, 3, 700].map((i) => userAt(tenantOf(1000), i))).toEqual(backwards.reverse());
  });

  it("gives other users for another seed", () => {
    expect(userAt(tenantOf(100, "tidy", "other"), 50).id).not.toBe(userAt(tenantOf(100), 50).id);
  });

  it("does not depend on the tenant's size", () => {
    expect(userAt(tenantOf(100), 50)).toEqual(userAt(tenantOf(50_000), 50));
  });

  it("never repeats an id, a user principal name or a SKU of one user", () => {
    const ids = new Set<string>();
    const names = new Set<string>();
    for (const user of usersOf(tenantOf(20_000, "acquired"))) {
      ids.add(user.id);
      names.add(user.userPrincipalName.toLowerCase());
      const skuIds = user.licenses.map((license) => license.sku.skuId);
      expect(new Set(skuIds).size).toBe(skuIds.length);
    }
    expect(ids.size).toBe(20_000);
    expect(names.size).toBe(20_000);
  });

  it("puts the tenant's people first, with their fixed ids", () => {
    const contoso = demoTenants()[0];
    if (!contoso) throw new Error("no demo tenant");
    const tenant = seedTenant(contoso, today);
    expect(contoso.people.map((_, i) => userAt(tenant, i).id)).toEqual(
      contoso.people.map((person) => person.oid),
    );
    expect(userAt(tenant, 4)).toMatchObject({
      userType: "Guest",
      mail: "sam.whitlock@tailspin.example",
    });
  });

  it("keeps every date of a user consistent", () => {
    const tenant = tenantOf(5000, "acquired");
    for (const user of usersOf(tenant)) {
      expect(user.created).toBeLessThanOrEqual(today);
      if (user.lastActive !== null) expect(user.lastActive).toBeGreaterThanOrEqual(user.created);
      const usage = usageAt(tenant, user, today - 2);
      for (const day of [
        usage.exchange,
        usage.teams,
        usage.oneDrive,
        usage.sharePoint,
        usage.apps,
      ]) {
        if (day === null) continue;
        expect(day).toBeLessThanOrEqual(Math.min(user.lastActive ?? 0, today - 2));
        expect(day).toBeGreaterThanOrEqual(user.created);
      }
      for (const license of user.licenses) {
        for (const row of license.rows) expect(row.updated).toBeGreaterThanOrEqual(user.created);
      }
    }
  });

  it("mixes the kinds of accounts a real tenant has", () => {
    const users = [...usersOf(tenantOf(5000))];
    const share = (test: (user: (typeof users)[number]) => boolean) =>
      users.filter(test).length / users.length;
    expect(share((user) => user.userType === "Guest")).toBeCloseTo(0.02, 1);
    expect(share((user) => user.kind === "shared-mailbox")).toBeGreaterThan(0.01);
    expect(share((user) => user.kind === "room")).toBeGreaterThan(0.004);
    expect(share((user) => !user.enabled && user.kind === "person")).toBeCloseTo(0.03, 1);
    expect(share((user) => user.kind === "person" && user.lastActive === null)).toBeCloseTo(
      0.05,
      1,
    );
    expect(
      share((user) => user.lastActive !== null && user.lastActive < today - 90),
    ).toBeGreaterThan(0.09);
    expect(
      users.some(
        (user) => (user.mailbox?.bytes ?? 0) > 50 * 2 ** 30 && user.kind === "shared-mailbox",
      ),
    ).toBe(true);
  });
});

describe("subscribedSkusOf", () => {
  it("gives a messy tenant an orphan, an over-consumed, a suspended-only and a grace-dependent SKU", async () => {
    const tenant = tenantOf(800, "acquired", "fabrikam");
    const totals = await totalsOf(usersOf(tenant));
    const rows = subscribedSkusOf(tenant, totals);
    const of = (key: string) => {
      const row = rows.find((candidate) => candidate.sku.key === key);
      if (!row) throw new Error(`no ${key}`);
      return { ...row, consumed: totals.skus.get(row.sku.skuId)?.holders ?? 0 };
    };
    expect(of("EXCHANGESTANDARD")).toMatchObject({ listed: false });
    expect(of("EXCHANGESTANDARD").consumed).toBeGreaterThan(0);
    expect(of("ENTERPRISEPACK").consumed).toBeGreaterThan(of("ENTERPRISEPACK").units.enabled);
    expect(of("VISIOCLIENT").units).toMatchObject({ enabled: 0, warning: 0 });
    const grace = of("SPE_E3");
    expect(grace.consumed).toBeGreaterThan(grace.units.enabled);
    expect(grace.consumed).toBeLessThanOrEqual(grace.units.enabled + grace.units.warning);
    expect(grace.subscriptionIds).toHaveLength(3);
  });

  it("has group errors, direct and group doubles, and holders of unknown origin", async () => {
    const { skus } = await totalsOf(usersOf(tenantOf(3000, "acquired")));
    const sum = (field: "errors" | "both" | "unknown") =>
      [...skus.values()].reduce((total, sku) => total + sku[field], 0);
    expect(sum("errors")).toBeGreaterThan(10);
    expect(sum("both")).toBeGreaterThan(10);
    expect(sum("unknown")).toBeGreaterThan(5);
  });
});
