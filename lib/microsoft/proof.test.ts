import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { createFetch } from "#lib/http/transport";
import { originsOf } from "./clouds.ts";
import { administratorRoles, judgeIdToken, redeemProof } from "./proof.ts";
import { sendJson, startServer } from "./testing/http-server.ts";

const tenantId = "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01";
const otherTenant = "fab21ca0-5e8f-4b7d-8c31-2d9e4f6a7b02";
const clientId = "5ea7ed6e-1234-4b5c-9d6e-7f8091a2b3c2";
const oid = "0b1ec700-0000-4000-8000-000000000001";
const issuer = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
const globalAdministrator = administratorRoles[0].templateId;

let pair: CryptoKeyPair;
let keys: JSONWebKeySet;
beforeAll(async () => {
  pair = await generateKeyPair("RS256");
  keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", use: "sig" }] };
});

const claims = (more: object = {}) => ({
  aud: clientId,
  iss: issuer(tenantId),
  tid: tenantId,
  oid,
  nonce: "n",
  name: "Ada Admin",
  wids: ["b79fbf4d-3ef9-4689-8143-76b194e85509", globalAdministrator.toUpperCase()],
  ...more,
});

const sign = (payload: object, key = pair.privateKey, kid = "k1", expires = "1h") =>
  new SignJWT({ ...payload })
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);

const expected = { origins: originsOf("global"), tenantId, clientId, nonce: "n", now: Date.now };
const judge = (token: string) => judgeIdToken(token, keys, expected);

test("an administrator of the tenant is proven", async () => {
  expect(await judge(await sign(claims()))).toEqual({
    kind: "proven",
    tenantId,
    administratorId: oid,
    administratorName: "Ada Admin",
  });
  const privileged = claims({
    wids: [administratorRoles[1].templateId],
    idp: issuer(tenantId),
    acct: 0,
  });
  expect(await judge(await sign(privileged))).toMatchObject({ kind: "proven" });
});

test.each([
  ["an employee", { wids: ["b79fbf4d-3ef9-4689-8143-76b194e85509"] }, "not-administrator"],
  ["no role at all", { wids: [] }, "not-administrator"],
  ["no role claim", { wids: undefined }, "no-role-claim"],
  ["a guest by idp", { idp: "https://sts.windows.net/other/" }, "guest"],
  ["a guest by acct", { acct: 1 }, "guest"],
  ["another tenant", { tid: otherTenant, iss: issuer(otherTenant) }, "other-tenant"],
  ["an issuer of another tenant", { iss: issuer(otherTenant) }, "invalid-token"],
  ["an issuer of another host", { iss: `https://evil.example/${tenantId}/v2.0` }, "invalid-token"],
  ["another audience", { aud: "someone-else" }, "invalid-token"],
  ["another nonce", { nonce: "m" }, "invalid-token"],
  ["no nonce", { nonce: undefined }, "invalid-token"],
  ["no oid", { oid: undefined }, "invalid-token"],
  ["no tid", { tid: undefined }, "invalid-token"],
])("%s proves nothing", async (_, more, refusal) => {
  expect(await judge(await sign(claims(more)))).toEqual({ kind: "refused", refusal });
});

test("unsigned, expired, forged and foreign tokens are invalid", async () => {
  const stranger = await generateKeyPair("RS256");
  const valid = await sign(claims());
  const [header, , signature] = valid.split(".");
  const forged = [
    header,
    Buffer.from(JSON.stringify(claims({ exp: 9e9, iat: 1 }))).toString("base64url"),
    signature,
  ];
  const tokens = [
    new UnsecuredJWT(claims()).setIssuedAt().setExpirationTime("1h").encode(),
    await sign(claims(), pair.privateKey, "k1", "-1h"),
    await sign(claims(), stranger.privateKey),
    await sign(claims(), stranger.privateKey, "k2"),
    forged.join("."),
    "nonsense",
    "",
  ];
  for (const token of tokens) {
    expect(await judge(token)).toEqual({ kind: "refused", refusal: "invalid-token" });
  }
});

const redeem = async (
  idToken: string | null,
  status = 200,
  signal = new AbortController().signal,
) => {
  await using server = await startServer((seen, response) => {
    if (seen.method === "GET") return sendJson(response, 200, keys);
    return status === 200
      ? sendJson(response, 200, {
          token_type: "Bearer",
          expires_in: 3599,
          access_token: "a",
          id_token: idToken,
        })
      : sendJson(response, status, {
          error: "invalid_grant",
          error_codes: [54005],
          error_description: "x",
        });
  });
  const result = await redeemProof({
    origins: originsOf("global", { login: server.origin }),
    tenantId,
    clientId,
    credential: { kind: "secret", secret: "s" },
    fetch: createFetch(),
    now: Date.now,
    code: "the-code",
    verifier: "the-verifier",
    redirectUri: "https://app.example/connect/proof",
    nonce: "n",
    signal,
  }).catch((error: unknown) => error);
  return { result, requests: server.requests };
};

test("the code is redeemed with verifier and credential, and the keys come from the configured origin", async () => {
  const { result, requests } = await redeem(await sign(claims()));
  expect(result).toMatchObject({ kind: "proven", tenantId });
  expect(requests.map(({ method, url }) => [method, url.split("?")[0]])).toEqual([
    ["POST", `/${tenantId}/oauth2/v2.0/token`],
    ["GET", `/${tenantId}/discovery/v2.0/keys`],
  ]);
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toMatchObject({
    grant_type: "authorization_code",
    code: "the-code",
    code_verifier: "the-verifier",
    client_secret: "s",
    redirect_uri: "https://app.example/connect/proof",
  });
});

test("a code that was used or has expired proves nothing", async () => {
  const { result } = await redeem(null, 400);
  expect(result).toEqual({ kind: "refused", refusal: "invalid-token" });
});

test("a token for another nonce proves nothing", async () => {
  const { result } = await redeem(await sign(claims({ nonce: "another" })));
  expect(result).toEqual({ kind: "refused", refusal: "invalid-token" });
});

test("a cancelled redemption is no refusal", async () => {
  const { result } = await redeem(null, 200, AbortSignal.abort(new Error("cancelled")));
  expect(result).toEqual(new Error("cancelled"));
});

test("an answer without an ID token proves nothing", async () => {
  const { result } = await redeem(null);
  expect(result).toEqual({ kind: "refused", refusal: "invalid-token" });
});
