import { expect, test } from "vitest";
import { classifyGraphError, type FailedResponse, parseGraphError } from "./graph-errors.ts";

test("codes are read through innerError in both spellings, empty ones left out", () => {
  const body = {
    error: {
      code: "",
      message: "never read",
      innererror: {
        code: "Outer",
        "request-id": "11111111-2222-3333-4444-555555555555",
        innerError: { code: "Inner" },
      },
    },
  };
  expect(parseGraphError(body)).toEqual({
    codes: ["Outer", "Inner"],
    requestId: "11111111-2222-3333-4444-555555555555",
  });
});

test.each([undefined, null, "text", [], { error: "text" }, { value: [] }])(
  "%j is no Graph error",
  (body) => {
    expect(parseGraphError(body)).toBeNull();
  },
);

const response = (
  status: number,
  code?: string,
  more: Partial<FailedResponse> = {},
): FailedResponse => ({
  status,
  retryAfterMs: null,
  requestId: null,
  html: false,
  error: code === undefined ? null : { codes: [code], requestId: null },
  ...more,
});

test.each([
  [response(429, "TooManyRequests", { retryAfterMs: 5000 }), "throttled", "throttled", "later"],
  [response(503, "x", { retryAfterMs: 5000 }), "throttled", "throttled", "later"],
  [response(503), "upstream", "upstream-error", "later"],
  [response(500, "UnknownError"), "upstream", "upstream-error", "later"],
  [response(507), "upstream", "upstream-error", "later"],
  [response(501), "upstream", "bad-request", "never"],
  [response(401, "InvalidAuthenticationToken"), "credential", "token-refused", "never"],
  [response(403, "Authorization_RequestDenied"), "permission", "permission-missing", "never"],
  [response(403), "permission", "permission-missing", "never"],
  [response(403, undefined, { html: true }), "upstream", "upstream-error", "later"],
  [response(400, "Directory_ExpiredPageToken"), "upstream", "expired-page-token", "never"],
  [response(410, "syncStateNotFound"), "upstream", "expired-page-token", "never"],
  [response(400, "Request_UnsupportedQuery"), "upstream", "bad-request", "never"],
  [response(404, "Request_ResourceNotFound"), "upstream", "bad-request", "never"],
  [response(302), "upstream", "link-refused", "never"],
])("%j", (failed, failureClass, code, retry) => {
  const error = classifyGraphError(failed, "User.Read.All");
  expect([error.failure.class, error.failure.code, error.retry.kind]).toEqual([
    failureClass,
    code,
    retry,
  ]);
});

test("a 403 names the permission of the read", () => {
  const { failure } = classifyGraphError(response(403, "S2SUnauthorized"), "Reports.Read.All");
  expect(failure).toEqual({
    class: "permission",
    code: "permission-missing",
    permission: "Reports.Read.All",
    status: 403,
    facts: { graphCode: "S2SUnauthorized" },
  });
});

test("the non-premium refusal is asked again some times, then means not licensed", () => {
  const error = classifyGraphError(
    response(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
    "AuditLog.Read.All",
  );
  expect(error.failure.code).toBe("not-licensed");
  expect(error.retry).toEqual({ kind: "later", afterMs: null, attempts: 6 });
});

test("only machine words and ids get into the details", () => {
  const { failure } = classifyGraphError(
    response(400, "a sentence with someone@contoso.com", { requestId: "id with\r\nbreak" }),
    "User.Read.All",
  );
  expect(failure).toEqual({ class: "upstream", code: "bad-request", status: 400 });
});
