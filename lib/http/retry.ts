import { ReadPaused, type SourceWait } from "#lib/import/ports";
import { never, UpstreamError } from "./failures.ts";

/** Time and chance, given so that tests decide them. `now` in ms since the epoch; `random` in [0, 1). */
export interface Clock {
  now(): number;
  random(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};

/**
 * Milliseconds a Retry-After header asks for: integer or decimal seconds, or an HTTP date. Null when it is missing,
 * zero, negative, in the past or garbage: then our own backoff decides. Source: reference/microsoft-graph.md §4.3.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  const value = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return positive(Number(value) * 1000);
  if (!/^[A-Za-z]{3,9},? /.test(value)) return null;
  return positive(Date.parse(value) - nowMs);
}

const positive = (ms: number): number | null =>
  Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : null;

/**
 * By how many milliseconds more than asked for a wait may be: many connections are let go at the same moment and must not
 * all come back in it.
 */
export const spreadOf = (waitMs: number, random: () => number): number =>
  Math.min(5000, Math.max(250, waitMs / 10)) * random();

const baseMs = 1000;
const capMs = 60_000;
/** Attempts after which an upstream that keeps asking for one short second is given longer pauses. */
const patience = 5;

/**
 * Milliseconds to wait before attempt `attempt + 1`. An asked-for wait is kept whole and spread a little upwards, so
 * that many connections do not return in the same moment; without one: exponential backoff, half of it by chance.
 */
export function waitBefore(attempt: number, afterMs: number | null, random: () => number): number {
  const backoff = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  const jittered = backoff / 2 + (backoff / 2) * random();
  if (afterMs === null) return jittered;
  return Math.max(afterMs + spreadOf(afterMs, random), attempt > patience ? jittered : 0);
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Longest time the request may take with all its waits, ms. */
  readonly deadlineMs: number;
  /** Lowers every advice's number of attempts. */
  readonly maxAttempts?: number;
  readonly onWait?: (wait: SourceWait) => void;
  /** Which errors are asked again here; others are thrown as they are. All by default. */
  readonly retries?: (error: UpstreamError) => boolean;
  /** A limit Microsoft gave a time for, of this length or longer, is left to the caller. Ms. */
  readonly pauseFromMs?: number;
}

/**
 * Calls `attempt` until it succeeds, its error says never, its attempts are used up, or the next wait would pass
 * the deadline; then the last error is thrown, with the number of attempts and no advice to go on.
 * @throws ReadPaused for a long limit, where the caller wants that; its wait is told, and no deadline counts.
 */
export async function withRetries<T>(
  attempt: (attemptNo: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, signal, maxAttempts = Number.POSITIVE_INFINITY, onWait } = options;
  const retries = options.retries ?? (() => true);
  const deadline = clock.now() + options.deadlineMs;
  for (let attemptNo = 1; ; attemptNo += 1) {
    try {
      return await attempt(attemptNo);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.retry.kind === "never") throw error;
      if (!retries(error)) throw error;
      const allowed = Math.min(maxAttempts, error.retry.attempts ?? Number.POSITIVE_INFINITY);
      const wait = waitBefore(attemptNo, error.retry.afterMs, clock.random);
      const until = new Date(clock.now() + wait);
      const kind = error.failure.class === "throttled" ? "limited" : "retry";
      const asked = kind === "limited" ? (error.retry.afterMs ?? 0) : 0;
      const pauses = asked >= (options.pauseFromMs ?? Number.POSITIVE_INFINITY);
      if (attemptNo >= allowed || (!pauses && until.getTime() > deadline)) {
        throw givenUp(error, attemptNo);
      }
      onWait?.({ kind, attempt: attemptNo, until });
      if (pauses) throw new ReadPaused(until, error.failure, { cause: error });
      await clock.sleep(wait, signal);
    }
  }
}

const givenUp = ({ failure, cause }: UpstreamError, attempts: number): UpstreamError =>
  new UpstreamError({ ...failure, facts: { ...failure.facts, attempts } }, never, { cause });
