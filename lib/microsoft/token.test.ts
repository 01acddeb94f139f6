import { generateKeyPairSync, randomUUID } from "node:crypto";
import { decodeProtectedHeader, importSPKI, jwtVerify, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { type Cloud, clouds } from "#lib/domain/connection";
import { createFetch } from "#lib/http/transport";
import { hostsOf, originsOf } from "./clouds.ts";
import { type Handler, sendJson, startServer } from "./testing/http-server.ts";
import { createTokenProvider, rolesOf } from "./token.ts";
import type { AppCredential } from "./token-endpoint.ts";

const tenantId = randomUUID();
const clientId = randomUUID();
const secret: AppCredential = { kind: "secret", secret: "canary-secret" };

const sendToken: Handler = (_, response, index) =>
  sendJson(response, 200, {
    token_type: "Bearer",
    expires_in: 3599,
    access_token: `token-${index}`,
  });

const sendOAuthError =
  (error: string, number: number, status = 401, headers = {}): Handler =>
  (_, response) =>
    sendJson(
      response,
      status,
      {
        error,
        error_description: `AADSTS${number}: canary-description\r\nTrace ID: x`,
        error_codes: [number],
        correlation_id: "11111111-2222-3333-4444-555555555555",
      },
      headers,
    );

const provider = (login: string, credential: AppCredential = secret, cloud: Cloud = "global") =>
  createTokenProvider({
    cloud,
    origins: originsOf(cloud, { login }),
    tenantId,
    clientId,
    credential,
    fetch: createFetch(),
  });

test("a closed provider gives no token any more and asks nobody", async () => {
  await using server = await startServer(sendToken);
  const tokens = provider(server.origin);
  expect(await tokens.getToken()).toBe("token-0");
  tokens.close();
  for (const fresh of [false, true]) {
    await expect(tokens.getToken({ fresh })).rejects.toMatchObject({
      failure: { class: "tenant", code: "disconnected" },
    });
  }
  expect(server.requests).toHaveLength(1);
});

test("a secret is posted to the configured origin once; the token is kept until a fresh one is asked for", async () => {
  await using server = await startServer(sendToken);
  const tokens = provider(server.origin);
  expect(await tokens.getToken()).toBe("token-0");
  expect(await tokens.getToken()).toBe("token-0");
  expect(await tokens.getToken({ fresh: true })).toBe("token-1");
  expect(await tokens.getToken()).toBe("token-1");
  tokens.dropTokens();
  expect(await tokens.getToken()).toBe("token-2");
  const [first] = server.requests;
  expect(first?.url.split("?")[0]).toBe(`/${tenantId}/oauth2/v2.0/token`);
  expect(Object.fromEntries(new URLSearchParams(first?.body))).toMatchObject({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: "canary-secret",
    scope: "https://graph.microsoft.com/.default",
  });
  expect(server.requests).toHaveLength(3);
});

test.each(clouds)(
  "in the cloud %s one call is made, with its own scope and no discovery",
  async (cloud) => {
    await using server = await startServer(sendToken);
    await provider(server.origin, secret, cloud).getToken();
    expect(server.requests.map(({ method }) => method)).toEqual(["POST"]);
    expect(new URLSearchParams(server.requests[0]?.body).get("scope")).toBe(
      hostsOf(cloud).graphScope,
    );
  },
);

test("requests at the same time share one call; a fresh one has its own", async () => {
  await using server = await startServer(sendToken);
  const tokens = provider(server.origin);
  await Promise.all([tokens.getToken(), tokens.getToken(), tokens.getToken()]);
  expect(server.requests).toHaveLength(1);
});

test("a certificate signs an assertion whose audience is the real login host", async () => {
  await using server = await startServer(sendToken);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const thumbprintSha256 = "ab".repeat(32);
  await provider(server.origin, {
    kind: "certificate",
    thumbprintSha256,
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    expiresAt: null,
  }).getToken();
  const assertion = new URLSearchParams(server.requests[0]?.body).get("client_assertion") ?? "";
  expect(decodeProtectedHeader(assertion)).toMatchObject({
    alg: "PS256",
    "x5t#S256": Buffer.from(thumbprintSha256, "hex").toString("base64url"),
  });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  await jwtVerify(assertion, await importSPKI(pem, "PS256"), {
    audience: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    issuer: clientId,
    subject: clientId,
    clockTolerance: 2,
  });
});

test("a key that cannot sign is told before anything is sent", async () => {
  await using server = await startServer(sendToken);
  const tokens = provider(server.origin, {
    kind: "certificate",
    thumbprintSha256: "ab".repeat(32),
    privateKeyPem: "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----",
    expiresAt: null,
  });
  await expect(tokens.getToken()).rejects.toMatchObject({
    failure: { class: "credential", code: "credential-unreadable" },
  });
  expect(server.requests).toEqual([]);
});

test.each([
  ["invalid_client", 7000215, "credential", "secret-wrong"],
  ["invalid_client", 7000222, "credential", "secret-expired"],
  ["invalid_client", 700027, "credential", "certificate-rejected"],
  ["unauthorized_client", 700016, "credential", "app-not-in-tenant"],
  ["unauthorized_client", 7000112, "credential", "app-disabled"],
  ["invalid_request", 90002, "tenant", "tenant-not-found"],
  ["invalid_client", 424242, "credential", "token-refused"],
])("%s with %i is %s: %s, and is not asked again", async (error, number, failureClass, code) => {
  await using server = await startServer(sendOAuthError(error, number));
  const failed = await provider(server.origin)
    .getToken()
    .catch((reason: unknown) => reason);
  expect(failed).toMatchObject({
    failure: {
      class: failureClass,
      code,
      status: 401,
      errorNumber: number,
      correlationId: "11111111-2222-3333-4444-555555555555",
      facts: { oauthError: error },
    },
    retry: { kind: "never" },
  });
});

test("neither the secret nor Microsoft's description is anywhere in the error", async () => {
  await using server = await startServer(sendOAuthError("invalid_client", 7000215));
  const failed = await provider(server.origin)
    .getToken()
    .catch((reason: unknown) => reason);
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) walk(Reflect.get(value, key));
  };
  walk(failed);
  expect(texts.length).toBeGreaterThan(3);
  expect(texts.join("\n")).not.toContain("canary");
});

