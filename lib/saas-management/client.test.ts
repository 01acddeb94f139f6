import { describe, expect, it } from "vitest";
import { createFetch } from "#lib/http/transport";
import { createTestClock } from "#lib/microsoft/testing/client";
import {
  type Handler,
  sendJson,
  startServer,
  type TestServer,
} from "#lib/microsoft/testing/http-server";
import { createSaasManagementClient, type SaasManagementClientOptions } from "./client.ts";
import type { ManagedApp, Mapped } from "./map.ts";
import { followPages, maxPages } from "./paging.ts";
import { originsOfRegion } from "./regions.ts";
import { appUsersPage, childApp, managedAppsPage, orgId } from "./testing/fixtures.ts";

const refreshToken = { kind: "refresh-token", refreshToken: "r-1" } as const;
const home = `/saas/v1/orgs/${orgId}`;

/** A service that gives tokens `t1`, `t2`, … and answers everything else as told. */
const serve = (answer: Handler) => {
  let tokens = 0;
  return startServer((request, response, index) => {
    if (request.url !== "/oidc/token") return answer(request, response, index);
    tokens += 1;
    return sendJson(response, 200, { access_token: `t${tokens}`, expires_in: "3600" });
  });
};

const clientOf = (server: TestServer, given: Partial<SaasManagementClientOptions> = {}) => {
  const clock = createTestClock();
  const client = createSaasManagementClient({
    origins: originsOfRegion("eu", server.origin),
    orgId,
    credential: refreshToken,
    fetch: createFetch(),
    ...clock,
    ...given,
  });
  return { client, clock };
};

const read = () => ({ signal: new AbortController().signal });
const all = async <T>(pages: AsyncGenerator<Mapped<T>, void>): Promise<readonly T[]> => {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page.rows);
  return rows;
};

it("knows each region's hosts", () => {
  expect(originsOfRegion("na", null)).toEqual({
    login: "https://login.flexera.com",
    api: "https://api.flexera.com",
  });
  expect(originsOfRegion("eu", null).api).toBe("https://api.flexera.eu");
  expect(originsOfRegion("apac", null).login).toBe("https://login.flexera.au");
});

describe("tokens", () => {
  it.each([
    [refreshToken, "grant_type=refresh_token&refresh_token=r-1"],
    [
      { kind: "service-account", clientId: "svc", clientSecret: "s&1" } as const,
      "grant_type=client_credentials&client_id=svc&client_secret=s%261",
    ],
  ])("%j is exchanged once and kept", async (credential, form) => {
    await using server = await serve((_, response) => sendJson(response, 200, { values: [] }));
    const { client } = clientOf(server, { credential });
    await all(client.managedApps("extended", read()));
    await all(client.managedApps("licenseUsage", read()));
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/oidc/token",
      `${home}/managed-apps?view=extended`,
      `${home}/managed-apps?view=licenseUsage`,
    ]);
    expect(server.requests[0]).toMatchObject({ method: "POST", body: form });
    expect(server.requests[1]?.headers.authorization).toBe("Bearer t1");
  });

  it("a token that is refused is asked for anew, once", async () => {
    await using server = await serve((request, response) =>
      request.headers.authorization === "Bearer t2"
        ? sendJson(response, 200, { values: [] })
        : sendJson(response, 401, {}),
    );
    await all(clientOf(server).client.managedApps("extended", read()));
    await using deaf = await serve((_, response) => sendJson(response, 401, {}));
    await expect(all(clientOf(deaf).client.managedApps("extended", read()))).rejects.toMatchObject({
      failure: { class: "credential", code: "saas-token-refused" },
    });
    expect(deaf.requests).toHaveLength(4);
  });

  it.each([
    [400, { error: "invalid_grant" }, "credential", "saas-credential-refused"],
    [401, { error: "invalid_client" }, "credential", "saas-credential-refused"],
    [302, {}, "upstream", "link-refused"],
    [200, { access_token: "" }, "upstream", "unreadable-response"],
  ])("a token endpoint that answers %i %j fails as %s", async (status, body, kind, code) => {
    await using server = await startServer((_, response) => sendJson(response, status, body));
    const { client } = clientOf(server);
    await expect(all(client.managedApps("extended", read()))).rejects.toMatchObject({
      failure: { class: kind, code },
    });
  });
});

describe("applications", () => {
  it("are read with the ones below them and their licenses", async () => {
    await using server = await serve((request, response) =>
      sendJson(
        response,
        200,
        request.url.startsWith(`${home}/managed-apps/4712?`) ? childApp : managedAppsPage,
      ),
    );
    const { client } = clientOf(server);
    const [app] = await all(client.managedApps("extended", read()));
    expect(app).toMatchObject({ id: "4711", name: "Microsoft 365 Contoso", active: true });
    const children = await all(client.childApps(app as ManagedApp, "licenseUsage", read()));
    expect(children).toMatchObject([{ id: "4712", name: "Visio", licenses: [] }]);
    expect(server.requests.at(-1)?.url).toBe(`${home}/managed-apps/4712?view=licenseUsage`);
  });

  it.each([
    "https://elsewhere.example/saas/v1/orgs/28010/managed-apps/1",
    "//elsewhere.example/saas/v1/orgs/28010/managed-apps/1",
    "/orgs/99999/managed-apps/1",
    "/orgs/28010/../99999/managed-apps/1",
    "/orgs/28010/%2e%2e/99999/managed-apps/1",
    "/iam/v1/refresh-tokens",
  ])("the address %s is not followed", async (href) => {
    await using server = await serve((_, response) => sendJson(response, 200, childApp));
    const { client } = clientOf(server);
    const app = { childHrefs: [href] } as unknown as ManagedApp;
    await expect(all(client.childApps(app, "extended", read()))).rejects.toMatchObject({
      failure: { code: "link-refused" },
    });
    expect(server.requests).toEqual([]);
  });
});

