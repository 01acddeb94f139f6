import { describe, expect, it } from "vitest";
import { credentials } from "../defaults.ts";
import { testTenant } from "../testing/harness.ts";

describe("control API", () => {
  it("creates a tenant whose credentials work at once, and removes it", async () => {
    const { control, requestToken } = await testTenant();
    const created = await control("POST", "/tenants", {
      seed: "made on the fly",
      size: 25,
      profile: "small",
    });
    expect(created.status).toBe(201);
    const tenant = (await created.json()) as {
      id: string;
      people: { role: string }[];
      apps: { clientId: string; secrets: { value: string }[] }[];
    };
    expect(tenant.people.map((person) => person.role)).toEqual([
      "global-administrator",
      "privileged-role-administrator",
      "eligible-administrator",
      "employee",
      "guest",
    ]);
    const credentials = {
      grant_type: "client_credentials",
      client_id: tenant.apps[0]?.clientId ?? "",
      client_secret: tenant.apps[0]?.secrets[0]?.value ?? "",
      scope: "https://graph.microsoft.com/.default",
    };
    expect((await requestToken(credentials, tenant.id)).status).toBe(200);
    expect((await control("POST", "/tenants", { seed: "made on the fly" })).status).toBe(409);
    expect((await control("DELETE", `/tenants/${tenant.id}`)).status).toBe(204);
    expect((await requestToken(credentials, tenant.id)).status).toBe(400);
  });

  it("makes the same tenant from the same seed", async () => {
    const [a, b] = [await testTenant(), await testTenant()];
    expect(a.spec).toEqual(b.spec);
    expect(await (await a.control("GET", `/tenants/${a.spec.id}/truth/users`)).text()).toBe(
      await (await b.control("GET", `/tenants/${b.spec.id}/truth/users`)).text(),
    );
  });

  it("consents, declines one permission and revokes without the pages", async () => {
    const { control, spec, tenant } = await testTenant();
    const path = `/tenants/${spec.id}/apps/${credentials.multiTenantApp.clientId}`;
    expect((await control("PATCH", path, { permissions: [] })).status).toBe(404);
    expect((await control("PUT", path)).status).toBe(200);
    await control("PATCH", path, { permissions: ["Organization.Read.All", "User.Read.All"] });
    expect([
      ...(tenant.servicePrincipals.get(credentials.multiTenantApp.clientId)?.permissions ?? []),
    ]).toEqual(["Organization.Read.All", "User.Read.All"]);
    await control("DELETE", path);
    expect(tenant.servicePrincipals.has(credentials.multiTenantApp.clientId)).toBe(false);
  });

  it("turns knobs while it runs", async () => {
    const { control, spec, graph } = await testTenant();
    const signIns = "/v1.0/users?$select=id,signInActivity&$top=5";
    expect((await graph(signIns)).status).toBe(200);
    await control("PATCH", `/tenants/${spec.id}/knobs`, { premium: false, concealedNames: true });
    expect((await graph(signIns)).status).toBe(403);
    expect((await graph("/v1.0/admin/reportSettings")).json).toMatchObject({
      displayConcealedNames: true,
    });
  });

  it.each([
    ["PUT", "/tenants/ID/faults", [{ kind: "unheard-of" }]],
    ["PATCH", "/tenants/ID/knobs", { premium: "no" }],
    ["POST", "/tenants", { seed: "x", size: 5 }],
    ["POST", "/tenants", { seed: "x", size: 1_000_001 }],
  ])("refuses a wrong body: %s %s %j", async (method, path, body) => {
    const { control, spec } = await testTenant();
    expect((await control(method, path.replace("ID", spec.id), body)).status).toBe(400);
  });

  it("answers 404 for an unknown tenant", async () => {
    const { control } = await testTenant();
    expect((await control("GET", "/tenants/nobody/truth")).status).toBe(404);
  });
});
