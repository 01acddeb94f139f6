import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createApps } from "../apps.ts";
import { credentials, defaultApps, tenantIds } from "../defaults.ts";
import { APP_URL, origins } from "../testing/harness.ts";

const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
const PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const consentUri = `${APP_URL}/connect/consent`;
const proofUri = `${APP_URL}/connect/proof`;
const app = credentials.multiTenantApp;

async function demo() {
  const { store, apps } = await createApps(origins, {
    apps: defaultApps([APP_URL]),
  });
  const personOf = (tenantId: string, role: string) => {
    const person = store
      .findTenant(tenantId)
      ?.spec.people.find((candidate) => candidate.role === role);
    if (!person) throw new Error(`no ${role}`);
    return person;
  };
  /** Opens a page and presses one of its buttons, as a browser would. */
  const press = async (path: string, html: string, button: Record<string, string>) => {
    const request = html.match(/name="request" value="([^"]+)"/)?.[1];
    if (!request) throw new Error(`no form in: ${html}`);
    return apps.login.request(path, {
      method: "POST",
      body: new URLSearchParams({ request, ...button }),
    });
  };
  const open = async (path: string) => {
    const response = await apps.login.request(path);
    return {
      status: response.status,
      html: await response.text(),
      location: response.headers.get("location"),
    };
  };
  const target = (response: Response) =>
    new URL(response.headers.get("location") ?? "http://nowhere.test");
  return { store, apps, personOf, press, open, target };
}

const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

describe("authorize and code redemption", () => {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");

  async function signIn(tenantId: string, role: string, change: Record<string, string> = {}) {
    const simulator = await demo();
    const parameters = {
      client_id: app.clientId,
      response_type: "code",
      redirect_uri: proofUri,
      scope: "openid profile",
      state: "s-1",
      nonce: "n-1",
      code_challenge: challenge,
      code_challenge_method: "S256",
      prompt: "select_account",
      ...change,
    };
    const path = `/${tenantId}/oauth2/v2.0/authorize?${query(parameters)}`;
    const { html } = await simulator.open(path);
    const person = simulator.personOf(tenantId, role);
    const response = await simulator.press(path, html, { account: `${tenantId}/${person.oid}` });
    const redirect = simulator.target(response);
    const redeem = async (form: Record<string, string> = {}) => {
      const answer = await simulator.apps.login.request(`/${tenantId}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: parameters.client_id,
          client_secret: app.secret,
          code: redirect.searchParams.get("code") ?? "",
          redirect_uri: parameters.redirect_uri,
          code_verifier: verifier,
          ...form,
        }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    return { ...simulator, html, person, redirect, redeem };
  }

  it("gives an ID token for the person chosen, signed with a published key, issued by Microsoft", async () => {
    const { apps, redirect, redeem, person, html } = await signIn(
      tenantIds.fabrikam,
      "global-administrator",
    );
    expect(html).toContain("Seatledger");
    expect(`${redirect.origin}${redirect.pathname}`).toBe(proofUri);
    expect(redirect.searchParams.get("state")).toBe("s-1");
    const { status, body } = await redeem();
    expect(status).toBe(200);
    const keys = (await (
      await apps.login.request("/common/discovery/v2.0/keys")
    ).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(String(body.id_token), createLocalJWKSet(keys), {
      issuer: `https://login.microsoftonline.com/${tenantIds.fabrikam}/v2.0`,
      audience: app.clientId,
    });
    expect(payload).toMatchObject({
      tid: tenantIds.fabrikam,
      oid: person.oid,
      nonce: "n-1",
      ver: "2.0",
      preferred_username: person.userPrincipalName,
      acct: 0,
    });
    expect(payload.wids).toContain(GLOBAL_ADMINISTRATOR);
    expect(payload).not.toHaveProperty("idp");
  });

  it.each([
    ["privileged-role-administrator", [PRIVILEGED_ROLE_ADMINISTRATOR]],
    ["eligible-administrator", []],
    ["employee", []],
    ["guest", []],
  ])("names only the active administrator roles of a %s", async (role, expected) => {
    const { redeem } = await signIn(tenantIds.contoso, role);
    const claims = decodeJwt(String((await redeem()).body.id_token));
    const wids = (claims.wids as string[]).filter((id) =>
      [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].includes(id),
    );
    expect(wids).toEqual(expected);
    expect(claims.idp === undefined).toBe(role !== "guest");
  });

  it.each([
    ["a second time", async (redeem: Redeem) => void (await redeem()), {}, 54005],
    ["with another verifier", async () => {}, { code_verifier: "x".repeat(43) }, 501481],
    ["with another redirect URI", async () => {}, { redirect_uri: consentUri }, 500112],
    ["with a wrong secret", async () => {}, { client_secret: "wrong" }, 7000215],
    ["with a made-up code", async () => {}, { code: "nonsense" }, 9002313],
  ])("does not redeem a code %s", async (_, first, form, code) => {
    const { redeem } = await signIn(tenantIds.fabrikam, "employee");
    await first(redeem);
    const { status, body } = await redeem(form);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error_codes).toEqual([code]);
  });

  it("refuses on the page, never by redirect: unknown application, foreign redirect URI, unknown tenant", async () => {
    const { open } = await demo();
    const base = {
      client_id: app.clientId,
      response_type: "code",
      redirect_uri: proofUri,
      scope: "openid",
    };
    const cases: [string, Record<string, string>, string][] = [
      [tenantIds.fabrikam, { client_id: tenantIds.fabrikam }, "AADSTS700016"],
      [tenantIds.fabrikam, { redirect_uri: `${proofUri}/` }, "AADSTS50011"],
      ["99999999-9999-4999-8999-999999999999", {}, "AADSTS90002"],
    ];
    for (const [tenant, change, code] of cases) {
      const { status, html, location } = await open(
        `/${tenant}/oauth2/v2.0/authorize?${query({ ...base, ...change })}`,
      );
      expect([status, location]).toEqual([400, null]);
      expect(html).toContain(code);
    }
  });

  it("gives the console an issuer equal to its discovery document, the owner role and no wids", async () => {
    const { apps, press, open, target, store } = await demo();
    const authority = `/${tenantIds.woodgrove}/v2.0/.well-known/openid-configuration`;
    const discovery = (await (await apps.login.request(authority)).json()) as {
      issuer: string;
      authorization_endpoint: string;
      token_endpoint: string;
    };
    const { clientId, secret } = credentials.signIn;
    const redirectUri = `${APP_URL}/api/auth/callback/azure-ad`;
    const path = `${discovery.authorization_endpoint.slice(origins.login.length)}?${query({ client_id: clientId, response_type: "code", redirect_uri: redirectUri, scope: "openid profile email", nonce: "n" })}`;
    const owner = store.findTenant(tenantIds.woodgrove)?.spec.people[0];
    const { html } = await open(path);
    expect(html).toContain("sam.whitlock@tailspin.example");
    const code =
      target(
        await press(path, html, { account: `${tenantIds.woodgrove}/${owner?.oid}` }),
      ).searchParams.get("code") ?? "";
    const answer = await apps.login.request(discovery.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: clientId,
        client_secret: secret,
        code,
        redirect_uri: redirectUri,
      }),
    });
    const claims = decodeJwt(((await answer.json()) as { id_token: string }).id_token);
    expect(claims).toMatchObject({
      iss: discovery.issuer,
      tid: tenantIds.woodgrove,
      oid: owner?.oid,
      roles: ["owner"],
      name: "Martina Keller",
    });
    expect(claims).not.toHaveProperty("wids");
  });
});

