import { describe, expect, it } from "vitest";
import { errorCode, rowsOf, testTenant } from "../testing/harness.ts";
import { createFaultEngine } from "./engine.ts";

const USERS = "/v1.0/users?$select=id,displayName,accountEnabled,assignedLicenses&$top=40";
const SKUS = "/v1.0/subscribedSkus";

type Sku = {
  skuPartNumber: string;
  consumedUnits: number | null;
  prepaidUnits?: Record<string, number | null>;
};

describe("createFaultEngine", () => {
  const users = { stream: "users", endpoint: "users", page: 1 } as const;

  it("counts `after`, `every` and `times` from the requests that match", () => {
    const engine = createFaultEngine();
    engine.set([{ kind: "nonpremium", stream: "sign-ins", after: 1, every: 2, times: 2 }]);
    const signIns = { stream: "sign-ins", endpoint: "users", page: 1 } as const;
    const hits = Array.from({ length: 8 }, () => {
      engine.hit("nonpremium", users);
      return engine.hit("nonpremium", signIns) !== undefined;
    });
    expect(hits).toEqual([false, false, true, false, true, false, false, false]);
  });

  it("keeps refusing until Retry-After has passed, and calls those retries early", () => {
    let now = 1_000_000;
    const engine = createFaultEngine({ now: () => now });
    engine.set([{ kind: "throttle", seconds: 5, times: 1 }]);
    expect(engine.throttled(users)).toMatchObject({ retryAfter: "5", early: false });
    now += 4_000;
    expect(engine.throttled(users)).toMatchObject({ retryAfter: "1", early: true });
    now += 1_000;
    expect(engine.throttled(users)).toBeUndefined();
  });

  it("leaves the token endpoint alone unless a fault names it", () => {
    const engine = createFaultEngine();
    engine.set([{ kind: "throttle" }]);
    expect(engine.throttled({ stream: "token", endpoint: "token", page: 1 })).toBeUndefined();
  });

  it("refuses unknown kinds and parameters", () => {
    const engine = createFaultEngine();
    expect(() => engine.set([{ kind: "throttle", secondz: 5 } as never])).toThrow();
    expect(() => engine.set([{ kind: "explode" } as never])).toThrow();
  });
});

