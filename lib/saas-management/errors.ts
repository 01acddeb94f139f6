import type { Failure } from "#lib/domain/failure";
import {
  later,
  never,
  type RetryAdvice,
  UpstreamError,
  untilDeadline,
  upstream,
} from "#lib/http/failures";

/** What is known of a response other than 200. */
export interface RefusedResponse {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** OAuth's `error`, of the token endpoint only. */
  readonly oauthError?: string | null;
}

const tokenAttempts = 5;
const oauthWord = /^[a-z_]{1,60}$/;

const fail = (failure: Failure, retry: RetryAdvice) => new UpstreamError(failure, retry);

/** Limits and faults that pass, of whatever endpoint; null = it says something about the request. */
function passing({ status, retryAfterMs }: RefusedResponse, attempts?: number) {
  const limited = status === 429 || (status === 503 && retryAfterMs !== null);
  if (limited) {
    return fail({ class: "throttled", code: "throttled", status }, untilDeadline(retryAfterMs));
  }
  if (status === 408 || (status >= 500 && status !== 501)) {
    return upstream("upstream-error", later(retryAfterMs, attempts), { status });
  }
  return null;
}

/**
 * The failure behind an answer of the API, by status alone: its texts are not read. A role that is missing and an
 * organisation that is not known differ from a credential that is refused, because other people mend them.
 */
export function classifyApiError(response: RefusedResponse): UpstreamError {
  const { status } = response;
  const passes = passing(response);
  if (passes !== null) return passes;
  if (status === 401)
    return fail({ class: "credential", code: "saas-token-refused", status }, never);
  if (status === 403)
    return fail({ class: "permission", code: "saas-role-missing", status }, never);
  if (status === 404) return fail({ class: "tenant", code: "saas-not-found", status }, never);
  if (status >= 300 && status < 400) return upstream("link-refused", never, { status });
  return upstream("bad-request", never, { status });
}

/** The failure behind an answer of the token endpoint: an expired or revoked credential, another region's, a limit. */
export function classifyTokenError(response: RefusedResponse): UpstreamError {
  const { status, oauthError } = response;
  const passes = passing(response, tokenAttempts);
  if (passes !== null) return passes;
  const facts = oauthError && oauthWord.test(oauthError) ? { facts: { oauthError } } : {};
  if (status >= 300 && status < 400) return upstream("link-refused", never, { status });
  return fail({ class: "credential", code: "saas-credential-refused", status, ...facts }, never);
}

/** The same failure, telling that it is SaaS Management's: it is told as Microsoft's otherwise. */
export function ofService(error: UpstreamError): UpstreamError {
  const { failure, retry, cause } = error;
  const facts = { ...failure.facts, service: "saas-management" };
  return new UpstreamError({ ...failure, facts }, retry, { cause });
}

/** A failure of class `upstream` of SaaS Management. */
export const saasUpstream = (
  code: string,
  retry: RetryAdvice,
  more: Omit<Failure, "class" | "code"> = {},
): UpstreamError => ofService(upstream(code, retry, more));
