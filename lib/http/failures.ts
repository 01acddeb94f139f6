import { type Failure, FailureError } from "#lib/domain/failure";

/** Whether asking again can help. `attempts` null = as long as the deadline allows; `afterMs` null = our own backoff. */
export type RetryAdvice =
  | { readonly kind: "never" }
  | { readonly kind: "later"; readonly afterMs: number | null; readonly attempts: number | null };

/** A failed call to Microsoft: what is told, and whether to ask again. */
export class UpstreamError extends FailureError {
  readonly retry: RetryAdvice;
  constructor(failure: Failure, retry: RetryAdvice, options?: ErrorOptions) {
    super(failure, options);
    this.name = "UpstreamError";
    this.retry = retry;
  }
}

/** Attempts at one request for faults that pass (5xx, resets, timeouts, unreadable bodies). */
const transientAttempts = 8;

export const never: RetryAdvice = { kind: "never" };

/** Ask again a bounded number of times. */
export const later = (
  afterMs: number | null = null,
  attempts = transientAttempts,
): RetryAdvice => ({
  kind: "later",
  afterMs,
  attempts,
});

/** Throttled: ask again as long as the deadline allows. */
export const untilDeadline = (afterMs: number | null): RetryAdvice => ({
  kind: "later",
  afterMs,
  attempts: null,
});

/** A failure of class `upstream`. Codes: reference/fault-catalogue.md §1. */
export const upstream = (
  code: string,
  retry: RetryAdvice,
  more: Omit<Failure, "class" | "code"> = {},
  cause?: unknown,
): UpstreamError =>
  new UpstreamError(
    { class: "upstream", code, ...more },
    retry,
    cause === undefined ? {} : { cause },
  );
