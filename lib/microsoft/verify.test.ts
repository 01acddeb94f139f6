import { UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import type { Cloud } from "#lib/domain/connection";
import { permissions } from "#lib/domain/connection";
import { FailureError } from "#lib/domain/failure";
import { later, upstream } from "#lib/http/failures";
import { createTestClient } from "./testing/client.ts";
import { type Handler, sendGraphError, sendJson, startServer } from "./testing/http-server.ts";
import { type VerifyInput, verifyAccess } from "./verify.ts";
import type { VerifiedEndpoint } from "./verify-probes.ts";

const tenantId = "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01";
const everything = permissions.map(({ name }) => name);

const organization = {
  value: [
    {
      id: tenantId,
      displayName: "Contoso",
      verifiedDomains: [{ name: "contoso.com", isDefault: true }],
    },
  ],
};

/** Graph with everything granted; `refuse` may answer instead. */
const graph =
  (refuse: (path: string) => { status: number; code: string } | null = () => null): Handler =>
  ({ url }, response) => {
    const refusal = refuse(url);
    if (refusal) return sendGraphError(response, refusal.status, refusal.code);
    if (url.startsWith("/v1.0/organization")) return sendJson(response, 200, organization);
    if (url === "/v1.0/admin/reportSettings") {
      return sendJson(response, 200, { displayConcealedNames: false });
    }
    if (!url.startsWith("/v1.0/reports/")) return sendJson(response, 200, { value: [] });
    response.writeHead(302, { location: "https://reportsncu.office.com/data?token=t" });
    response.end();
  };

async function verify(
  handler: Handler,
  options: { roles?: readonly string[]; cloud?: Cloud; tokens?: VerifyInput["tokens"] } = {},
) {
  await using server = await startServer(handler);
  const token = new UnsecuredJWT({ roles: [...(options.roles ?? everything)] }).encode();
  const { client } = createTestClient(
    { graph: server.origin },
    { getToken: async () => token, ...(options.cloud ? { cloud: options.cloud } : {}) },
  );
  const tokens = options.tokens ?? { getToken: async () => token, dropTokens: () => undefined };
  const { signal } = new AbortController();
  const report = await verifyAccess({ client, tokens, tenantId: tenantId.toUpperCase(), signal });
  const outcomes = Object.fromEntries(
    report.checks.map(({ endpoint, outcome }) => [endpoint, outcome.kind]),
  );
  return { report, outcomes, urls: server.requests.map(({ url }) => url) };
}

test("everything granted: every endpoint is tried once and the tenant is named", async () => {
  const { report, outcomes, urls } = await verify(graph());
  expect(new Set(Object.values(outcomes))).toEqual(new Set(["ok"]));
  expect(report).toMatchObject({
    tokenFailure: null,
    tenant: { displayName: "Contoso", defaultDomain: "contoso.com" },
    usable: true,
    pending: false,
  });
  expect(report.permissions.every(({ granted }) => granted)).toBe(true);
  expect(urls).toHaveLength(9);
  expect(urls.filter((url) => url.includes("$top=1")).length).toBe(4);
});

test("an optional permission declined: its endpoint says so, imports can run, nothing is pending", async () => {
  const { report, outcomes } = await verify(
    graph((url) =>
      url.includes("signInActivity")
        ? { status: 403, code: "Authentication_MSGraphPermissionMissing" }
        : null,
    ),
    { roles: everything.filter((name) => name !== "AuditLog.Read.All") },
  );
  expect(outcomes["sign-ins"]).toBe("missing-permission");
  expect(
    report.permissions.find(({ permission }) => permission === "AuditLog.Read.All")?.granted,
  ).toBe(false);
  expect([report.usable, report.pending]).toEqual([true, false]);
});

test.each([
  [
    "a token without roles",
    { roles: [] },
    () => ({ status: 403, code: "Authorization_RequestDenied" }),
  ],
  [
    "roles in the token that Graph does not know yet",
    {},
    () => ({ status: 403, code: "Authorization_RequestDenied" }),
  ],
  [
    "a 401 of a service that does not know the app yet",
    {},
    () => ({ status: 401, code: "Authorization_IdentityNotFound" }),
  ],
])("%s: pending, not usable", async (_, options, refuse) => {
  const { report } = await verify(graph(refuse), options);
  expect([report.usable, report.pending]).toEqual([false, true]);
});

test("no premium license: not licensed, whatever else", async () => {
  const { report, outcomes } = await verify(
    graph((url) =>
      url.includes("signInActivity")
        ? { status: 403, code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant" }
        : null,
    ),
  );
  expect(outcomes["sign-ins"]).toBe("not-licensed");
  expect([report.usable, report.pending]).toEqual([true, false]);
});

test("in China usage is not offered and not asked for", async () => {
  const { outcomes, urls } = await verify(graph(), { cloud: "china" });
  expect([outcomes["report-settings"], outcomes["usage-report"]]).toEqual([
    "not-offered",
    "not-offered",
  ]);
  expect(urls.some((url) => url.includes("report"))).toBe(false);
});

test("another organisation answers: tenant mismatch, and its name is not told", async () => {
  const { report } = await verify(({ url }, response) =>
    url.startsWith("/v1.0/organization")
      ? sendJson(response, 200, {
          value: [{ ...organization.value[0], id: "fab21ca0-5e8f-4b7d-8c31-2d9e4f6a7b02" }],
        })
      : sendJson(response, 200, { value: [] }),
  );
  const check = report.checks.find(
    ({ endpoint }) => endpoint === ("organization" satisfies VerifiedEndpoint),
  );
  expect(check?.outcome).toEqual({
    kind: "failed",
    failure: { class: "tenant", code: "tenant-mismatch" },
  });
  expect([report.tenant, report.usable, report.pending]).toEqual([null, false, false]);
});

test("an answer of another shape is no success", async () => {
  const { report } = await verify((_, response) => sendJson(response, 200, { hello: "world" }));
  expect(report.checks.map(({ outcome }) => outcome.kind)).toEqual(
    report.checks.map(() => "failed"),
  );
  expect(report.usable).toBe(false);
});

test("a report that would come from an unknown host is told", async () => {
  const { outcomes, report } = await verify((seen, response, index) => {
    if (!seen.url.startsWith("/v1.0/reports/")) return graph()(seen, response, index);
    response.writeHead(302, { location: "https://reports.example.net/d" });
    return response.end();
  });
  expect(outcomes["usage-report"]).toBe("failed");
  expect(report.usable).toBe(true);
});

test.each([
  ["app-not-in-tenant", true],
  ["secret-wrong", false],
])("no token because of %s: pending %s", async (code, pending) => {
  const failure = { class: "credential", code } as const;
  const tokens: VerifyInput["tokens"] = {
    getToken: async () => {
      throw new FailureError(failure);
    },
    dropTokens: () => undefined,
  };
  const { report, urls } = await verify(graph(), { tokens });
  expect(report).toMatchObject({ tokenFailure: failure, checks: [], usable: false, pending });
  expect(urls).toEqual([]);
});

test("a token that fails in passing is asked for again", async () => {
  const token = new UnsecuredJWT({ roles: [...everything] }).encode();
  let calls = 0;
  const tokens: VerifyInput["tokens"] = {
    getToken: async () => {
      calls += 1;
      if (calls < 3) throw upstream("upstream-error", later(), { status: 503 });
      return token;
    },
    dropTokens: () => undefined,
  };
  const { report } = await verify(graph(), { tokens });
  expect([calls, report.tokenFailure, report.usable]).toEqual([3, null, true]);
});

test("a throttled endpoint is waited for a little, then told", async () => {
  await using server = await startServer(({ url }, response) =>
    url.startsWith("/v1.0/groups")
      ? sendGraphError(response, 429, "TooManyRequests", { "retry-after": "300" })
      : sendJson(response, 200, organization),
  );
  const token = new UnsecuredJWT({ roles: [...everything] }).encode();
  const { client } = createTestClient({ graph: server.origin }, { getToken: async () => token });
  const report = await verifyAccess({
    client,
    tokens: { getToken: async () => token, dropTokens: () => undefined },
    tenantId,
    signal: new AbortController().signal,
  });
  expect(report.checks.find(({ endpoint }) => endpoint === "groups")?.outcome).toMatchObject({
    kind: "failed",
    failure: { class: "throttled" },
  });
});
