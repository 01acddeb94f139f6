import { retryAfterText } from "./retry-after.ts";

/** A limit of Microsoft's: so many requests within a window. */
export type Quota = { requests: number; windowMs: number };

/** A request over a limit. `early`: it came although the last refusal had told when to come again. */
export type OverQuota = { retryAfter: string; early: boolean };

/** The sliding windows of one tenant. */
export type Quotas = ReturnType<typeof createQuotas>;

/** Creates windows that nobody has used. `clockScale` = how many times faster than real time they pass. */
export function createQuotas(clockScale: () => number, now: () => number = Date.now) {
  const windows = new Map<string, { served: number[]; told: number; refusedUntil: number }>();
  return {
    /**
     * Counts a request under `name`, or refuses it: refused ones do not count. The refusal leaves `latencyMs` from now:
     * only from then on a request can be early.
     */
    take(name: string, quota: Quota, latencyMs = 0): OverQuota | undefined {
      const window = windows.get(name) ?? { served: [], told: 0, refusedUntil: 0 };
      windows.set(name, window);
      const length = quota.windowMs / clockScale();
      const at = now();
      window.served = window.served.filter((served) => served > at - length);
      const oldest = window.served[window.served.length - quota.requests];
      if (oldest === undefined) {
        window.served.push(at);
        return undefined;
      }
      const early = at >= window.told && at < window.refusedUntil;
      if (at >= window.refusedUntil) window.told = at + latencyMs;
      window.refusedUntil = oldest + length;
      return {
        retryAfter: retryAfterText("integer", oldest + length, at, clockScale()) ?? "1",
        early,
      };
    },
    /** Forgets what was used. */
    clear: () => windows.clear(),
  };
}
