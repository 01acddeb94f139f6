import { expect, test } from "vitest";
import { originsOf } from "./clouds.ts";
import {
  consentUrl,
  pkceChallenge,
  proofUrl,
  readConsentCallback,
  readProofCallback,
} from "./consent.ts";

const tenant = "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01";
const read = (query: string) => readConsentCallback(new URLSearchParams(query));

test("the consent link of a tenant not yet known goes to organizations, with the cloud's scope", () => {
  const url = new URL(
    consentUrl({
      cloud: "us-gov-l4",
      origins: originsOf("us-gov-l4"),
      clientId: "client",
      tenantId: null,
      redirectUri: "https://app.example/connect/consent",
      state: "a b&c",
    }),
  );
  expect(url.origin + url.pathname).toBe(
    "https://login.microsoftonline.us/organizations/v2.0/adminconsent",
  );
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: "client",
    scope: "https://graph.microsoft.us/.default",
    redirect_uri: "https://app.example/connect/consent",
    state: "a b&c",
  });
});

test("the proof link carries nonce, state and the challenge, never the verifier", () => {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const url = new URL(
    proofUrl({
      origins: originsOf("global", { login: "http://127.0.0.1:9000" }),
      clientId: "client",
      tenantId: tenant,
      redirectUri: "https://app.example/connect/proof",
      state: "s",
      nonce: "n",
      verifier,
    }),
  );
  expect(url.origin + url.pathname).toBe(`http://127.0.0.1:9000/${tenant}/oauth2/v2.0/authorize`);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: "code",
    scope: "openid profile",
    nonce: "n",
    state: "s",
    prompt: "select_account",
    code_challenge_method: "S256",
    // RFC 7636 appendix B
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  });
  expect(url.href).not.toContain(verifier);
  expect(pkceChallenge(verifier)).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

test("granted, whatever the order; the tenant is a hint", () => {
  expect(read(`tenant=${tenant.toUpperCase()}&state=s&admin_consent=True&scope=x`)).toEqual({
    kind: "granted",
    state: "s",
    brought: { tenantHint: tenant },
  });
});

test("an error decides although admin_consent says True", () => {
  expect(
    read(
      `admin_consent=True&tenant=${tenant}&error=consent_required&error_description=AADSTS65004%3a+declined&state=s`,
    ),
  ).toEqual({
    kind: "declined",
    state: "s",
    error: "consent_required",
    errorNumber: 65004,
    correlationId: null,
  });
  expect(
    read("admin_consent=True&error=server_error&error_description=AADSTS650051%3a+x&state=s"),
  ).toEqual({
    kind: "refused",
    state: "s",
    error: "server_error",
    errorNumber: 650051,
    correlationId: null,
  });
});

test("of a description only the number and the correlation id are read", () => {
  const id = "4f2c1f07-0a3b-4c1e-9d53-1f2e3a4b5c6d";
  const description = `AADSTS650051: text.\r\nTrace ID: ${tenant}\r\nCorrelation ID: ${id}\r\nTimestamp: 2026-11-24 18:34:26Z`;
  const query = new URLSearchParams({
    error: "server_error",
    error_description: description,
    state: "s",
  });
  expect(readConsentCallback(query)).toMatchObject({ errorNumber: 650051, correlationId: id });
  expect(JSON.stringify(readConsentCallback(query))).not.toContain("text");
  query.set("error_description", `AADSTS650051: x Correlation ID: <script>${id}`);
  expect(readConsentCallback(query)).toMatchObject({ correlationId: null });
});

const none = { error: null, errorNumber: null, correlationId: null };

test.each([
  [
    "error=permission_denied",
    { ...none, kind: "declined", state: null, error: "permission_denied" },
  ],
  [
    "error=access_denied&error_subcode=cancel&state=s",
    { ...none, kind: "declined", state: "s", error: "access_denied" },
  ],
  ["error=&state=s", { ...none, kind: "refused", state: "s" }],
  ["error=%3Cscript%3E&state=s", { ...none, kind: "refused", state: "s" }],
  [`admin_consent=True&tenant=${tenant}`, { kind: "unsolicited" }],
  ["", { kind: "unsolicited" }],
  [`admin_consent=true&tenant=${tenant}&state=s`, { ...none, kind: "refused", state: "s" }],
  ["admin_consent=True&tenant=contoso.com&state=s", { ...none, kind: "refused", state: "s" }],
])("the consent redirect ?%s", (query, expected) => {
  expect(read(query)).toEqual(expected);
});

test.each([
  ["code=c&state=s", { kind: "granted", state: "s", brought: { code: "c" } }],
  [
    "code=c&error=access_denied&state=s",
    { ...none, kind: "declined", state: "s", error: "access_denied" },
  ],
  ["error=server_error&state=s", { ...none, kind: "refused", state: "s", error: "server_error" }],
  ["state=s", { ...none, kind: "refused", state: "s" }],
  ["code=c", { kind: "unsolicited" }],
])("the proof redirect ?%s", (query, expected) => {
  expect(readProofCallback(new URLSearchParams(query))).toEqual(expected);
});