describe("faults in place of an answer", () => {
  it.each([
    ["integer", "7"],
    // What is left of them when the answer is written: a moment may have passed.
    ["decimal", expect.stringMatching(/^(7\.000|6\.9\d\d)$/)],
    ["missing", null],
    ["-1", "-1"],
    ["soon", "soon"],
  ])("throttles with Retry-After %s", async (retryAfter, expected) => {
    const { graph, faults } = await testTenant();
    faults({ kind: "throttle", stream: "users", seconds: 7, retryAfter, times: 1 });
    const answer = await graph(USERS);
    expect([answer.status, answer.headers.get("retry-after"), errorCode(answer)]).toEqual([
      429,
      expected,
      "TooManyRequests",
    ]);
    expect((await graph(SKUS)).status).toBe(200);
  });

  it("writes Retry-After as an HTTP date that is not too early, and logs early retries", async () => {
    const { graph, faults, control, spec } = await testTenant();
    faults({ kind: "throttle", stream: "users", seconds: 60, retryAfter: "date", times: 1 });
    const before = Date.now();
    const answer = await graph(USERS);
    expect(Date.parse(answer.headers.get("retry-after") ?? "")).toBeGreaterThanOrEqual(
      before + 60_000 - 1000,
    );
    await graph(USERS);
    const log = (await (await control("GET", `/tenants/${spec.id}/requests`)).json()) as {
      earlyRetries: number;
      byStream: Record<string, number>;
      requests: { status: number }[];
    };
    expect(log.earlyRetries).toBe(1);
    expect(log.byStream.users).toBe(2);
    expect(log.requests.map((request) => request.status)).toEqual([200, 429, 429]);
  });

  it("fails with any status and body, also HTML with 200", async () => {
    const { graph, faults } = await testTenant();
    faults(
      { kind: "server-error", status: 504, body: "empty", times: 1 },
      { kind: "server-error", status: 200, body: "html" },
    );
    const [first, second] = [await graph(USERS), await graph(USERS)];
    expect([first.status, first.text]).toEqual([504, ""]);
    expect([second.status, second.text.startsWith("<html>")]).toEqual([200, true]);
    expect(second.headers.get("request-id")).not.toBeNull();
  });

  it("refuses with 403, 401 once, and NonPremium that flaps", async () => {
    const { graph, faults } = await testTenant();
    const statuses = async (path: string, n: number) => {
      const found = [];
      for (let i = 0; i < n; i += 1) found.push((await graph(path)).status);
      return found;
    };
    faults(
      { kind: "forbidden", stream: "groups" },
      { kind: "unauthorized", stream: "users", times: 1 },
      { kind: "nonpremium", every: 2 },
    );
    expect(await statuses("/v1.0/groups", 2)).toEqual([403, 403]);
    expect(await statuses(USERS, 2)).toEqual([401, 200]);
    expect(await statuses("/v1.0/users?$select=id,signInActivity", 4)).toEqual([
      200, 403, 200, 403,
    ]);
  });

  it("revokes tokens: 401 until a new one is asked for", async () => {
    const { graph, control, spec, renewToken } = await testTenant();
    expect((await graph(SKUS)).status).toBe(200);
    await control("POST", `/tenants/${spec.id}/revoke-tokens`);
    expect((await graph(SKUS)).status).toBe(401);
    renewToken();
    expect((await graph(SKUS)).status).toBe(200);
  });

  it("expires the page token of a page, once, and never the first page", async () => {
    const { graph, all, faults } = await testTenant({ size: 100 });
    faults({ kind: "expired-page-token", stream: "users", page: 2, times: 1 });
    const link = String((await graph(USERS)).json?.["@odata.nextLink"]);
    const answer = await graph(link);
    expect([answer.status, errorCode(answer)]).toEqual([400, "Directory_ExpiredPageToken"]);
    expect((await all(USERS)).rows).toHaveLength(100);
  });

  it("holds a response until the faults change", async () => {
    const { graph, faults, control, spec } = await testTenant();
    faults({ kind: "hang", stream: "users" });
    let answered = false;
    const pending = graph(USERS).then((answer) => {
      answered = true;
      return answer;
    });
    await graph(SKUS);
    expect(answered).toBe(false);
    await control("DELETE", `/tenants/${spec.id}/faults`);
    expect((await pending).status).toBe(200);
  });
});

describe("faults in the body", () => {
  it("cuts JSON short", async () => {
    const { graph, faults } = await testTenant();
    faults({ kind: "truncated", stream: "users", times: 1 });
    const answer = await graph(USERS);
    expect([answer.status, answer.json]).toEqual([200, undefined]);
    expect((await graph(USERS)).json).toBeDefined();
  });

  it("gives an empty page whose link leads to all the rows", async () => {
    const { all, graph, faults } = await testTenant({ size: 100 });
    faults({ kind: "empty-page", stream: "users", page: 2, times: 1 });
    const { rows, pages } = await all(USERS);
    expect([rows.length, new Set(rows.map((row) => row.id)).size, pages]).toEqual([100, 100, 4]);
    expect((await graph(USERS)).status).toBe(200);
  });

  it("loops: the same link, two links in turn, or empty pages for ever", async () => {
    const { graph, faults } = await testTenant({ size: 100 });
    const follow = async (n: number) => {
      const links: string[] = [];
      let link = USERS;
      for (let i = 0; i < n; i += 1) {
        link = String((await graph(link)).json?.["@odata.nextLink"]);
        links.push(link);
      }
      return links;
    };
    faults({ kind: "link-loop", shape: "same" });
    expect(new Set(await follow(5)).size).toBeLessThanOrEqual(2);
    faults({ kind: "link-loop", shape: "alternate" });
    expect(new Set(await follow(6)).size).toBeLessThanOrEqual(3);
    faults({ kind: "link-loop", shape: "endless-empty" });
    expect(new Set(await follow(20)).size).toBe(20);
    expect(rowsOf((await graph(USERS)).json)).toHaveLength(0);
  });

  it("links to another origin, and leaves `value` out", async () => {
    const { graph, faults } = await testTenant({ size: 100 });
    faults({ kind: "foreign-link", origin: "http://169.254.169.254" });
    expect(String((await graph(USERS)).json?.["@odata.nextLink"])).toMatch(
      /^http:\/\/169\.254\.169\.254\/v1\.0\/users\?/,
    );
    faults({ kind: "no-value" });
    expect((await graph(USERS)).json).not.toHaveProperty("value");
  });
});

