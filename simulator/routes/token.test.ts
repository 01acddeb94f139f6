import { createHash, randomUUID, X509Certificate } from "node:crypto";
import { decodeJwt, importPKCS8, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { credentials } from "../defaults.ts";
import { testCertificate, testPrivateKey } from "../testing/certificate.ts";
import { testTenant } from "../testing/harness.ts";

type TokenError = {
  error: string;
  error_codes: number[];
  error_description: string;
  trace_id: string;
};

async function failure(
  response: Response | Promise<Response>,
): Promise<TokenError & { status: number }> {
  const answered = await response;
  return { ...((await answered.json()) as TokenError), status: answered.status };
}

describe("client credentials", () => {
  it("gives an app-only Graph token with the granted roles", async () => {
    const { requestToken, ownCredentials, spec } = await testTenant();
    const response = await requestToken(ownCredentials);
    const body = (await response.json()) as {
      access_token: string;
      expires_in: number;
      token_type: string;
    };
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
    expect(Object.keys(body).sort()).toEqual([
      "access_token",
      "expires_in",
      "ext_expires_in",
      "token_type",
    ]);
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: "https://graph.microsoft.com",
      iss: `https://sts.windows.net/${spec.id}/`,
      tid: spec.id,
      idtyp: "app",
      ver: "1.0",
      roles: expect.arrayContaining(["Organization.Read.All", "User.Read.All"]),
    });
  });

  it("accepts a domain, HTTP Basic and what MSAL adds to the request", async () => {
    const { apps, ownCredentials, spec } = await testTenant();
    const { client_id, client_secret, ...rest } = ownCredentials;
    const response = await apps.login.request(
      `/${spec.domains[0]}/oauth2/v2.0/token?client-request-id=${randomUUID()}`,
      {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${client_id}:${encodeURIComponent(client_secret)}`)}`,
          "content-type": "application/x-www-form-urlencoded;charset=utf-8",
        },
        body: new URLSearchParams({
          ...rest,
          "x-client-SKU": "msal.js.node",
          "x-ms-lib-capability": "retry-after, h429",
        }).toString(),
      },
    );
    expect(response.status).toBe(200);
  });

  it("leaves the roles claim out when nothing is granted", async () => {
    const { token, spec, tenant } = await testTenant({ app: { permissions: [] } });
    expect(decodeJwt(await token())).not.toHaveProperty("roles");
    tenant.grant(spec.apps[0]?.clientId ?? "", ["User.Read.All"]);
    expect(decodeJwt(await token())).toMatchObject({ roles: ["User.Read.All"] });
  });

  it("withholds the roles from the first tokens after consent while replication lasts", async () => {
    const { token, spec, tenant } = await testTenant();
    tenant.knobs.consentReplicationTokens = 2;
    tenant.grant(spec.apps[0]?.clientId ?? "", []);
    const roles = [await token(), await token(), await token()].map(
      (text) => decodeJwt(text).roles !== undefined,
    );
    expect(roles).toEqual([false, false, true]);
  });

  it.each([
    ["unknown tenant", randomUUID(), {}, 400, "invalid_request", 90002],
    ["malformed tenant", "not a tenant", {}, 400, "invalid_request", 900023],
    [
      "unknown application",
      undefined,
      { client_id: randomUUID() },
      400,
      "unauthorized_client",
      700016,
    ],
    [
      "application without consent",
      undefined,
      {
        client_id: credentials.multiTenantApp.clientId,
        client_secret: credentials.multiTenantApp.secret,
      },
      400,
      "unauthorized_client",
      700016,
    ],
    ["wrong secret", undefined, { client_secret: "wrong" }, 401, "invalid_client", 7000215],
    [
      "another resource",
      undefined,
      { scope: "https://graph.microsoft.us/.default" },
      400,
      "invalid_resource",
      500011,
    ],
    [
      "scope without /.default",
      undefined,
      { scope: "https://graph.microsoft.com/User.Read" },
      400,
      "invalid_scope",
      70011,
    ],
    ["unknown grant", undefined, { grant_type: "password" }, 400, "unsupported_grant_type", 70003],
  ])("refuses %s", async (_, segment, change, status, error, code) => {
    const { requestToken, ownCredentials, spec } = await testTenant();
    const body = await failure(requestToken({ ...ownCredentials, ...change }, segment ?? spec.id));
    expect(body).toMatchObject({ status, error, error_codes: [code] });
    expect(body.error_description).toMatch(
      new RegExp(`^AADSTS${code}: [^]*\\r\\nTrace ID: ${body.trace_id}\\r\\nCorrelation ID: `),
    );
  });

  it("refuses an expired secret, a missing one, and a disabled or deleted application", async () => {
    const { requestToken, ownCredentials, tenant, control, spec } = await testTenant({
      app: { secretExpiresAt: "2020-01-01T00:00:00Z" },
    });
    expect(await failure(requestToken(ownCredentials))).toMatchObject({
      status: 401,
      error_codes: [7000222],
    });
    const { client_secret: _, ...withoutSecret } = ownCredentials;
    expect(await failure(requestToken(withoutSecret))).toMatchObject({
      status: 401,
      error_codes: [7000218],
    });
    const path = `/tenants/${spec.id}/apps/${ownCredentials.client_id}`;
    await control("PATCH", `/apps/${ownCredentials.client_id}`, {
      secrets: [{ id: randomUUID(), value: ownCredentials.client_secret, expiresAt: null }],
    });
    await control("PATCH", path, { enabled: false });
    expect(await failure(requestToken(ownCredentials))).toMatchObject({
      error: "unauthorized_client",
      error_codes: [7000112],
    });
    tenant.revokeConsent(ownCredentials.client_id);
    expect(await failure(requestToken(ownCredentials))).toMatchObject({ error_codes: [7000229] });
  });

  it("throttles and fails as Entra does when told to", async () => {
    const { requestToken, ownCredentials, faults } = await testTenant();
    faults({ kind: "throttle", stream: "token", seconds: 30, times: 1 });
    const throttled = await requestToken(ownCredentials);
    expect(throttled.headers.get("retry-after")).toBe("30");
    expect(await failure(throttled)).toMatchObject({ status: 429, error_codes: [90055] });
    faults({ kind: "server-error", stream: "token", body: "html" });
    const html = await requestToken(ownCredentials);
    expect([html.status, html.headers.get("content-type")]).toEqual([503, "text/html"]);
  });
});

