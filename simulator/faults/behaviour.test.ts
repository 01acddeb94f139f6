import { describe, expect, it } from "vitest";
import { errorCode, rowsOf, testTenant } from "../testing/harness.ts";

const USERS = "/v1.0/users?$select=id,displayName,assignedLicenses&$top=40";
const SIGN_INS = "/v1.0/users?$select=id,signInActivity&$top=40";
const SKUS = "/v1.0/subscribedSkus";
const DELETED = "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id";
const REPORT = "/v1.0/reports/getOffice365ActiveUserDetail(period='D7')";

type Truth = { users: { listed: number; counted: number }; skus: { holders: number }[] };

describe("churn during the listing", { timeout: 30_000 }, () => {
  it("creates, deletes and renames when the second page is asked for; counts and truth follow", async () => {
    const { all, graph, control, spec, faults } = await testTenant({ size: 200 });
    const before = (await all(USERS)).rows;
    const consumed = async () =>
      rowsOf((await graph(SKUS)).json).reduce((sum, sku) => sum + Number(sku.consumedUnits), 0);
    const count = async () =>
      Number((await graph("/v1.0/users/$count", { ConsistencyLevel: "eventual" })).text);
    const consumedBefore = await consumed();
    faults({ kind: "churn", created: 30, deleted: 10, renamed: 6 });
    expect([await consumed(), await count()]).toEqual([consumedBefore, 200]);

    const during = (await all(USERS)).rows;
    const ids = new Set(during.map((row) => row.id));
    expect(ids.size).toBe(during.length);
    // Five of the deleted and three of the renamed were delivered before it happened.
    expect(during).toHaveLength(200 - 5 + 30);
    const renamed = (rows: readonly Record<string, unknown>[]) =>
      rows.filter((row) => String(row.displayName).endsWith(" (renamed)"));
    expect(renamed(during)).toHaveLength(3);

    const after = (await all(USERS)).rows;
    expect(after).toHaveLength(200 - 10 + 30);
    expect(renamed(after)).toHaveLength(6);
    const gone = before.filter((row) => !after.some((other) => other.id === row.id));
    const deleted = new Set((await all(DELETED)).rows.map((row) => row.id));
    expect(gone.map((row) => deleted.has(row.id))).toEqual(Array(10).fill(true));
    const truth = (await (await control("GET", `/tenants/${spec.id}/truth`)).json()) as Truth;
    expect([await count(), truth.users]).toEqual([220, expect.objectContaining({ counted: 220 })]);
    expect(await consumed()).not.toBe(consumedBefore);
    expect(await consumed()).toBeLessThanOrEqual(
      truth.skus.reduce((sum, { holders }) => sum + holders, 0),
    );

    faults();
    expect((await all(USERS)).rows).toEqual(before);
  });
});

describe("access that ends in the middle", () => {
  it.each([
    ["deleted", 7000229],
    ["disabled", 7000112],
  ] as const)("consent revoked (%s): 401, and the token endpoint says why", async (how, code) => {
    const { graph, faults, requestToken, ownCredentials } = await testTenant({ size: 100 });
    faults({ kind: "consent-revoked", stream: "users", page: 2, how });
    const link = String((await graph(USERS)).json?.["@odata.nextLink"]);
    expect(errorCode(await graph(link))).toBe("InvalidAuthenticationToken");
    const refused = (await (await requestToken(ownCredentials)).json()) as {
      error_codes: number[];
    };
    expect(refused.error_codes).toEqual([code]);
  });

  it("the secret rotated: the old one is refused, the new one opens again", async () => {
    const { graph, faults, requestToken, ownCredentials } = await testTenant({ size: 100 });
    faults({ kind: "secret-rotated", stream: "users", page: 2, secret: "sim8Q~new" });
    const link = String((await graph(USERS)).json?.["@odata.nextLink"]);
    expect((await graph(link)).status).toBe(401);
    expect((await requestToken(ownCredentials)).status).toBe(401);
    expect((await requestToken({ ...ownCredentials, client_secret: "sim8Q~new" })).status).toBe(
      200,
    );
  });
});

describe("limits of Microsoft's", () => {
  it("14 usage reports in 10 minutes, 5 sign-in requests in 10 seconds, and early retries counted", async () => {
    const { graph, control, spec } = await testTenant();
    await control("PATCH", `/tenants/${spec.id}/knobs`, { reportLimit: 14, reportingLimit: 5 });
    const statuses = async (path: string, n: number) => {
      const seen = [];
      for (let i = 0; i < n; i += 1) seen.push((await graph(path)).status);
      return seen;
    };
    expect(await statuses(REPORT, 15)).toEqual([...Array(14).fill(302), 429]);
    expect(await statuses(SIGN_INS, 5)).toEqual(Array(5).fill(200));
    const refused = await graph(SIGN_INS);
    expect([refused.status, errorCode(refused)]).toEqual([429, "TooManyRequests"]);
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(10);
    expect(refused.headers.get("x-ms-throttle-scope")).toContain(spec.id);
    expect((await graph(SKUS)).status).toBe(200);
    const log = async () =>
      (await (await control("GET", `/tenants/${spec.id}/requests`)).json()) as {
        earlyRetries: number;
      };
    expect((await log()).earlyRetries).toBe(0);
    await graph(SIGN_INS);
    expect((await log()).earlyRetries).toBe(1);
  });

  it("refuses the eleventh sign-in request of a minute when told to", async () => {
    const { graph, tenant } = await testTenant();
    tenant.knobs.signInLimit = 10;
    for (let i = 0; i < 10; i += 1) expect((await graph(SIGN_INS)).status).toBe(200);
    expect((await graph(SIGN_INS)).headers.get("retry-after")).toBe("60");
  });
});

