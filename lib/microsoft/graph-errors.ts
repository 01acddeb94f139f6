import type { PermissionName } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import {
  later,
  never,
  type RetryAdvice,
  UpstreamError,
  untilDeadline,
  upstream,
} from "#lib/http/failures";
import { isRecord } from "./wire/scalars.ts";

/** What Graph said about a failed request, without its message texts. Source: reference/microsoft-graph.md §4.5. */
export interface GraphErrorBody {
  /** `error.code` and the codes nested in innerError, outermost first, empty ones left out. */
  readonly codes: readonly string[];
  readonly requestId: string | null;
}

const maxDepth = 8;

/** Reads `{error: {code, innerError}}`; the key is also spelled `innererror` and may nest. Null when it is none. */
export function parseGraphError(body: unknown): GraphErrorBody | null {
  if (!isRecord(body) || !isRecord(body.error)) return null;
  const codes: string[] = [];
  let requestId: string | null = null;
  let level: unknown = body.error;
  for (let depth = 0; depth < maxDepth && isRecord(level); depth += 1) {
    if (typeof level.code === "string" && level.code !== "") codes.push(level.code);
    if (typeof level["request-id"] === "string") requestId ??= level["request-id"];
    level = level.innerError ?? level.innererror;
  }
  return { codes, requestId };
}

/** What is known of a failed response. */
export interface FailedResponse {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly error: GraphErrorBody | null;
  /** The body was an HTML page: a gateway answered, not Graph. */
  readonly html: boolean;
}

const expiredToken = ["Directory_ExpiredPageToken", "syncStateNotFound", "resyncRequired"];
const nonPremium = ["Authentication_RequestFromNonPremiumTenantOrB2CTenant"];
/** The refusal is reported to come and go on tenants that have the license, so it is asked again some times. */
const nonPremiumAttempts = 6;
const gatewayAttempts = 3;

/** Codes told by `classifyGraphError` that callers act on. */
export const expiredPageToken = "expired-page-token";
export const badRequest = "bad-request";
export const notLicensed = "not-licensed";

/**
 * The failure behind a response other than 2xx, by status and code, never by message.
 * Source: reference/microsoft-graph.md §4.5, reference/fault-catalogue.md §1.
 */
export function classifyGraphError(
  response: FailedResponse,
  permission: PermissionName,
): UpstreamError {
  const { status, retryAfterMs, error } = response;
  const more = details(response);
  const has = (codes: readonly string[]) =>
    error?.codes.some((code) => codes.includes(code)) ?? false;

  if (status === 429)
    return fail({ class: "throttled", code: "throttled", ...more }, untilDeadline(retryAfterMs));
  if (status === 503 && retryAfterMs !== null) {
    return fail({ class: "throttled", code: "throttled", ...more }, untilDeadline(retryAfterMs));
  }
  if (status === 401) return fail({ class: "credential", code: "token-refused", ...more }, never);
  if (status === 403 && response.html)
    return upstream("upstream-error", later(null, gatewayAttempts), more);
  if (status === 403 && has(nonPremium)) {
    return fail(
      { class: "tenant", code: notLicensed, ...more },
      later(retryAfterMs, nonPremiumAttempts),
    );
  }
  if (status === 403)
    return fail({ class: "permission", code: "permission-missing", permission, ...more }, never);
  if (has(expiredToken)) return upstream(expiredPageToken, never, more);
  if (status === 408 || (status >= 500 && status !== 501))
    return upstream("upstream-error", later(retryAfterMs), more);
  if (status >= 300 && status < 400) return upstream("link-refused", never, more);
  return upstream(badRequest, never, more);
}

const fail = (failure: Failure, retry: RetryAdvice) => new UpstreamError(failure, retry);

const machineWord = /^[\w.-]{1,80}$/;
const requestIdShape = /^[\w-]{1,80}$/;

function details({ status, requestId, error }: FailedResponse): Omit<Failure, "class" | "code"> {
  const id = requestId ?? error?.requestId ?? null;
  const code = error?.codes.find((word) => machineWord.test(word));
  return {
    status,
    ...(id && requestIdShape.test(id) ? { requestId: id } : {}),
    ...(code ? { facts: { graphCode: code } } : {}),
  };
}
