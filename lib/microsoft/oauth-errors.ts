import { classifyOAuthError, type OAuthFinding } from "#lib/domain/aadsts";
import { later, never, type RetryAdvice, UpstreamError, untilDeadline } from "#lib/http/failures";
import { isRecord } from "./wire/scalars.ts";

/** A refused call to the login service. `body` is the parsed JSON, undefined when it was none. */
export interface RefusedTokenCall {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

/** Attempts at one token for faults that pass. */
const tokenAttempts = 5;
const correlationShape = /^[\w-]{1,80}$/;

/**
 * The failure behind a token error: class and code by OAuth `error` and AADSTS numbers, never by the description.
 * Facts carry the OAuth word. Source: reference/microsoft-graph.md §1.4, §2.2.
 */
export function oauthFailure({ status, body, retryAfterMs }: RefusedTokenCall): UpstreamError {
  const { error, error_codes: codes, correlation_id: correlation } = isRecord(body) ? body : {};
  if (typeof error !== "string") {
    const throttled = status === 429;
    return new UpstreamError(
      {
        class: throttled ? "throttled" : "upstream",
        code: throttled ? "throttled" : "upstream-error",
        status,
      },
      throttled ? untilDeadline(retryAfterMs) : later(retryAfterMs, tokenAttempts),
    );
  }
  const numbers = Array.isArray(codes) ? codes.filter((code) => Number.isSafeInteger(code)) : [];
  const told = classifyOAuthError(error, numbers, status);
  return new UpstreamError(
    {
      ...told,
      status,
      ...(numbers[0] === undefined ? {} : { errorNumber: numbers[0] }),
      ...(typeof correlation === "string" && correlationShape.test(correlation)
        ? { correlationId: correlation }
        : {}),
      ...(/^[a-z_]{1,60}$/.test(error) ? { facts: { oauthError: error } } : {}),
    },
    adviceFor(told, retryAfterMs),
  );
}

function adviceFor(
  { class: failureClass, code }: OAuthFinding,
  retryAfterMs: number | null,
): RetryAdvice {
  if (failureClass === "throttled") return untilDeadline(retryAfterMs);
  return code === "upstream-error" ? later(retryAfterMs, tokenAttempts) : never;
}