type Redeem = (form?: Record<string, string>) => Promise<unknown>;

describe("admin consent", () => {
  const parameters = {
    client_id: app.clientId,
    scope: "https://graph.microsoft.com/.default",
    redirect_uri: consentUri,
    state: "abc/+ =",
  };
  const path = (tenant: string, change: Record<string, string> = {}) =>
    `/${tenant}/v2.0/adminconsent?${query({ ...parameters, ...change })}`;

  async function choose(tenantId: string, role: string, segment = "organizations") {
    const simulator = await demo();
    const { html } = await simulator.open(path(segment));
    const person = simulator.personOf(tenantId, role);
    const response = await simulator.press(path(segment), html, {
      account: `${tenantId}/${person.oid}`,
    });
    return {
      ...simulator,
      status: response.status,
      html: await response.text(),
      location: response.headers.get("location"),
    };
  }

  it("lists every permission, and Accept grants them and goes back with admin_consent=True", async () => {
    const { html, press, target, store } = await choose(
      tenantIds.northwind,
      "global-administrator",
    );
    for (const permission of [
      "Organization.Read.All",
      "User.Read.All",
      "GroupMember.Read.All",
      "AuditLog.Read.All",
      "Reports.Read.All",
      "ReportSettings.Read.All",
    ])
      expect(html).toContain(permission);
    const tenant = store.findTenant(tenantIds.northwind);
    expect(tenant?.servicePrincipals.has(app.clientId)).toBe(false);
    const url = target(await press(path("organizations"), html, { action: "accept" }));
    expect(`${url.origin}${url.pathname}`).toBe(consentUri);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      admin_consent: "True",
      tenant: tenantIds.northwind,
      state: parameters.state,
    });
    expect([...(tenant?.servicePrincipals.get(app.clientId)?.permissions ?? [])]).toContain(
      "Reports.Read.All",
    );
  });

  it("lets a Privileged Role Administrator accept", async () => {
    const { html } = await choose(
      tenantIds.fabrikam,
      "privileged-role-administrator",
      tenantIds.fabrikam,
    );
    expect(html).toContain("Accept");
  });

  it("Cancel goes back with an error that still says admin_consent=True, and grants nothing", async () => {
    const { html, press, target, store } = await choose(
      tenantIds.northwind,
      "global-administrator",
    );
    const url = target(await press(path("organizations"), html, { action: "cancel" }));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      admin_consent: "True",
      error: "consent_required",
      state: parameters.state,
    });
    expect(url.searchParams.get("error_description")).toMatch(/^AADSTS65004: /);
    expect(url.searchParams.has("tenant")).toBe(false);
    expect(store.findTenant(tenantIds.northwind)?.servicePrincipals.size).toBe(0);
  });

  it.each(["employee", "eligible-administrator", "guest"])(
    "shows a %s that admin approval is needed, and nothing to accept",
    async (role) => {
      const { status, html, location } = await choose(tenantIds.fabrikam, role);
      expect([status, location]).toEqual([403, null]);
      expect(html).toContain("Need admin approval");
      expect(html).not.toContain('value="accept"');
    },
  );

  it("does not accept for anyone who skipped the choice of account", async () => {
    const { open, press, store } = await demo();
    const { html } = await open(path(tenantIds.fabrikam));
    const response = await press(path(tenantIds.fabrikam), html, { action: "accept" });
    expect([response.status, response.headers.get("location")]).toEqual([403, null]);
    expect(store.findTenant(tenantIds.fabrikam)?.servicePrincipals.size).toBe(0);
  });

  it("offers only the tenant's own people when the address names a tenant", async () => {
    const { open, press, personOf } = await demo();
    const { html } = await open(path(tenantIds.fabrikam));
    expect(html).not.toContain("adele.vance@contoso.example");
    const stranger = personOf(tenantIds.contoso, "global-administrator");
    const response = await press(path(tenantIds.fabrikam), html, {
      account: `${tenantIds.contoso}/${stranger.oid}`,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("AADSTS50020");
  });

  it.each([
    [
      "a redirect URI that is not registered",
      tenantIds.fabrikam,
      { redirect_uri: "http://evil.test/connect/consent" },
      "AADSTS50011",
    ],
    ["an unknown client", tenantIds.fabrikam, { client_id: tenantIds.contoso }, "AADSTS700016"],
    ["an unknown tenant", "nobody.example", {}, "AADSTS90002"],
    ["`common`", "common", {}, "AADSTS50059"],
    ["another scope", tenantIds.fabrikam, { scope: "openid" }, "AADSTS70011"],
  ])("refuses %s on the page", async (_, segment, change, code) => {
    const { open } = await demo();
    const { status, html, location } = await open(path(segment, change));
    expect([status, location]).toEqual([400, null]);
    expect(html).toContain(code);
  });

  it("serves v1: no scope in either direction", async () => {
    const simulator = await demo();
    const address = `/common/adminconsent?${query({ client_id: app.clientId, redirect_uri: consentUri, state: "x" })}`;
    const { html } = await simulator.open(address);
    const person = simulator.personOf(tenantIds.fabrikam, "global-administrator");
    const page = await simulator.press(address, html, {
      account: `${tenantIds.fabrikam}/${person.oid}`,
    });
    const url = simulator.target(
      await simulator.press(address, await page.text(), { action: "accept" }),
    );
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: tenantIds.fabrikam,
      state: "x",
      admin_consent: "True",
    });
  });

  it("escapes what the request carries", async () => {
    const { open } = await demo();
    const { html } = await open(
      path("organizations", { redirect_uri: "http://x.test/<script>alert(1)</script>" }),
    );
    expect(html).not.toContain("<script>");
  });
});

describe("OpenID documents", () => {
  it("keeps the placeholder in the issuer of `organizations`", async () => {
    const { apps } = await demo();
    const response = await apps.login.request(
      "/organizations/v2.0/.well-known/openid-configuration",
    );
    expect(await response.json()).toMatchObject({ issuer: `${origins.login}/{tenantid}/v2.0` });
  });

  it("publishes old and new keys while they roll over", async () => {
    const { apps, store } = await demo();
    await store.keys.rotate();
    const { keys } = (await (
      await apps.login.request(`/${tenantIds.contoso}/discovery/v2.0/keys`)
    ).json()) as JSONWebKeySet;
    expect(new Set(keys.map((key) => key.kid)).size).toBe(2);
  });

  it("goes back after sign-out only to a registered origin", async () => {
    const { apps } = await demo();
    const logout = (target: string) =>
      apps.login.request(
        `/${tenantIds.woodgrove}/oauth2/v2.0/logout?${query({ post_logout_redirect_uri: target })}`,
      );
    expect((await logout(`${APP_URL}/bye`)).headers.get("location")).toBe(`${APP_URL}/bye`);
    expect((await logout("http://evil.test/")).status).toBe(200);
  });
});
