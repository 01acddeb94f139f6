import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { GraphRequest } from "./graph-client.ts";
import { createReadOptions, createTestClient } from "./testing/client.ts";
import { sendGraphError, sendJson, startServer } from "./testing/http-server.ts";

const request = (more: Partial<GraphRequest> = {}): GraphRequest => ({
  url: "/v1.0/users?$top=999",
  service: "directory",
  permission: "User.Read.All",
  ...createReadOptions().options,
  ...more,
});

test("a request carries the token, a new client-request-id and the low priority", async () => {
  await using server = await startServer((_, response) => sendJson(response, 200, { value: [] }));
  const { client } = createTestClient({ graph: server.origin });
  await client.getJson(request());
  await client.getJson(request({ consistencyLevel: "eventual" }));
  const [first, second] = server.requests;
  expect(first?.url).toBe("/v1.0/users?$top=999");
  expect(first?.headers).toMatchObject({
    authorization: "Bearer cached",
    "x-ms-throttle-priority": "low",
  });
  expect(first?.headers.consistencylevel).toBeUndefined();
  expect(second?.headers.consistencylevel).toBe("eventual");
  expect(first?.headers["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.headers["client-request-id"]).not.toBe(first?.headers["client-request-id"]);
});

test("every kind of passing fault is asked again until an answer can be read", async () => {
  const faults: Parameters<typeof startServer>[0][] = [
    (_, response) => sendGraphError(response, 500, "InternalServerError"),
    (_, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>Bad gateway</html>");
    },
    (_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>Sign in</html>");
    },
    (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"value":[{"id"');
    },
    (_, response) => {
      const zipped = gzipSync(JSON.stringify({ value: "x".repeat(10_000) }));
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(zipped.subarray(0, zipped.length / 2));
    },
    (_, response) => response.destroy(),
    (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"value"');
      setTimeout(() => response.destroy(), 10);
    },
  ];
  await using server = await startServer((seen, response, index) =>
    faults[index] ? faults[index](seen, response, index) : sendJson(response, 200, { value: [1] }),
  );
  const { client } = createTestClient({ graph: server.origin });
  const { options, waits } = createReadOptions();
  expect(await client.getJson(request(options))).toEqual({ value: [1] });
  expect(waits.map(({ kind, attempt }) => [kind, attempt])).toEqual(
    faults.map((_, index) => ["retry", index + 1]),
  );
});

test("an answer that stalls, before or in its body, is asked for again", async () => {
  await using server = await startServer((_, response, index) => {
    if (index === 0) return;
    if (index === 2) return sendJson(response, 200, { value: [] });
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"value":[');
  });
  const limits = { headerTimeoutMs: 100, idleTimeoutMs: 100 };
  const { client } = createTestClient({ graph: server.origin }, { limits });
  expect(await client.getJson(request())).toEqual({ value: [] });
  expect(server.requests).toHaveLength(3);
});

test("a fault that stays ends with its status and the number of attempts", async () => {
  await using server = await startServer((_, response) => sendGraphError(response, 503, "x"));
  const { client } = createTestClient({ graph: server.origin });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { class: "upstream", code: "upstream-error", status: 503, facts: { attempts: 8 } },
  });
  expect(server.requests).toHaveLength(8);
});

test("an HTML page that stays is told as unreadable", async () => {
  await using server = await startServer((_, response) => response.end("<html></html>"));
  const { client } = createTestClient({ graph: server.origin });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { class: "upstream", code: "unreadable-response", status: 200 },
  });
});

test.each([
  ["5", 5000],
  ["2.128", 2128],
  ["600", 600_000],
  ["Mon, 23 Nov 2026 12:01:00 GMT", 60_000],
  [undefined, 500],
  ["-1", 500],
  ["soon", 500],
])("a 429 with Retry-After %s waits %s ms and tells until when", async (retryAfter, ms) => {
  await using server = await startServer((_, response, index) =>
    index === 0
      ? sendGraphError(
          response,
          429,
          "TooManyRequests",
          retryAfter ? { "retry-after": retryAfter } : {},
        )
      : sendJson(response, 200, {}),
  );
  const { client, clock } = createTestClient({ graph: server.origin });
  const { options, waits } = createReadOptions();
  const started = clock.now();
  await client.getJson(request(options));
  expect(clock.sleeps).toEqual([ms]);
  expect(waits).toEqual([{ kind: "limited", attempt: 1, until: new Date(started + ms) }]);
});

test("a wait beyond the deadline is not begun", async () => {
  await using server = await startServer((_, response) =>
    sendGraphError(response, 429, "TooManyRequests", { "retry-after": "7200" }),
  );
  const { client, clock } = createTestClient({ graph: server.origin });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { class: "throttled", code: "throttled", status: 429 },
  });
  expect(clock.sleeps).toEqual([]);
});

