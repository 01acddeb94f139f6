import { describe, expect, it } from "vitest";
import { createFaultEngine, type Situation } from "./engine.ts";
import { createQuotas } from "./quotas.ts";
import type { FaultInput } from "./types.ts";

const page = (number: number): Situation => ({ stream: "users", endpoint: "users", page: number });

/** Pages from 1 to `count` that the fault hits, asked for in this order. */
function hits(fault: FaultInput, order: readonly number[], seed = "tenant"): number[] {
  const engine = createFaultEngine({ seed });
  engine.set([fault]);
  return order.filter((n) => engine.hit("server-error", page(n))).sort((a, b) => a - b);
}

const pages = Array.from({ length: 1000 }, (_, i) => i + 1);

describe("a share of the requests", () => {
  it("is about that share, and depends on the seed alone, not on the order", () => {
    const fault = { kind: "server-error", share: 0.05 } as const;
    const hit = hits(fault, pages);
    expect(hit.length).toBeGreaterThan(30);
    expect(hit.length).toBeLessThan(75);
    expect(hits(fault, [...pages].reverse())).toEqual(hit);
    expect(hits(fault, pages, "another tenant")).not.toEqual(hit);
    expect(hits({ ...fault, seed: "x" }, pages, "another tenant")).toEqual(
      hits({ ...fault, seed: "x" }, pages),
    );
  });

  it("gives each attempt at a page a chance of its own", () => {
    const engine = createFaultEngine();
    engine.set([{ kind: "server-error", share: 0.5 }]);
    const attempts = Array.from(
      { length: 200 },
      () => engine.hit("server-error", page(7)) !== undefined,
    );
    const failed = attempts.filter(Boolean).length;
    expect(failed).toBeGreaterThan(70);
    expect(failed).toBeLessThan(130);
  });

  it("hits nothing at 0 and everything at 1", () => {
    expect(hits({ kind: "server-error", share: 0 }, pages)).toEqual([]);
    expect(hits({ kind: "server-error", share: 1 }, pages)).toEqual(pages);
  });
});

describe("throttling", () => {
  it("holds one page or everything the fault selects", () => {
    const engine = createFaultEngine({ now: () => 0 });
    engine.set([{ kind: "throttle", scope: "page", times: 1 }]);
    expect(engine.throttled(page(1))).toMatchObject({ early: false });
    expect(engine.throttled(page(2))).toBeUndefined();
    expect(engine.throttled(page(1))).toMatchObject({ early: true });
    engine.set([{ kind: "throttle", times: 1 }]);
    expect(engine.throttled(page(1))).toMatchObject({ early: false });
    expect(engine.throttled(page(2))).toMatchObject({ early: true });
  });

  it("calls nothing early that was sent before the 429 arrived", () => {
    let now = 0;
    const engine = createFaultEngine({ now: () => now });
    engine.set([{ kind: "throttle", seconds: 5, times: 1 }]);
    expect(engine.throttled(page(1), 300)).toMatchObject({ retryAfter: "5", early: false });
    now = 200;
    expect(engine.throttled(page(2), 300)).toMatchObject({ early: false });
    now = 5299;
    expect(engine.throttled(page(1), 300)).toMatchObject({ early: true });
    now = 5300;
    expect(engine.throttled(page(1), 300)).toBeUndefined();
  });

  it("shortens Retry-After and its window on a faster clock", () => {
    let now = 0;
    const engine = createFaultEngine({ now: () => now, clockScale: () => 100 });
    engine.set([{ kind: "throttle", seconds: 30, times: 1 }]);
    expect(engine.throttled(page(1))).toMatchObject({ retryAfter: "0.300" });
    now = 299;
    expect(engine.throttled(page(1))).toMatchObject({ early: true });
    now = 300;
    expect(engine.throttled(page(1))).toBeUndefined();
  });
});

describe("changes while it runs", () => {
  it("adds faults without touching the counters of others, and removes by kind and stream", () => {
    const engine = createFaultEngine();
    engine.set([{ kind: "server-error", times: 1 }]);
    expect(engine.hit("server-error", page(1))).toBeDefined();
    engine.add([
      { kind: "truncated", stream: "users" },
      { kind: "truncated", stream: "usage" },
    ]);
    expect(engine.hit("server-error", page(1))).toBeUndefined();
    expect(engine.hit("truncated", page(1))).toBeDefined();
    engine.remove({ kind: "truncated", stream: "users" });
    expect(engine.list().map(({ kind, stream }) => [kind, stream])).toEqual([
      ["server-error", undefined],
      ["truncated", "usage"],
    ]);
    engine.remove({ kind: "server-error" });
    expect(engine.list()).toHaveLength(1);
  });

  it("changes nothing when one of the faults is wrong", () => {
    const engine = createFaultEngine();
    engine.set([{ kind: "truncated" }]);
    expect(() => engine.set([{ kind: "reset" }, { kind: "nothing" } as never])).toThrow();
    expect(engine.list()).toHaveLength(1);
  });
});

describe("createQuotas", () => {
  it("slides: 5 requests in 10 s, the sixth when the first is 10 s old", () => {
    let now = 0;
    const quotas = createQuotas(
      () => 1,
      () => now,
    );
    const take = () => quotas.take("reporting", { requests: 5, windowMs: 10_000 });
    for (now = 0; now < 5000; now += 1000) expect(take()).toBeUndefined();
    expect(take()).toEqual({ retryAfter: "5", early: false });
    now = 9999;
    expect(take()).toEqual({ retryAfter: "1", early: true });
    now = 10_000;
    expect(take()).toBeUndefined();
    expect(take()).toEqual({ retryAfter: "1", early: false });
    now = 11_000;
    expect(take()).toBeUndefined();
  });

  it("calls nothing early that was sent before the refusal arrived", () => {
    let now = 0;
    const quotas = createQuotas(
      () => 1,
      () => now,
    );
    const early = () => quotas.take("reporting", { requests: 1, windowMs: 10_000 }, 300)?.early;
    expect([early(), early()]).toEqual([undefined, false]);
    now = 299;
    expect(early()).toBe(false);
    now = 300;
    expect(early()).toBe(true);
  });

  it("passes faster on a faster clock", () => {
    let now = 0;
    const quotas = createQuotas(
      () => 600,
      () => now,
    );
    const take = () => quotas.take("usage", { requests: 14, windowMs: 600_000 });
    for (let i = 0; i < 14; i += 1) expect(take()).toBeUndefined();
    expect(take()).toEqual({ retryAfter: "1.000", early: false });
    now = 1000;
    expect(take()).toBeUndefined();
  });
});