describe("pages", () => {
  it("are followed to the end, on the own organisation only", async () => {
    await using server = await serve((request, response) =>
      sendJson(
        response,
        200,
        request.url.includes("page=2")
          ? { values: appUsersPage.values.slice(1), total: 2 }
          : {
              values: appUsersPage.values.slice(0, 1),
              total: 2,
              nextPage: `/orgs/${orgId}/managed-apps/4711/app-users?includeAll=true&page=2`,
            },
      ),
    );
    const users = await all(clientOf(server).client.appUsers("4711", read()));
    expect(users.map(({ email }) => email)).toEqual(["ada@contoso.example", "bo@contoso.example"]);
    expect(server.requests[1]?.url).toBe(`${home}/managed-apps/4711/app-users?includeAll=true`);
  });

  it("that repeat, or end before the rows the service counts, are no complete read", async () => {
    await using endless = await serve((request, response) =>
      sendJson(response, 200, { values: [], nextLink: request.url }),
    );
    await expect(all(clientOf(endless).client.appUsers("1", read()))).rejects.toMatchObject({
      failure: { code: "link-loop" },
    });
    let links = 0;
    await using empty = await serve((_, response) => {
      links += 1;
      const nextPage = `/orgs/${orgId}/managed-apps/1/app-users?cursor=${links}`;
      return sendJson(response, 200, { values: [], nextPage });
    });
    await expect(all(clientOf(empty).client.appUsers("1", read()))).rejects.toMatchObject({
      failure: { code: "link-loop", facts: { emptyPages: 101 } },
    });
    await using short = await serve((_, response) =>
      sendJson(response, 200, { values: appUsersPage.values, total: 3 }),
    );
    await expect(all(clientOf(short).client.appUsers("1", read()))).rejects.toMatchObject({
      failure: { code: "unreadable-response", facts: { rows: 2, total: 3 } },
    });
    await using other = await serve((_, response) => sendJson(response, 200, { items: [] }));
    await expect(all(clientOf(other).client.appUsers("1", read()))).rejects.toMatchObject({
      failure: { code: "unreadable-response", facts: { missing: "values" } },
    });
  });
});

describe("a list that goes on and on", () => {
  /** Every page has an account and a link of its own to the next one. */
  const endless = () => {
    let pages = 0;
    return serve((_, response) => {
      pages += 1;
      const nextPage = `/orgs/${orgId}/managed-apps/1/app-users?cursor=${pages}`;
      const values = [{ ...appUsersPage.values[0], uniqueId: `account ${pages}` }];
      return sendJson(response, 200, { values, nextPage });
    });
  };

  it("fails at the limit of pages, by that name", async () => {
    await using server = await endless();
    const { client } = clientOf(server, { maxPages: 30 });
    await expect(all(client.appUsers("1", read()))).rejects.toMatchObject({
      failure: {
        class: "upstream",
        code: "too-many-pages",
        facts: { limitPages: 30, service: "saas-management" },
      },
      retry: { kind: "never" },
    });
    expect(server.requests).toHaveLength(31);
  });

  it("may have two million accounts, 20 on a page", async () => {
    const accounts = 2_000_000;
    const perPage = 20;
    const values = Array.from({ length: perPage }, () => ({}));
    let rows = 0;
    let pages = 0;
    const list = followPages(
      { href: "0", rows: 0 },
      {
        resolve: (href) => href,
        getJson: async (url) => {
          const next = Number(url) + 1;
          return { values, nextPage: next * perPage < accounts ? String(next) : null };
        },
        maxPages,
      },
    );
    for await (const page of list) {
      pages += 1;
      rows += page.values.length;
    }
    expect([pages, rows]).toEqual([100_000, accounts]);
  });
});

describe("refusals", () => {
  it("waits as long as a limit asks, and tells so", async () => {
    let calls = 0;
    await using server = await serve((_, response) => {
      calls += 1;
      if (calls === 1) return sendJson(response, 429, {}, { "retry-after": "7" });
      if (calls === 2) return sendJson(response, 502, {});
      return sendJson(response, 200, { values: [] });
    });
    const { client, clock } = clientOf(server);
    const waits: string[] = [];
    const onWait = ({ kind }: { readonly kind: string }) => waits.push(kind);
    await all(client.managedApps("extended", { ...read(), onWait }));
    expect(waits).toEqual(["limited", "retry"]);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(7000);
  });

  it.each([
    [403, "permission", "saas-role-missing"],
    [404, "tenant", "saas-not-found"],
    [400, "upstream", "bad-request"],
    [302, "upstream", "link-refused"],
  ])("%i is %s %s and not asked again", async (status, kind, code) => {
    await using server = await serve((_, response) => sendJson(response, status, {}));
    await expect(
      all(clientOf(server).client.managedApps("extended", read())),
    ).rejects.toMatchObject({ failure: { class: kind, code } });
    expect(server.requests).toHaveLength(2);
  });

  it.each(["", "a", "28010/../1", "１２"])("organisation %j is none", async (id) => {
    await using server = await serve((_, response) => sendJson(response, 200, { values: [] }));
    expect(() => clientOf(server, { orgId: id })).toThrow("bad-request");
  });

  it("stops when it is told to", async () => {
    await using server = await serve(() => undefined);
    const abort = new AbortController();
    const reading = all(clientOf(server).client.managedApps("extended", { signal: abort.signal }));
    abort.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });
});