test("while one read of a service is limited, another of that service waits and one of another service does not", async () => {
  await using server = await startServer((seen, response) => {
    if (seen.url.endsWith("limited")) {
      sendGraphError(response, 429, "TooManyRequests", { "retry-after": "120" });
    } else sendJson(response, 200, {});
  });
  const { client, clock } = createTestClient({ graph: server.origin });
  const limited = request({ url: "/v1.0/limited", maxAttempts: 1 });
  await expect(client.getJson(limited)).rejects.toMatchObject({ failure: { class: "throttled" } });
  await client.getJson(request({ service: "usage-reports" }));
  expect(clock.sleeps).toEqual([]);
  const { options, waits } = createReadOptions();
  await client.getJson(request(options));
  expect(clock.sleeps).toEqual([120_000]);
  expect(waits[0]?.kind).toBe("limited");
});

test("one 401 is answered with a token from Entra, a second one ends the read", async () => {
  await using server = await startServer((seen, response) =>
    seen.headers.authorization === "Bearer fresh" && seen.url === "/v1.0/ok"
      ? sendJson(response, 200, { ok: true })
      : sendGraphError(response, 401, "InvalidAuthenticationToken"),
  );
  const { client, tokensAsked } = createTestClient({ graph: server.origin });
  expect(await client.getJson(request({ url: "/v1.0/ok" }))).toEqual({ ok: true });
  expect(tokensAsked).toEqual([false, true]);
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { class: "credential", code: "token-refused", status: 401 },
  });
  expect(server.requests).toHaveLength(4);
});

test("a 403 is not asked again", async () => {
  await using server = await startServer((_, response) =>
    sendGraphError(response, 403, "Authorization_RequestDenied"),
  );
  const { client } = createTestClient({ graph: server.origin });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { code: "permission-missing", permission: "User.Read.All" },
  });
  expect(server.requests).toHaveLength(1);
});

test("the non-premium 403 may pass", async () => {
  const code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
  await using server = await startServer((_, response, index) =>
    index < 4 ? sendGraphError(response, 403, code) : sendJson(response, 200, {}),
  );
  const { client } = createTestClient({ graph: server.origin });
  expect(await client.getJson(request())).toEqual({});
});

test.each([
  "http://127.0.0.1:1/v1.0/users",
  "https://graph.microsoft.com/v1.0/users",
  "http://me@127.0.0.1:1/v1.0/users",
  "//127.0.0.1:1/v1.0/users",
  "nonsense",
])("no token is even asked for to call %s", async (url) => {
  const { client, tokensAsked } = createTestClient({ graph: "http://127.0.0.1:2" });
  await expect(async () => client.getJson(request({ url }))).rejects.toMatchObject({
    failure: { class: "upstream", code: "link-refused" },
  });
  expect(tokensAsked).toEqual([]);
});

test("a redirect instead of JSON is refused, not followed", async () => {
  await using other = await startServer((_, response) => sendJson(response, 200, {}));
  await using server = await startServer((_, response) => {
    response.writeHead(307, { location: other.origin });
    response.end();
  });
  const { client } = createTestClient({ graph: server.origin });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { code: "link-refused" },
  });
  expect(other.requests).toEqual([]);
});

test("a page beyond the cap ends the read at once", async () => {
  await using server = await startServer((_, response) =>
    sendJson(response, 200, { value: "x".repeat(5000) }),
  );
  const { client } = createTestClient({ graph: server.origin }, { limits: { maxJsonBytes: 1000 } });
  await expect(client.getJson(request())).rejects.toMatchObject({
    failure: { code: "response-too-large" },
  });
  expect(server.requests).toHaveLength(1);
});

test("a download sends no credential and no unknown host is asked", async () => {
  await using files = await startServer((_, response) => response.end("a,b"));
  const { client, tokensAsked } = createTestClient({
    graph: "http://127.0.0.1:2",
    reportDownloads: [files.origin],
  });
  const { signal } = new AbortController();
  await client.openDownload(`${files.origin}/data?token=t`, signal);
  expect(files.requests[0]?.headers.authorization).toBeUndefined();
  expect(tokensAsked).toEqual([]);
  for (const url of ["https://169.254.169.254/x", "http://127.0.0.1:3/x", "nonsense"]) {
    await expect(client.openDownload(url, signal)).rejects.toMatchObject({
      failure: { code: "report-host-refused" },
    });
  }
});
