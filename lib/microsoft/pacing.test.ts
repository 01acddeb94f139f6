import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadOf } from "#lib/http/retry";
import { ReadPaused } from "#lib/import/ports";
import { budgets, graphServices } from "./pacing.ts";
import { createReadOptions, createTestClient, createTestClock } from "./testing/client.ts";
import { sendGraphError, sendJson, startServer } from "./testing/http-server.ts";
import { createLocalPacer } from "./testing/local-pacer.ts";
import { contractBudgets, describePacer } from "./testing/pacer-contract.ts";

describePacer("pacer of one process", async () => {
  const { now } = createTestClock();
  const one = createLocalPacer(now, contractBudgets);
  return {
    first: one,
    second: one,
    otherTenant: createLocalPacer(now, contractBudgets),
    learn: async () => undefined,
  };
});

test("budgets stay below what Microsoft allows a tenant", () => {
  const perTenSeconds = budgets["identity-reports"];
  const perTenMinutes = budgets["usage-reports"];
  expect(Math.floor(10_000 / (perTenSeconds?.perMs ?? 0)) + 1).toBeLessThanOrEqual(5);
  expect(perTenMinutes?.requests).toBe(14);
  expect(perTenMinutes?.perMs).toBeGreaterThan(10 * 60_000);
});

test("in any span of a budget there are no more requests than it has, whatever the pauses and limits", async () => {
  const step = fc.record({
    pauseMs: fc.integer({ min: 0, max: 90_000 }),
    limitMs: fc.option(fc.integer({ min: 1, max: 120_000 }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      const clock = createTestClock();
      const pacer = createLocalPacer(clock.now, contractBudgets);
      const { signal } = new AbortController();
      const sent: number[] = [];
      for (const { pauseMs, limitMs } of steps) {
        await clock.sleep(pauseMs, signal);
        if (limitMs !== null) await pacer.limit("usage-reports", limitMs);
        const { waitMs } = await pacer.reserve({ service: "usage-reports" });
        sent.push(clock.now() + waitMs);
      }
      for (const [n, at] of sent.entries()) {
        expect(at - (sent[n - 3] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60_000);
      }
    }),
  );
});

test("a herd of connections let go at the same moment comes back spread out", () => {
  const random = (n: number) => () => n / 200;
  const back = Array.from({ length: 200 }, (_, n) => spreadOf(60_000, random(n)));
  const inOneSecond = back.filter((ms) => ms < 1000).length;
  expect(inOneSecond).toBeLessThanOrEqual(40);
  expect(Math.max(...back)).toBeLessThanOrEqual(5000);
});

test("each request of a service takes its turn, its retries as well", async () => {
  await using server = await startServer((_, response, index) =>
    index === 1 ? sendGraphError(response, 503, "x") : sendJson(response, 200, { value: [] }),
  );
  const createPacer = (now: () => number) => createLocalPacer(now);
  const { client, clock } = createTestClient({ graph: server.origin }, { createPacer });
  const { options, waits } = createReadOptions();
  const ask = () =>
    client.getJson({
      ...options,
      url: "/v1.0/users?$select=id,signInActivity",
      service: "identity-reports",
      permission: "AuditLog.Read.All",
    });
  await ask();
  await ask();
  // The pause before the second; the failed attempt's backoff, and what its turn needs beyond it.
  expect(clock.sleeps).toEqual([2250, 500, 1750]);
  expect(waits.map(({ kind }) => kind)).toEqual(["retry"]);
});

test("a wait for the budget is told when it is long, as pacing and not as a limit or a repetition", async () => {
  await using server = await startServer((_, response) => sendJson(response, 200, {}));
  const createPacer = (now: () => number) => createLocalPacer(now, contractBudgets);
  const { client, clock } = createTestClient({ graph: server.origin }, { createPacer });
  const { options, waits } = createReadOptions();
  const started = clock.now();
  for (let n = 0; n < 4; n += 1) {
    await client.getJson({
      ...options,
      url: "/v1.0/reports/x",
      service: "usage-reports",
      operation: "teams",
      permission: "Reports.Read.All",
    });
  }
  expect(waits).toEqual([{ kind: "pacing", attempt: 0, until: new Date(started + 60_000) }]);
});

test("a limit too long to be sat out pauses the read and tells until when", async () => {
  await using server = await startServer((_, response) =>
    sendGraphError(response, 429, "TooManyRequests", { "retry-after": "7200" }),
  );
  const { client, clock } = createTestClient({ graph: server.origin });
  const { options, waits } = createReadOptions();
  const ask = client.getJson({
    ...options,
    url: "/v1.0/users",
    service: "directory",
    permission: "User.Read.All",
    pauseFromMs: 30_000,
  });
  const until = new Date(clock.now() + 7_200_000);
  const end: unknown = await ask.catch((error: unknown) => error);
  expect(end).toBeInstanceOf(ReadPaused);
  expect(end).toMatchObject({ until, failure: { class: "throttled", code: "throttled" } });
  expect(waits).toEqual([{ kind: "limited", attempt: 1, until }]);
  expect(clock.sleeps).toEqual([]);
  // Another read of the service does not even ask.
  await expect(
    client.getJson({
      ...options,
      url: "/v1.0/groups",
      service: "directory",
      permission: "GroupMember.Read.All",
      pauseFromMs: 30_000,
    }),
  ).rejects.toBeInstanceOf(ReadPaused);
  expect(server.requests).toHaveLength(1);
});

test("an import gives way to others and a check somebody waits for does not", async () => {
  await using server = await startServer((_, response) => sendJson(response, 200, {}));
  const { client } = createTestClient({ graph: server.origin });
  const { options } = createReadOptions();
  for (const service of graphServices) {
    const request = { ...options, url: "/v1.0/x", service, permission: "User.Read.All" } as const;
    await client.getJson(request);
    await client.getJson({ ...request, urgent: true });
  }
  const sent = server.requests.map(({ headers }) => headers["x-ms-throttle-priority"]);
  expect(sent).toEqual(["low", undefined, "low", undefined, "low", undefined]);
});