test("a throttled call says when to come back, and the next call is really made", async () => {
  await using server = await startServer((seen, response, index) =>
    index === 0
      ? sendOAuthError("temporarily_unavailable", 90055, 429, { "retry-after": "7" })(
          seen,
          response,
          index,
        )
      : sendToken(seen, response, index),
  );
  const tokens = provider(server.origin);
  await expect(tokens.getToken()).rejects.toMatchObject({
    failure: { class: "throttled", code: "throttled", status: 429 },
    retry: { kind: "later", afterMs: 7000 },
  });
  expect(await tokens.getToken()).toBe("token-1");
});

test.each([
  [503, "<html>busy</html>", "upstream-error"],
  [502, "", "upstream-error"],
  [200, "<html>proxy</html>", "unreadable-response"],
])(
  "a %i with %j is Microsoft's trouble, with its status, and may pass",
  async (status, body, code) => {
    await using server = await startServer((_, response) => {
      response.writeHead(status, { "content-type": "text/html" });
      response.end(body);
    });
    await expect(provider(server.origin).getToken()).rejects.toMatchObject({
      failure: { class: "upstream", code, status },
      retry: { kind: "later" },
    });
  },
);

test("a 200 without a token is unreadable; nothing listening is the network", async () => {
  await using server = await startServer((_, response) => sendJson(response, 200, { hello: 1 }));
  await expect(provider(server.origin).getToken()).rejects.toMatchObject({
    failure: { class: "upstream", code: "unreadable-response" },
  });
  await expect(provider("http://127.0.0.1:1").getToken()).rejects.toMatchObject({
    failure: { class: "upstream", code: "network" },
    retry: { kind: "later" },
  });
});

test("roles are read from the token; anything else has none", () => {
  const token = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();
  expect(rolesOf(token({ roles: ["User.Read.All", 7] }))).toEqual(["User.Read.All"]);
  expect(rolesOf(token({}))).toEqual([]);
  expect(rolesOf("opaque")).toEqual([]);
});
