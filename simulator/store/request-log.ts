import type { Stream } from "../types.ts";

/** One request a tenant received. */
export type LoggedRequest = {
  at: string;
  method: string;
  /** Path without the query's values: tokens stay out of the log. */
  path: string;
  stream: Stream;
  endpoint: string;
  page: number;
  status: number;
  requestId: string;
  /** Header `x-ms-throttle-priority`. */
  priority: string | null;
  /** Refused because it came before a Retry-After had passed. */
  early: boolean;
};

const KEPT = 2000;

/** An empty log: it counts all requests of a tenant and keeps the last 2 000. */
export function createRequestLog() {
  let entries: LoggedRequest[] = [];
  let byStream = new Map<string, number>();
  let byEndpoint = new Map<string, number>();
  let total = 0;
  let early = 0;

  return {
    add(entry: LoggedRequest): void {
      total += 1;
      if (entry.early) early += 1;
      byStream.set(entry.stream, (byStream.get(entry.stream) ?? 0) + 1);
      byEndpoint.set(entry.endpoint, (byEndpoint.get(entry.endpoint) ?? 0) + 1);
      entries.push(entry);
      if (entries.length > KEPT * 2) entries = entries.slice(-KEPT);
    },
    /** Totals since the start or the last `clear`. */
    counts() {
      return {
        total,
        earlyRetries: early,
        byStream: Object.fromEntries(byStream),
        byEndpoint: Object.fromEntries(byEndpoint),
      };
    },
    entries: (): readonly LoggedRequest[] => entries.slice(-KEPT),
    clear(): void {
      entries = [];
      byStream = new Map();
      byEndpoint = new Map();
      total = 0;
      early = 0;
    },
  };
}