describe("faults in the rows", () => {
  it("repeats users: an outdated version first, the true one on page two", async () => {
    const { all, tenant, faults } = await testTenant({ size: 100 });
    faults({ kind: "duplicate-rows", count: 3 });
    const { rows } = await all(USERS);
    expect(rows).toHaveLength(103);
    const last = new Map(rows.map((row) => [row.id, row]));
    const truth = [...tenant.users()].map((user) => [
      user.id,
      user.displayName,
      user.licenses.length,
    ]);
    expect(
      [...last.values()]
        .map((row) => [row.id, row.displayName, (row.assignedLicenses as unknown[]).length])
        .sort(),
    ).toEqual(truth.sort());
    expect(rows[0]).toMatchObject({ displayName: "Before the change", assignedLicenses: [] });
  });

  it("omits assignedLicenses from some rows or from all", async () => {
    const { all, faults } = await testTenant({ size: 100 });
    faults({ kind: "missing-licenses", count: 12 });
    expect((await all(USERS)).rows.filter((row) => !("assignedLicenses" in row))).toHaveLength(12);
    faults({ kind: "missing-licenses", count: "all" });
    expect((await all(USERS)).rows.filter((row) => "assignedLicenses" in row)).toHaveLength(0);
  });

  it("sends wrong types, hostile names and unknown enum values", async () => {
    const { all, faults } = await testTenant({ size: 100 });
    faults(
      { kind: "bad-rows", count: 2 },
      { kind: "hostile-names", count: 5 },
      { kind: "unknown-enums", count: 1 },
    );
    const { rows } = await all(USERS);
    expect(rows.filter((row) => row.accountEnabled === "yes")).toHaveLength(2);
    expect(rows.filter((row) => String(row.displayName).includes("\u0000"))).toHaveLength(1);
    expect(rows.filter((row) => /[\ud800-\udfff]/.test(String(row.displayName)))).toHaveLength(2);
    expect(rows.filter((row) => "newProperty" in row)).toHaveLength(1);
  });

  it("changes what subscribedSkus says", async () => {
    const { graph, faults } = await testTenant({ size: 300 });
    const read = async () => rowsOf((await graph(SKUS)).json) as unknown as Sku[];
    const of = (rows: Sku[], part: string) => rows.find((row) => row.skuPartNumber === part);
    const before = await read();
    const consumed = of(before, "SPE_E5")?.consumedUnits ?? 0;
    faults({ kind: "null-consumed", sku: "SPE_E5" });
    expect(of(await read(), "SPE_E5")?.consumedUnits).toBeNull();
    faults({ kind: "moving-consumed", by: 4, sku: "SPE_E5" });
    expect(
      [await read(), await read(), await read(), await read()].map(
        (rows) => of(rows, "SPE_E5")?.consumedUnits,
      ),
    ).toEqual([consumed, consumed + 4, consumed, consumed + 4]);
    faults({ kind: "consumed-factor", factor: 2, sku: "SPE_E5" });
    expect(of(await read(), "SPE_E5")?.consumedUnits).toBe(consumed * 2);
    faults(
      { kind: "prepaid-units", shape: "one-null", sku: "SPE_E5" },
      { kind: "prepaid-units", shape: "missing", sku: "SPE_E3" },
    );
    expect(of(await read(), "SPE_E5")?.prepaidUnits?.suspended).toBeNull();
    faults({ kind: "prepaid-units", shape: "missing" });
    expect(of(await read(), "SPE_E3")).not.toHaveProperty("prepaidUnits");
    faults({ kind: "hidden-sku", sku: "SPE_E5", times: 1 });
    expect([await read(), await read()].map((rows) => of(rows, "SPE_E5") !== undefined)).toEqual([
      false,
      true,
    ]);
  });
});

