import type { Cloud } from "#lib/domain/connection";
import { createFetch, type HttpLimits } from "#lib/http/transport";
import type { SourceWait } from "#lib/import/ports";
import { type OriginOverrides, originsOf } from "../clouds.ts";
import { createGraphClient, type GraphClient } from "../graph-client.ts";
import type { Pacer } from "../pacing.ts";
import { createUnpacedPacer } from "./local-pacer.ts";

/** A clock that stands still but for the sleeps asked of it, which return at once. */
export interface TestClock {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly sleeps: readonly number[];
}

export function createTestClock(start = Date.parse("2026-11-23T12:00:00Z")): TestClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    now: () => now,
    random: () => 0,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
    sleeps,
  };
}

export interface TestClient {
  readonly client: GraphClient;
  readonly clock: TestClock;
  /** `fresh` of each token asked for. */
  readonly tokensAsked: readonly boolean[];
}

/** A client on the given origins, with a token `cached`, or `fresh` once it was asked for anew. */
export function createTestClient(
  origins: OriginOverrides,
  options: {
    readonly cloud?: Cloud;
    readonly deadlineMs?: number;
    readonly limits?: Partial<HttpLimits>;
    /** One without budgets by default. */
    readonly createPacer?: (now: () => number) => Pacer;
    readonly getToken?: (options: { fresh: boolean }) => Promise<string>;
  } = {},
): TestClient {
  const clock = createTestClock();
  const tokensAsked: boolean[] = [];
  const { cloud = "global", getToken, createPacer = createUnpacedPacer, ...rest } = options;
  const client = createGraphClient({
    cloud,
    origins: originsOf(cloud, origins),
    getToken: async ({ fresh }) => {
      tokensAsked.push(fresh);
      return getToken ? getToken({ fresh }) : fresh ? "fresh" : "cached";
    },
    fetch: createFetch(),
    pacer: createPacer(clock.now),
    now: clock.now,
    random: clock.random,
    sleep: clock.sleep,
    ...rest,
  });
  return { client, clock, tokensAsked };
}

/** Options of a read, and the waits it told of. */
export function createReadOptions() {
  const waits: SourceWait[] = [];
  const abort = new AbortController();
  return {
    options: { signal: abort.signal, onWait: (wait: SourceWait) => waits.push(wait) },
    waits,
    abort,
  };
}

/** Everything an async iterable gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
