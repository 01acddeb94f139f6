import { describe, expect, it } from "vitest";
import { createClouds } from "./apps.ts";
import { type CloudName, cloudFacts, cloudNames } from "./clouds.ts";
import { defaultApps, nationalApps } from "./defaults.ts";
import { tenantFromRequest } from "./specs.ts";
import type { OriginsByCloud } from "./store/store.ts";

const appUrl = "http://app.test";
const at = (name: string) => ({
  login: `http://login.${name}`,
  graph: `http://graph.${name}`,
  reports: "http://reports.test",
});
const origins: OriginsByCloud = {
  global: at("global"),
  "us-gov-l4": at("gov"),
  "us-gov-l5": { ...at("gov"), graph: "http://graph.dod" },
  china: at("china"),
};
const specs = cloudNames.map((cloud) =>
  tenantFromRequest({ seed: `of ${cloud}`, cloud, size: 12 }),
);
const specOf = (cloud: CloudName) => {
  const spec = specs.find((each) => each.cloud === cloud);
  if (!spec) throw new Error(`no tenant in ${cloud}`);
  return spec;
};

const world = await createClouds(origins, {
  tenants: specs,
  apps: defaultApps([appUrl]),
  nationalApps: nationalApps([appUrl]),
});
const appsOf = (cloud: CloudName) => {
  const played = world.clouds.get(cloud);
  if (!played) throw new Error(`${cloud} is not played`);
  return played.apps;
};

const tokenFrom = (login: CloudName, tenant: CloudName, scopeOf = tenant) => {
  const { id, apps } = specOf(tenant);
  return appsOf(login).login.request(`/${id}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: apps[0]?.clientId ?? "",
      client_secret: apps[0]?.secrets[0]?.value ?? "",
      scope: `${cloudFacts[scopeOf].graphResource}/.default`,
    }),
  });
};

describe.each(cloudNames)("%s", (cloud) => {
  it("gives tokens that open its own Graph and no other", async () => {
    const response = await tokenFrom(cloud, cloud);
    const { access_token: token } = (await response.json()) as { access_token: string };
    const statuses = await Promise.all(
      cloudNames.map(async (other) => {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await appsOf(other).graph.request("/v1.0/organization", { headers });
        return [other, answer.status];
      }),
    );
    expect(statuses).toEqual(cloudNames.map((other) => [other, other === cloud ? 200 : 401]));
  });

  it("offers usage reports and their settings in Global alone", async () => {
    const response = await tokenFrom(cloud, cloud);
    const { access_token: token } = (await response.json()) as { access_token: string };
    for (const path of [
      "admin/reportSettings",
      "reports/getOffice365ActiveUserDetail(period='D180')",
    ]) {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await appsOf(cloud).graph.request(`/v1.0/${path}`, { headers });
      expect(status < 400).toBe(cloud === "global");
    }
  });
});

describe("a tenant of another cloud", () => {
  it.each([
    ["global", "us-gov-l4", 900382],
    ["global", "us-gov-l5", 900382],
    ["us-gov-l4", "global", 900382],
    ["global", "china", 90002],
    ["china", "global", 90002],
    ["us-gov-l5", "china", 90002],
  ] as const)(
    "gets no token at the login of %s when it lives in %s",
    async (login, lives, code) => {
      const response = await tokenFrom(login, lives);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: "invalid_request",
        error_codes: [code],
      });
    },
  );

  it("gets no token for the Graph of its login's other cloud", async () => {
    const response = await tokenFrom("us-gov-l4", "us-gov-l5", "us-gov-l4");
    expect(await response.json()).toMatchObject({
      error: "invalid_resource",
      error_codes: [500011],
    });
  });

  it("is told by the OpenID document of a login that knows it, and by no other", async () => {
    const document = (login: CloudName, tenant: CloudName) =>
      appsOf(login).login.request(`/${specOf(tenant).id}/v2.0/.well-known/openid-configuration`);
    expect(await (await document("global", "us-gov-l5")).json()).toMatchObject({
      cloud_instance_name: "microsoftonline.us",
      tenant_region_sub_scope: "DOD",
      issuer: `http://login.gov/${specOf("us-gov-l5").id}/v2.0`,
    });
    expect(await (await document("us-gov-l4", "global")).json()).toMatchObject({
      cloud_instance_name: "microsoftonline.com",
    });
    expect((await document("global", "china")).status).toBe(400);
    expect((await document("china", "global")).status).toBe(400);
  });
});

it("the control API reaches the tenants of every cloud through any login", async () => {
  const { login } = world.global.apps;
  const made = await login.request("/_simulator/tenants", {
    method: "POST",
    body: JSON.stringify({ seed: "made in China", cloud: "china", size: 12 }),
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  expect((await login.request(`/_simulator/tenants/${id}`)).status).toBe(200);
  expect((await login.request(`/_simulator/tenants/${id}`, { method: "DELETE" })).status).toBe(204);
});
