import { randomUUID } from "node:crypto";
import { isDatabaseFault } from "#lib/services/database-fault";
import { UseCaseError, type UseCaseErrorCode } from "#lib/services/errors";
import { log } from "./log.ts";

/** Refusals of the HTTP edge itself, before a use case is asked. */
export type EdgeCode = "malformed" | "too-large" | "unsupported-media-type";

/** A request that cannot be read. */
export class EdgeError extends Error {
  readonly code: EdgeCode;
  constructor(code: EdgeCode, message: string) {
    super(message);
    this.name = "EdgeError";
    this.code = code;
  }
}

export type ProblemCode = UseCaseErrorCode | EdgeCode | "unexpected";

/** The one map of codes to HTTP status and title. */
export const problems: Readonly<
  Record<ProblemCode, { readonly status: number; readonly title: string }>
> = {
  malformed: { status: 400, title: "The request cannot be read" },
  invalid: { status: 400, title: "Some of the input cannot be used" },
  unauthenticated: { status: 401, title: "A valid API token is needed" },
  forbidden: { status: 403, title: "The token's role does not allow this" },
  "not-found": { status: 404, title: "There is no such thing here" },
  conflict: { status: 409, title: "The present state does not allow this" },
  "newer-data": { status: 410, title: "Newer data is available" },
  "too-large": { status: 413, title: "The request is too large" },
  "unsupported-media-type": { status: 415, title: "Send JSON" },
  "rate-limited": { status: 429, title: "Too often" },
  unexpected: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "Not available at the moment" },
};

/** The body of a refusal (RFC 9457); `code` is stable, texts are for people. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly existingId?: string;
  /** Id of the log entry of an unexpected failure. */
  readonly incident?: string;
}

const toProblem = (
  code: ProblemCode,
  detail: string,
  more: Pick<Problem, "fields" | "existingId" | "incident"> = {},
): Problem => ({
  type: `urn:seatledger:problem:${code}`,
  ...problems[code],
  code,
  detail,
  ...more,
});

/** Headers of every answer of the API. */
export const apiHeaders = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

const respond = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...apiHeaders, "content-type": "application/problem+json", ...headers },
  });

const retryLater = (seconds: number) => ({ "retry-after": String(Math.ceil(seconds)) });

/** The answer to a failure: expected ones by code and text, the rest logged with an id and told as generic. */
export function problemResponse(
  error: unknown,
  request: { readonly method: string; readonly path: string },
): Response {
  if (error instanceof EdgeError) return respond(toProblem(error.code, error.message));
  if (error instanceof UseCaseError) return respondExpected(error);
  const incident = randomUUID();
  log.error({ err: error, incident, ...request }, "api");
  if (isDatabaseFault(error)) {
    const problem = toProblem("unavailable", "The database does not answer.", { incident });
    return respond(problem, retryLater(5));
  }
  return respond(toProblem("unexpected", `Report it with ${incident}.`, { incident }));
}

function respondExpected(error: UseCaseError): Response {
  const { code, message, fields, existingId, retryAfter } = error;
  const problem = toProblem(code, message, {
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(existingId === undefined ? {} : { existingId }),
  });
  return respond(problem, {
    ...(code === "unauthenticated" ? { "www-authenticate": 'Bearer realm="seatledger"' } : {}),
    ...(retryAfter === undefined ? {} : retryLater(retryAfter)),
  });
}
