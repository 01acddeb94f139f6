import { expect, test } from "vitest";
import { createReadOptions, createTestClock } from "#lib/microsoft/testing/client";
import { later, never, UpstreamError, untilDeadline, upstream } from "./failures.ts";
import { parseRetryAfter, systemClock, waitBefore, withRetries } from "./retry.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

test.each([
  ["5", 5000],
  ["2.128", 2128],
  ["0.249", 249],
  ["600", 600_000],
  ["Mon, 23 Nov 2026 12:00:30 GMT", 30_000],
  ["Mon, 23 Nov 2026 11:59:00 GMT", null],
  ["0", null],
  ["-5", null],
  ["soon", null],
  ["1e9999", null],
  ["", null],
  [null, null],
])("Retry-After %s asks for %s ms", (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});

test("a wait asked for is never shortened, whatever its length", () => {
  for (const chance of [0, 0.5, 0.999]) {
    expect(waitBefore(1, 600_000, () => chance)).toBeGreaterThanOrEqual(600_000);
  }
});

test("without one the backoff doubles up to a minute, at least half of it", () => {
  expect([1, 2, 3, 7, 20].map((attempt) => waitBefore(attempt, null, () => 0))).toEqual([
    500, 1000, 2000, 30_000, 30_000,
  ]);
  expect(waitBefore(7, null, () => 0.999)).toBeLessThanOrEqual(60_000);
});

test("an upstream that always asks for one second is given longer pauses after some attempts", () => {
  expect(waitBefore(2, 1000, () => 0)).toBe(1000);
  expect(waitBefore(7, 1000, () => 0)).toBe(30_000);
});

const throttled = (afterMs: number) =>
  new UpstreamError({ class: "throttled", code: "throttled" }, untilDeadline(afterMs));

const run = (errors: UpstreamError[], deadlineMs = 1_500_000) => {
  const clock = createTestClock();
  const { options, waits } = createReadOptions();
  const result = withRetries(
    async () => {
      const error = errors.shift();
      if (error) throw error;
      return clock.now();
    },
    { clock, deadlineMs, ...options },
  );
  return { result, clock, waits };
};

test("waits are told with their end before they are slept", async () => {
  const { result, waits, clock } = run([throttled(5000), upstream("network", later())]);
  await result;
  expect(waits.map(({ kind, attempt }) => [kind, attempt])).toEqual([
    ["limited", 1],
    ["retry", 2],
  ]);
  expect(waits[0]?.until.getTime()).toBe(now + 5000);
  expect(clock.sleeps).toEqual([5000, 1000]);
});

test("throttling is borne until the deadline, which is never overslept", async () => {
  const { result, clock } = run(
    Array.from({ length: 100 }, () => throttled(60_000)),
    150_000,
  );
  await expect(result).rejects.toMatchObject({
    failure: { class: "throttled", code: "throttled", facts: { attempts: 3 } },
    retry: never,
  });
  expect(clock.sleeps).toEqual([60_000, 60_000]);
});

test("faults that pass are tried a bounded number of times, others once", async () => {
  const fault = () => upstream("upstream-error", later(null, 3), { status: 503 });
  await expect(run([fault(), fault(), fault()]).result).rejects.toMatchObject({
    failure: { status: 503, facts: { attempts: 3 } },
  });
  const refusal = run([upstream("link-refused", never)]);
  await expect(refusal.result).rejects.toMatchObject({ failure: { code: "link-refused" } });
  expect(refusal.waits).toEqual([]);
});

test("a wait ends at once when the read is aborted", async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error("cancelled"));
  await expect(sleeping).rejects.toThrow("cancelled");
});