describe("faults in the tenant itself", () => {
  type Truth = {
    users: { listed: number; counted: number };
    skus: { skuId: string; listed: boolean; holders: number }[];
  };

  async function setUp() {
    const simulator = await testTenant({ size: 200 });
    const truth = async () =>
      (await (
        await simulator.control("GET", `/tenants/${simulator.spec.id}/truth`)
      ).json()) as Truth;
    return { ...simulator, truth };
  }

  it("gives users a SKU nobody knows; truth counts it", async () => {
    const { all, faults, truth } = await setUp();
    faults({ kind: "unknown-sku", count: 3 });
    const { rows } = await all(USERS);
    const unknown = (await truth()).skus.find((sku) => !sku.listed && sku.holders === 3);
    expect(unknown).toBeDefined();
    const holders = rows.filter((row) =>
      (row.assignedLicenses as { skuId: string }[]).some(
        (license) => license.skuId.toLowerCase() === unknown?.skuId,
      ),
    );
    expect(holders).toHaveLength(3);
  });

  it("lists users as deleted at the same time; truth does not count them", async () => {
    const { all, faults, truth } = await setUp();
    faults({ kind: "listed-and-deleted", count: 2 });
    const listed = new Set((await all(USERS)).rows.map((row) => row.id));
    const deleted = (
      await all("/v1.0/directory/deletedItems/microsoft.graph.user?$select=id")
    ).rows.map((row) => row.id);
    expect(deleted.filter((id) => listed.has(id))).toHaveLength(2);
    expect((await truth()).users).toMatchObject({ listed: 200, counted: 198 });
  });

  it("moves a vanishing user from the list to the deleted items", async () => {
    const { all, faults, truth, graph } = await setUp();
    const victim = (await all(USERS)).rows.at(-1)?.id;
    faults({ kind: "vanishing-user" });
    expect((await all(USERS)).rows.map((row) => row.id)).not.toContain(victim);
    expect(
      (await all("/v1.0/directory/deletedItems/microsoft.graph.user?$select=id")).rows.map(
        (row) => row.id,
      ),
    ).toContain(victim);
    expect((await truth()).users.counted).toBe(199);
    expect((await graph("/v1.0/users/$count", { ConsistencyLevel: "eventual" })).text).toBe("199");
  });

  it("drops most users and SKUs while Microsoft's count stays, or follows", async () => {
    const { all, faults, graph } = await setUp();
    const sum = async () =>
      rowsOf((await graph(SKUS)).json).reduce((total, sku) => total + Number(sku.consumedUnits), 0);
    const before = { sum: await sum(), skus: rowsOf((await graph(SKUS)).json).length };
    faults({ kind: "mass-drop", keep: 0.1 });
    expect((await all(USERS)).rows).toHaveLength(20);
    expect(await sum()).toBe(before.sum);
    faults({ kind: "mass-drop", keep: 0.1, keepSkus: 0.5, consumedUnits: "follows" });
    expect(await sum()).toBeLessThan(before.sum / 4);
    expect(rowsOf((await graph(SKUS)).json)).toHaveLength(Math.ceil(before.skus / 2));
  });
});
