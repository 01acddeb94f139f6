import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createFetch } from "#lib/http/transport";
import type { SourceWait } from "#lib/import/ports";
import { createTestClock } from "#lib/microsoft/testing/client";
import { type Handler, sendJson, startServer } from "#lib/microsoft/testing/http-server";
import { createSaasManagementClient, type SaasManagementClientOptions } from "./client.ts";
import { toAppUsers, toManagedApps } from "./map.ts";
import { originsOfRegion } from "./regions.ts";
import { appUsersPage, orgId } from "./testing/fixtures.ts";

const token: Handler = (_, response) =>
  sendJson(response, 200, { access_token: "t", expires_in: 3600 });

/** Faults that pass, one for each request, and how the service misbehaves in it. */
const passing: readonly (readonly [string, Handler])[] = [
  ["500", (_, response) => sendJson(response, 500, {})],
  ["502 with HTML", (_, response) => html(response, 502)],
  ["200 with HTML", (_, response) => html(response, 200)],
  ["JSON cut short", (_, response) => response.end('{"values":[{"uniqueId"')],
  [
    "gzip cut short",
    (_, response) => {
      const zipped = gzipSync(JSON.stringify({ values: "x".repeat(10_000) }));
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(zipped.subarray(0, zipped.length / 2));
    },
  ],
  ["a reset", (_, response) => response.destroy()],
  [
    "a reset in the body",
    (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"values"');
      setTimeout(() => response.destroy(), 10);
    },
  ],
];
const html = (response: Parameters<Handler>[1], status: number) => {
  response.writeHead(status, { "content-type": "text/html" });
  response.end("<html>Sign in</html>");
};

