import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { permissions } from "#lib/domain/connection";
import { createFetch } from "#lib/http/transport";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { tenantFromRequest } from "#simulator/specs";
import { testCertificate, testPrivateKey } from "#simulator/testing/certificate";
import type { AppRegistration, PersonRole, TenantSpec } from "#simulator/types";
import { type OriginMap, originsOf } from "./clouds.ts";
import { consentUrl, proofUrl, readConsentCallback, readProofCallback } from "./consent.ts";
import { createGraphClient } from "./graph-client.ts";
import { redeemProof } from "./proof.ts";
import { createUnpacedPacer } from "./testing/local-pacer.ts";
import { createHurriedClock } from "./testing/simulated-tenant.ts";
import { createTokenProvider } from "./token.ts";
import type { AppCredential } from "./token-endpoint.ts";
import { verifyAccess } from "./verify.ts";

const app = "https://app.example";
const clientId = "5ea7ed6e-1234-4b5c-9d6e-7f8091a2b3c2";
const secret = "secret-of-the-multi-tenant-app";
const registration: AppRegistration = {
  clientId,
  name: "Seatledger",
  publisher: "Woodgrove",
  homeTenantId: "30d6c20e-2b7a-4f18-a9d4-5c8e1f7b3a04",
  audience: "multiple",
  redirectUris: [`${app}/connect/consent`, `${app}/connect/proof`],
  secrets: [{ id: "8f0d2c11-7b5e-4a93-b1c7-2e6d90f4a511", value: secret, expiresAt: null }],
  certificates: [testCertificate],
  permissions: permissions.map(({ name }) => name),
  groupMembershipClaims: "DirectoryRole",
  idTokenIssuer: "microsoft",
  offersOtherTenants: false,
};
const fetch = createFetch();
const nonce = "nonce-of-this-leg";
const verifier = "v".repeat(43);

/** Hundreds of requests per case, on machines that do other work as well. */
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let simulator: Simulator;
let origins: OriginMap;
let serial = 0;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [], apps: [registration] });
  origins = originsOf("global", {
    login: simulator.loginOrigin,
    graph: simulator.graphOrigin,
    reportDownloads: [simulator.reportsOrigin],
  });
});
afterAll(() => simulator.close());

function addTenant(): TenantSpec {
  serial += 1;
  const spec = tenantFromRequest({ seed: `connect ${serial}`, size: 30, app: null });
  simulator.store.addTenant(spec);
  return spec;
}

const accountOf = (tenant: TenantSpec, role: PersonRole): string => {
  const person = tenant.people.find((candidate) => candidate.role === role);
  return `${tenant.id}/${person?.oid}`;
};

/** Opens a page as a browser does and presses its buttons one after the other; gives the query it ends with. */
async function browse(url: string, ...buttons: Record<string, string>[]): Promise<URLSearchParams> {
  let response = await globalThis.fetch(url, { redirect: "manual" });
  for (const button of buttons) {
    const request = /name="request" value="([^"]+)"/.exec(await response.text())?.[1] ?? "";
    const body = new URLSearchParams({ request, ...button });
    response = await globalThis.fetch(url, { method: "POST", body, redirect: "manual" });
  }
  return new URL(response.headers.get("location") ?? "about:blank").searchParams;
}

const consent = (tenant: TenantSpec, action: "accept" | "cancel") =>
  browse(
    consentUrl({
      cloud: "global",
      origins,
      clientId,
      tenantId: null,
      redirectUri: `${app}/connect/consent`,
      state: "consent-state",
    }),
    { account: accountOf(tenant, "global-administrator") },
    { action },
  );

async function prove(
  tenant: TenantSpec,
  role: PersonRole,
  credential: AppCredential = { kind: "secret", secret },
) {
  const query = await browse(
    proofUrl({
      origins,
      clientId,
      tenantId: tenant.id,
      redirectUri: `${app}/connect/proof`,
      state: "proof-state",
      nonce,
      verifier,
    }),
    { account: accountOf(tenant, role) },
  );
  const callback = readProofCallback(query);
  if (callback.kind !== "granted") throw new Error(callback.kind);
  const redeem = () =>
    redeemProof({
      origins,
      tenantId: tenant.id,
      clientId,
      credential,
      fetch,
      now: Date.now,
      code: callback.brought.code,
      verifier,
      redirectUri: `${app}/connect/proof`,
      nonce,
      signal: new AbortController().signal,
    });
  return { callback, redeem };
}

const verify = (tenant: TenantSpec, credential: AppCredential = { kind: "secret", secret }) => {
  const tokens = createTokenProvider({
    cloud: "global",
    origins,
    tenantId: tenant.id,
    clientId,
    credential,
    fetch,
  });
  const clock = createHurriedClock();
  const client = createGraphClient({
    cloud: "global",
    origins,
    getToken: tokens.getToken,
    fetch,
    pacer: createUnpacedPacer(clock.now),
    ...clock,
  });
  return verifyAccess({
    client,
    tokens,
    tenantId: tenant.id,
    signal: new AbortController().signal,
  });
};