describe("certificate assertion", () => {
  async function assertion(
    clientId: string,
    tenantId: string,
    alg: "PS256" | "RS256",
    change: { thumbprint?: string; expiresIn?: number } = {},
  ) {
    const der = new X509Certificate(testCertificate).raw;
    const digest =
      change.thumbprint ??
      createHash(alg === "PS256" ? "sha256" : "sha1")
        .update(der)
        .digest("base64url");
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader(
        alg === "PS256"
          ? { alg, typ: "JWT", "x5t#S256": digest }
          : { alg, typ: "JWT", x5t: digest },
      )
      .setAudience(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`)
      .setIssuer(clientId)
      .setSubject(clientId)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + (change.expiresIn ?? 600))
      .sign(await importPKCS8(testPrivateKey, alg));
  }

  it.each(["PS256", "RS256"] as const)(
    "accepts %s with the real login host as audience",
    async (alg) => {
      const { requestToken, ownCredentials, spec, control } = await testTenant();
      await control("PATCH", `/apps/${ownCredentials.client_id}`, {
        certificates: [testCertificate],
      });
      const { client_secret: _, ...form } = ownCredentials;
      const send = async (text: string) =>
        requestToken({
          ...form,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: text,
        });
      const good = await send(await assertion(form.client_id, spec.id, alg));
      expect(good.status).toBe(200);
      expect(
        decodeJwt(((await good.json()) as { access_token: string }).access_token).appidacr,
      ).toBe("2");
      expect(
        await failure(send(await assertion(form.client_id, spec.id, alg, { thumbprint: "AAAA" }))),
      ).toMatchObject({ error_codes: [700027] });
      expect(
        await failure(send(await assertion(form.client_id, spec.id, alg, { expiresIn: -600 }))),
      ).toMatchObject({ error_codes: [500133] });
      expect(await failure(send(await assertion(form.client_id, randomUUID(), alg)))).toMatchObject(
        { error_codes: [50012] },
      );
    },
  );
});
