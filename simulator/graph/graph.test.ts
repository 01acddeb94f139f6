import { describe, expect, it } from "vitest";
import { errorCode, rowsOf, testTenant } from "../testing/harness.ts";

const DIRECTORY =
  "/v1.0/users?$select=id,userPrincipalName,displayName,accountEnabled,userType,assignedLicenses,licenseAssignmentStates&$top=999";

type License = { skuId: string };
type State = { skuId: string; assignedByGroup: string | null; state: string };

describe("authentication and permissions", () => {
  it("refuses a missing, a broken and a foreign token with Microsoft's challenge", async () => {
    const { apps, store, spec } = await testTenant();
    const foreign = await store.keys.sign({
      aud: "https://management.azure.com",
      tid: spec.id,
      exp: 4_000_000_000,
    });
    for (const authorization of [undefined, "Bearer nonsense", `Bearer ${foreign}`]) {
      const response = await apps.graph.request("/v1.0/organization", {
        headers: authorization ? { authorization } : {},
      });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain(
        'client_id="00000003-0000-0000-c000-000000000000"',
      );
      expect(await response.json()).toMatchObject({
        error: { code: "InvalidAuthenticationToken" },
      });
    }
  });

  it("says so when a token has expired", async () => {
    const { graph, tenant } = await testTenant();
    tenant.knobs.tokenLifetimeSeconds = -5;
    const answer = await graph("/v1.0/organization");
    expect(answer.text).toContain("Lifetime validation failed, the token is expired.");
  });

  it.each([
    ["/v1.0/organization", "Organization.Read.All", "Authorization_RequestDenied"],
    ["/v1.0/subscribedSkus", "LicenseAssignment.Read.All", "Authorization_RequestDenied"],
    ["/v1.0/directory/subscriptions", "Organization.Read.All", "Authorization_RequestDenied"],
    ["/v1.0/users", "User.Read.All", "Authorization_RequestDenied"],
    ["/v1.0/groups", "GroupMember.Read.All", "Authorization_RequestDenied"],
    [
      "/v1.0/directory/deletedItems/microsoft.graph.user",
      "User.Read.All",
      "Authorization_RequestDenied",
    ],
    ["/v1.0/admin/reportSettings", "ReportSettings.Read.All", "Authorization_RequestDenied"],
    ["/v1.0/reports/getMailboxUsageDetail(period='D7')", "Reports.Read.All", "S2SUnauthorized"],
  ])("opens %s with %s only", async (path, permission, code) => {
    const without = await testTenant({ app: { permissions: ["Some.Other.Permission"] } });
    const refused = await without.graph(path);
    expect([refused.status, errorCode(refused)]).toEqual([403, code]);
    const { graph } = await testTenant({ app: { permissions: [permission] } });
    expect((await graph(path)).status).toBeLessThan(400);
  });

  it("does not open subscriptions with LicenseAssignment.Read.All", async () => {
    const { graph } = await testTenant({ app: { permissions: ["LicenseAssignment.Read.All"] } });
    expect((await graph("/v1.0/directory/subscriptions")).status).toBe(403);
  });

  it("needs AuditLog.Read.All and a premium tenant for signInActivity", async () => {
    const path = "/v1.0/users?$select=id,signInActivity&$top=10";
    const unpermitted = await testTenant({ app: { permissions: ["User.Read.All"] } });
    expect(errorCode(await unpermitted.graph(path))).toBe(
      "Authentication_MSGraphPermissionMissing",
    );
    const basic = await testTenant({ premium: false });
    expect(errorCode(await basic.graph(path))).toBe(
      "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    );
    const { graph } = await testTenant();
    expect((await graph(path)).status).toBe(200);
  });

  it("always sends the correlation headers", async () => {
    const { graph } = await testTenant();
    for (const path of ["/v1.0/organization", "/v1.0/users?$top=0"]) {
      const { headers } = await graph(path, {
        "client-request-id": "11111111-2222-4333-8444-555555555555",
      });
      expect(headers.get("client-request-id")).toBe("11111111-2222-4333-8444-555555555555");
      expect(headers.get("request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.parse(headers.get("x-ms-ags-diagnostic") ?? "{}")).toHaveProperty("ServerInfo");
      expect(headers.get("date")).not.toBeNull();
    }
    expect((await graph("/v1.0/subscribedSkus")).headers.get("x-ms-resource-unit")).toBe("3");
  });
});

describe("users", () => {
  it.each(["0", "1000", "-1", "ten"])("refuses $top=%s", async (top) => {
    const { graph } = await testTenant();
    const answer = await graph(`/v1.0/users?$top=${top}`);
    expect([answer.status, errorCode(answer)]).toEqual([400, "Request_UnsupportedQuery"]);
    expect(answer.text).toContain(
      `Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`,
    );
  });

  it("gives at most 500 rows with signInActivity, and 100 by default", async () => {
    const { graph } = await testTenant({ size: 600 });
    expect((await graph("/v1.0/users?$select=id,signInActivity&$top=501")).status).toBe(400);
    expect(
      rowsOf((await graph("/v1.0/users?$select=id,signInActivity&$top=500")).json),
    ).toHaveLength(500);
    expect(rowsOf((await graph("/v1.0/users?$select=id")).json)).toHaveLength(100);
  });

  it("returns exactly the selected properties, and refuses unknown ones", async () => {
    const { graph } = await testTenant();
    const [row] = rowsOf(
      (await graph("/v1.0/users?$select=id,department,onPremisesExtensionAttributes&$top=1")).json,
    );
    expect(Object.keys(row ?? {})).toEqual(["id", "department", "onPremisesExtensionAttributes"]);
    expect((await graph("/v1.0/users?$select=id,shoeSize")).text).toContain(
      "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
    );
  });

  it("leaves signInActivity out for people who never signed in", async () => {
    const { all } = await testTenant({ size: 600 });
    const { rows } = await all("/v1.0/users?$select=id,signInActivity&$top=500");
    const without = rows.filter((row) => !("signInActivity" in row));
    expect(without.length).toBeGreaterThan(20);
    expect(without.length).toBeLessThan(200);
  });

  it("answers $count only with ConsistencyLevel: eventual", async () => {
    const { graph } = await testTenant({ size: 321 });
    expect((await graph("/v1.0/users/$count")).status).toBe(400);
    const answer = await graph("/v1.0/users/$count", { ConsistencyLevel: "eventual" });
    expect([answer.text, answer.headers.get("content-type")]).toEqual(["321", "text/plain"]);
  });
});

describe("paging", () => {
  it("links on its own origin, keeps the query, and binds the token to query and tenant", async () => {
    const { graph, spec } = await testTenant({ size: 50 });
    const link = String((await graph("/v1.0/users?$select=id&$top=20")).json?.["@odata.nextLink"]);
    expect(link).toMatch(
      /^http:\/\/graph\.test\/v1\.0\/users\?\$select=id&\$top=20&\$skiptoken=[\w-]+$/,
    );
    expect(
      Buffer.from(link.split("$skiptoken=")[1] ?? "", "base64url").toString("latin1"),
    ).not.toContain(spec.id);
    expect((await graph(link)).status).toBe(200);
    expect((await graph(link.replace("$top=20", "$top=30"))).status).toBe(400);
    const other = await testTenant({ seed: "other" });
    expect((await other.graph(link)).status).toBe(400);
  });

  it("pages deliver what the truth says, user by user (1 200 users)", async () => {
    const { all, control, spec, graph } = await testTenant({ size: 1200, profile: "acquired" });
    const { rows, pages } = await all(DIRECTORY);
    expect(pages).toBe(2);
    const truth = (await (await control("GET", `/tenants/${spec.id}/truth`)).json()) as Truth;
    const assignments = ndjson<{ userId: string; skuId: string; held: boolean; origin: string }>(
      await (await control("GET", `/tenants/${spec.id}/truth/assignments`)).text(),
    );

    const delivered = rows.flatMap((row) =>
      (row.assignedLicenses as License[]).map(
        (license) =>
          `${row.id} ${license.skuId.toLowerCase()} ${originOf(row.licenseAssignmentStates as State[], license.skuId)}`,
      ),
    );
    expect(delivered.sort()).toEqual(
      assignments
        .filter((row) => row.held)
        .map((row) => `${row.userId} ${row.skuId} ${row.origin}`)
        .sort(),
    );
    expect(new Set(rows.map((row) => row.id)).size).toBe(1200);
    expect(rows.filter((row) => row.accountEnabled === false)).toHaveLength(truth.users.blocked);
    expect(rows.filter((row) => row.userType === "Guest")).toHaveLength(truth.users.guests);

    const listed = rowsOf((await graph("/v1.0/subscribedSkus")).json);
    expect(listed.map((sku) => [sku.skuId, sku.consumedUnits]).sort()).toEqual(
      truth.skus
        .filter((sku) => sku.listed)
        .map((sku) => [sku.skuId, sku.holders])
        .sort(),
    );
    expect(truth.skus.some((sku) => !sku.listed && sku.holders > 0)).toBe(true);
  });

  it("has subscriptions whose units add up to the pooled units of each SKU", async () => {
    const { all, graph } = await testTenant({ size: 400, profile: "acquired" });
    const { rows } = await all("/v1.0/directory/subscriptions?$top=5");
    const units = new Map<string, number>();
    for (const row of rows) {
      const key = `${row.skuId} ${String(row.status).toLowerCase()}`;
      units.set(key, (units.get(key) ?? 0) + Number(row.totalLicenses));
    }
    for (const sku of rowsOf((await graph("/v1.0/subscribedSkus")).json)) {
      const prepaid = sku.prepaidUnits as Record<string, number>;
      expect([prepaid.enabled, prepaid.warning, prepaid.suspended, prepaid.lockedOut]).toEqual(
        ["enabled", "warning", "suspended", "lockedout"].map(
          (status) => units.get(`${sku.skuId} ${status}`) ?? 0,
        ),
      );
      expect(sku.subscriptionIds).toEqual(
        rows.filter((row) => row.skuId === sku.skuId).map((row) => row.id),
      );
    }
  });
});

describe("other directory calls", () => {
  it("describes the organisation", async () => {
    const { graph, spec } = await testTenant();
    const rows = rowsOf((await graph("/v1.0/organization")).json);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: spec.id, displayName: "test", tenantType: "AAD" });
  });

  it("refuses query options that subscribedSkus does not have", async () => {
    const { graph } = await testTenant();
    expect((await graph("/v1.0/subscribedSkus?$top=5")).status).toBe(400);
    expect(
      Object.keys(
        rowsOf((await graph("/v1.0/subscribedSkus?$select=skuId,consumedUnits")).json)[0] ?? {},
      ),
    ).toEqual(["skuId", "consumedUnits"]);
  });

  it("filters groups by licenses only as an advanced query", async () => {
    const { graph, tenant } = await testTenant();
    const path =
      "/v1.0/groups?$select=id,displayName,assignedLicenses,licenseProcessingState&$filter=assignedLicenses/$count ne 0&$count=true&$top=999";
    expect((await graph(path)).status).toBe(400);
    const { json } = await graph(path, { ConsistencyLevel: "eventual" });
    expect(rowsOf(json).map((group) => group.id)).toEqual(
      tenant.seed().groups.map((group) => group.id),
    );
    expect(json?.["@odata.count"]).toBe(5);
  });

  it("lists deleted users who are not in the list of users", async () => {
    const { all } = await testTenant({ size: 800 });
    const listed = new Set(
      (await all("/v1.0/users?$select=id&$top=999")).rows.map((row) => row.id),
    );
    const { rows } = await all(
      "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime,assignedLicenses&$top=999",
    );
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      expect(listed.has(row.id)).toBe(false);
      expect(row.deletedDateTime).toMatch(/^2026-1[01]-\d\dT/);
    }
  });
});

type Truth = {
  users: { blocked: number; guests: number };
  skus: { skuId: string; listed: boolean; holders: number }[];
};

function ndjson<T>(text: string): T[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Origin as DESIGN §5 derives it from the states of one SKU. */
function originOf(states: State[], skuId: string): string {
  const working = states.filter(
    (state) => state.skuId === skuId.toLowerCase() && !["Error", "Disabled"].includes(state.state),
  );
  const direct = working.some((state) => state.assignedByGroup === null);
  const group = working.some((state) => state.assignedByGroup !== null);
  return direct && group ? "both" : direct ? "direct" : group ? "group" : "unknown";
}