test("consent, proof and verification of a new tenant", async () => {
  const tenant = addTenant();
  expect(await verify(tenant)).toMatchObject({
    tokenFailure: { class: "credential", code: "app-not-in-tenant" },
    usable: false,
    pending: true,
  });
  expect(readConsentCallback(await consent(tenant, "accept"))).toEqual({
    kind: "granted",
    state: "consent-state",
    brought: { tenantHint: tenant.id },
  });
  const { callback, redeem } = await prove(tenant, "global-administrator");
  expect(callback.state).toBe("proof-state");
  expect(await redeem()).toMatchObject({
    kind: "proven",
    tenantId: tenant.id,
    administratorId: tenant.people[0]?.oid,
  });
  expect(await redeem()).toEqual({ kind: "refused", refusal: "invalid-token" });
  expect(await verify(tenant)).toMatchObject({
    tokenFailure: null,
    tenant: { displayName: tenant.name, defaultDomain: tenant.domains[1] },
    usable: true,
    pending: false,
  });
});

test("cancelled consent is declined although it says admin_consent=True", async () => {
  const query = await consent(addTenant(), "cancel");
  expect(query.get("admin_consent")).toBe("True");
  expect(readConsentCallback(query)).toEqual({
    kind: "declined",
    state: "consent-state",
    error: "consent_required",
    errorNumber: 65004,
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("a grant that has not spread yet is pending, and then is there", async () => {
  const tenant = addTenant();
  const running = simulator.store.findTenant(tenant.id);
  if (running) running.knobs.consentReplicationTokens = 1;
  await consent(tenant, "accept");
  expect(await verify(tenant)).toMatchObject({ tokenFailure: null, usable: false, pending: true });
  expect(await verify(tenant)).toMatchObject({ usable: true, pending: false });
});

test.each<[PersonRole, object]>([
  ["privileged-role-administrator", { kind: "proven" }],
  ["employee", { kind: "refused", refusal: "not-administrator" }],
  ["eligible-administrator", { kind: "refused", refusal: "not-administrator" }],
  ["guest", { kind: "refused", refusal: "guest" }],
])("%s: %j", async (role, expected) => {
  const tenant = addTenant();
  await consent(tenant, "accept");
  expect(await (await prove(tenant, role)).redeem()).toMatchObject(expected);
});

test("a code of one tenant proves nothing for another", async () => {
  const tenant = addTenant();
  const victim = addTenant();
  await consent(tenant, "accept");
  await consent(victim, "accept");
  const { callback } = await prove(tenant, "global-administrator");
  const result = await redeemProof({
    origins,
    tenantId: victim.id,
    clientId,
    credential: { kind: "secret", secret },
    fetch,
    now: Date.now,
    code: callback.brought.code,
    verifier,
    redirectUri: `${app}/connect/proof`,
    nonce,
    signal: new AbortController().signal,
  });
  expect(result).toEqual({ kind: "refused", refusal: "invalid-token" });
});

test("a registration without the role claim proves nothing", async () => {
  const tenant = addTenant();
  await consent(tenant, "accept");
  const { redeem } = await prove(tenant, "global-administrator");
  simulator.store.addApp({ ...registration, groupMembershipClaims: "None" });
  try {
    expect(await redeem()).toEqual({ kind: "refused", refusal: "no-role-claim" });
  } finally {
    simulator.store.addApp(registration);
  }
});

test("a certificate works for imports and for the proof; one that is not registered is told", async () => {
  const tenant = addTenant();
  await consent(tenant, "accept");
  const known: AppCredential = {
    kind: "certificate",
    thumbprintSha256: new X509Certificate(testCertificate).fingerprint256.replaceAll(":", ""),
    privateKeyPem: testPrivateKey,
    expiresAt: null,
  };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const otherKey: AppCredential = {
    ...known,
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const unregistered: AppCredential = { ...known, thumbprintSha256: "ab".repeat(32) };
  expect(await verify(tenant, known)).toMatchObject({ usable: true });
  const { redeem } = await prove(tenant, "global-administrator", known);
  expect(await redeem()).toMatchObject({ kind: "proven" });
  const ended: AppCredential = { ...unregistered, expiresAt: new Date("2026-01-01T00:00:00Z") };
  for (const [wrong, code] of [
    [otherKey, "certificate-rejected"],
    [unregistered, "certificate-rejected"],
    [ended, "certificate-expired"],
  ] as const) {
    expect((await verify(tenant, wrong)).tokenFailure).toMatchObject({ class: "credential", code });
  }
});