describe("lists that lead nowhere", { timeout: 30_000 }, () => {
  it("goes on with the list after so many empty pages", async () => {
    const { all, faults } = await testTenant({ size: 100 });
    faults({ kind: "link-loop", shape: "endless-empty", pages: 250 });
    const { rows, pages } = await all(USERS);
    expect([rows.length, pages]).toEqual([100, 253]);
  });

  it("leaves `value` out of the last page only", async () => {
    const { graph, faults } = await testTenant({ size: 60 });
    faults({ kind: "no-value", last: true });
    const first = await graph(USERS);
    expect(rowsOf(first.json)).toHaveLength(40);
    const last = await graph(String(first.json?.["@odata.nextLink"]));
    expect([last.status, last.json]).toEqual([200, { "@odata.context": expect.any(String) }]);
  });

  it("lets page tokens grow old, and new ones work", async () => {
    const { graph, all, tenant } = await testTenant({ size: 60 });
    tenant.knobs.pageTokenLifetimeSeconds = 0.001;
    const link = String((await graph(USERS)).json?.["@odata.nextLink"]);
    const made = Date.now();
    await expect.poll(() => Date.now() - made).toBeGreaterThan(5);
    expect(errorCode(await graph(link))).toBe("Directory_ExpiredPageToken");
    tenant.knobs.pageTokenLifetimeSeconds = 600;
    expect((await all(USERS)).rows).toHaveLength(60);
  });
});

describe("concealed names", () => {
  it.each([
    [true, true],
    [true, false],
    [false, true],
  ])("setting %s, names %s", async (setting, names) => {
    const { graph, report, faults } = await testTenant();
    faults({ kind: "concealed", setting, names });
    expect((await graph("/v1.0/admin/reportSettings")).json).toMatchObject({
      displayConcealedNames: setting,
    });
    const lines = await report("getOffice365ActiveUserDetail(period='D7')");
    expect(/^2026-11-21,[0-9A-F]{32},/.test(lines[1] ?? "")).toBe(names);
  });
});

describe("OpenID documents", () => {
  it("fail when the fault names their stream, and only then", async () => {
    const { apps, spec, faults } = await testTenant();
    const get = async (path: string) => (await apps.login.request(`/${spec.id}${path}`)).status;
    const both = async () => [
      await get("/v2.0/.well-known/openid-configuration"),
      await get("/discovery/v2.0/keys"),
    ];
    faults({ kind: "server-error", status: 503 });
    expect(await both()).toEqual([200, 200]);
    faults({ kind: "server-error", status: 503, stream: "discovery", endpoint: "keys" });
    expect(await both()).toEqual([200, 503]);
    faults({ kind: "throttle", stream: "discovery", times: 1 });
    expect(await both()).toEqual([429, 429]);
  });
});

describe("latency", () => {
  it("holds the streams that it names, through the control API", async () => {
    const { graph, control, spec } = await testTenant();
    const knobs = { latencyMs: 0, streamLatencyMs: { users: 120, token: 0 } };
    expect((await control("PATCH", `/tenants/${spec.id}/knobs`, knobs)).status).toBe(200);
    await graph(SKUS);
    const started = performance.now();
    await graph(USERS);
    // Timers fire up to a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(118);
    const wrong = { streamLatencyMs: { elsewhere: 5 } };
    expect((await control("PATCH", `/tenants/${spec.id}/knobs`, wrong)).status).toBe(400);
  });
});

describe("control API of faults", () => {
  it("adds to the list, removes by kind and stream, and counts", async () => {
    const { graph, control, spec } = await testTenant();
    const path = `/tenants/${spec.id}/faults`;
    await control("PUT", path, [{ kind: "server-error", stream: "users", status: 500 }]);
    expect((await control("POST", path, [{ kind: "forbidden", stream: "groups" }])).status).toBe(
      201,
    );
    expect([(await graph(USERS)).status, (await graph("/v1.0/groups")).status]).toEqual([500, 403]);
    await control("DELETE", `${path}?stream=users`);
    expect([(await graph(USERS)).status, (await graph("/v1.0/groups")).status]).toEqual([200, 403]);
    const answer = await (await control("GET", path)).json();
    expect(answer).toMatchObject({ counts: [{ kind: "forbidden", seen: 2, applied: 2 }] });
  });
});