/** Reads an application's accounts from a service that answers so; the counter is per kind of request. */
async function reading(
  answers: { readonly users?: Handler; readonly token?: Handler },
  given: Partial<SaasManagementClientOptions> = {},
) {
  const seen = { users: 0, token: 0 };
  const server = await startServer((request, response) => {
    const kind = request.url === "/oidc/token" ? "token" : "users";
    seen[kind] += 1;
    const fallback: Handler =
      kind === "token" ? token : (_, out) => sendJson(out, 200, appUsersPage);
    return (answers[kind] ?? fallback)(request, response, seen[kind] - 1);
  });
  const clock = createTestClock();
  const client = createSaasManagementClient({
    origins: originsOfRegion("na", server.origin),
    orgId,
    credential: { kind: "refresh-token", refreshToken: "r" },
    fetch: createFetch(),
    ...clock,
    ...given,
  });
  const waits: SourceWait[] = [];
  const read = async () => {
    const emails: (string | null)[] = [];
    const signal = new AbortController().signal;
    const onWait = (wait: SourceWait) => void waits.push(wait);
    for await (const page of client.appUsers("4711", { signal, onWait })) {
      emails.push(...page.rows.map(({ email }) => email));
    }
    return emails;
  };
  return { read, clock, waits, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const everybody = ["ada@contoso.example", "bo@contoso.example"];
const mine = { service: "saas-management" };

describe("faults that pass", () => {
  it.each(["users", "token"] as const)("of %s are asked again, whatever they are", async (kind) => {
    const answer: Handler = (request, response, index) => {
      const fault = passing[index]?.[1];
      if (fault !== undefined) return fault(request, response, index);
      return kind === "token"
        ? token(request, response, index)
        : sendJson(response, 200, appUsersPage);
    };
    // A token is asked for in each attempt until there is one: five of them at most for a status.
    await using service = await reading({ [kind]: answer });
    expect(await service.read()).toEqual(everybody);
    expect(service.waits.map((wait) => wait.kind)).toEqual(passing.map(() => "retry"));
    expect(service.seen[kind]).toBe(passing.length + 1);
  });

  it("an answer that stalls, before or in its body, is asked for again", async () => {
    await using service = await reading(
      {
        users: (_, response, index) => {
          if (index === 0) return;
          if (index === 2) return sendJson(response, 200, appUsersPage);
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"values":[');
        },
      },
      { limits: { headerTimeoutMs: 100, idleTimeoutMs: 100 } },
    );
    expect(await service.read()).toEqual(everybody);
    expect(service.seen.users).toBe(3);
  });

  it("that stay end the read with their status, the attempts and whose they are", async () => {
    await using service = await reading({ users: (_, response) => sendJson(response, 503, {}) });
    await expect(service.read()).rejects.toMatchObject({
      failure: {
        class: "upstream",
        code: "upstream-error",
        status: 503,
        facts: { ...mine, attempts: 8 },
      },
    });
    await using page = await reading({ users: (_, response) => html(response, 200) });
    await expect(page.read()).rejects.toMatchObject({
      failure: { code: "unreadable-response", status: 200, facts: mine },
    });
    await using gone = await reading({ users: (_, response) => response.destroy() });
    await expect(gone.read()).rejects.toMatchObject({ failure: { code: "network", facts: mine } });
  });
});

describe("limits", () => {
  it.each([
    ["5", 5000],
    ["2.128", 2128],
    ["600", 600_000],
    ["Mon, 23 Nov 2026 12:01:00 GMT", 60_000],
    [undefined, 500],
    ["-1", 500],
    ["soon", 500],
  ])("a 429 with Retry-After %s waits %s ms and tells until when", async (retryAfter, ms) => {
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { "retry-after": retryAfter };
    for (const kind of ["users", "token"] as const) {
      await using service = await reading({
        [kind]: (request: Parameters<Handler>[0], out: Parameters<Handler>[1], index: number) => {
          if (index === 0) return sendJson(out, 429, {}, headers);
          if (kind === "token") return token(request, out, index);
          return sendJson(out, 200, appUsersPage);
        },
      });
      const started = service.clock.now();
      expect(await service.read()).toEqual(everybody);
      expect(service.clock.sleeps, kind).toEqual([ms]);
      expect(service.waits).toEqual([
        { kind: "limited", attempt: 1, until: new Date(started + ms) },
      ]);
    }
  });

  it("a 503 with Retry-After is a limit; a wait beyond the deadline is not begun", async () => {
    await using service = await reading({
      users: (_, response) => sendJson(response, 503, {}, { "retry-after": "7200" }),
    });
    await expect(service.read()).rejects.toMatchObject({
      failure: { class: "throttled", code: "throttled", status: 503, facts: mine },
    });
    expect(service.clock.sleeps).toEqual([]);
  });
});

describe("hostile answers", () => {
  it("that unfold to far more than their length end the read at once", async () => {
    const bomb = gzipSync(Buffer.alloc(30 * 2 ** 20, " "));
    const packed: Handler = (_, response) => {
      response.writeHead(200, {
        "content-encoding": "gzip",
        "content-length": String(bomb.length),
      });
      response.end(bomb);
    };
    await using service = await reading({ users: packed });
    await expect(service.read()).rejects.toMatchObject({
      failure: { code: "response-too-large", facts: mine },
    });
    expect(service.seen.users).toBe(1);
    await using login = await reading({ token: packed });
    await expect(login.read()).rejects.toMatchObject({ failure: { code: "response-too-large" } });
    await using nested = await reading({
      users: (_, response) => response.end(`{"values":${"[".repeat(600_000)}`),
    });
    await expect(nested.read()).rejects.toMatchObject({ failure: { code: "response-too-large" } });
  });

  it.each([
    [null],
    [[]],
    ["values"],
    [{ values: null }],
    [{ values: {} }],
    [{ values: "x" }],
    [{ values: [], total: -1 }],
    [{ values: [], nextPage: 7 }],
  ])("%j is no page", async (body) => {
    await using service = await reading({ users: (_, response) => sendJson(response, 200, body) });
    await expect(service.read()).rejects.toMatchObject({
      failure: { code: "unreadable-response", facts: { ...mine, missing: "values" } },
    });
    expect(service.seen.users).toBe(1);
  });

  it("a page with far more rows than any service sends is refused", async () => {
    const values = Array.from({ length: 100_001 }, () => 0);
    await using service = await reading({
      users: (_, response) => sendJson(response, 200, { values }),
    });
    await expect(service.read()).rejects.toMatchObject({ failure: { code: "response-too-large" } });
  });

  it("a redirect is refused and not followed", async () => {
    await using elsewhere = await startServer(token);
    const away: Handler = (_, response) => {
      response.writeHead(302, { location: `${elsewhere.origin}/x` });
      response.end();
    };
    await using service = await reading({ users: away });
    await expect(service.read()).rejects.toMatchObject({ failure: { code: "link-refused" } });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("hostile rows", () => {
  it.each([
    ["no object", 7],
    ["nothing", null],
    ["a list", []],
    ["without an id", { email: "a@contoso.example" }],
    ["with an object for an id", { uniqueId: {} }],
    ["with an id of a megabyte", { uniqueId: "x".repeat(2 ** 20) }],
    ["with a NUL in its id", { uniqueId: "a\0@contoso.example" }],
    ["with half a character in its id", { uniqueId: "a\ud83d@contoso.example" }],
    ["with a name that is a list", { uniqueId: "a", firstName: [] }],
    ["with an address that is a number", { uniqueId: "a", email: 7 }],
  ])("an account %s is left out, counted and costs no other", (_, row) => {
    const { rows, quarantined, notes } = toAppUsers([...appUsersPage.values, row]);
    expect([rows.length, quarantined, notes.length]).toEqual([2, 1, 1]);
  });

  it.each([
    ["an application", (id: unknown) => toManagedApps([{ id }])],
    ["a license", (id: unknown) => toManagedApps([{ id: 1, licenses: [{ id, name: "x" }] }])],
  ])("%s whose id no database takes is left out", (_, mapped) => {
    expect(mapped("a\0b").rows.flatMap((app) => [app.id, ...app.licenses])).not.toContain("a\0b");
    const { rows, quarantined } = mapped("\ud83d");
    expect(quarantined + (rows[0]?.unreadableLicenses ?? 0)).toBe(1);
  });

  it("names of a megabyte are cut, NULs and half characters taken out", () => {
    const long = `A\0\ud83d${"x".repeat(2 ** 20)}`;
    const [user] = toAppUsers([
      { uniqueId: "a", firstName: long, lastName: long, email: long, skus: [long], sku: long },
    ]).rows;
    for (const text of [user?.displayName, user?.email, ...(user?.skus ?? [])]) {
      expect(text).toMatch(/^Ax+$/);
      expect(text?.length).toBeLessThanOrEqual(1024);
    }
    expect(user?.skus).toHaveLength(1);
  });

  it("a hostile key is a property like any other", () => {
    const row = JSON.parse(
      '{"uniqueId":"a","__proto__":{"email":"evil@contoso.example","skus":["SPE_E5"]},"constructor":{"prototype":{"email":"x"}}}',
    );
    expect(toAppUsers([row]).rows).toMatchObject([{ email: null, skus: [] }]);
    expect(({} as { email?: string }).email).toBeUndefined();
  });
});
