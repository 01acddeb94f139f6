import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { pkceChallenge } from "#lib/microsoft/consent";
import type { Ctx } from "./context.ts";
import { createDraft } from "./create-draft.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getConnection } from "./get-connection.ts";
import { limits } from "./rate-limit.ts";
import { receiveConsent } from "./receive-consent.ts";
import { receiveProof } from "./receive-proof.ts";
import { codeBinding } from "./sealing.ts";
import { startConsent } from "./start-consent.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let admin: Ctx;
let connectionId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  const { workspaceId } = await createWorkspace(db);
  admin = await createMember(db, web.platform, workspaceId, "connection-admin");
  ({ id: connectionId } = await createDraft(admin, {
    name: "Contoso",
    source: "microsoft-365",
    method: "multi-tenant-app",
  }));
});

const tenantId = "2f1c7c1e-0f4e-4c3a-9d7e-0b1a2c3d4e5f";
const code = "canary-authorisation-code";

/** Presses the button: the address the browser is sent to, and its cookie. */
const press = async () => {
  const { redirectUrl, cookie } = await startConsent(admin, { connectionId });
  const url = new URL(redirectUrl);
  return {
    url,
    state: url.searchParams.get("state") ?? "",
    cookie: cookie.value,
    name: cookie.name,
  };
};
const granted = (state: string, tenant = tenantId) =>
  new URLSearchParams({ admin_consent: "True", tenant, state });
const consent = (query: URLSearchParams, cookie: string | null, session: Ctx | null = admin) =>
  receiveConsent(web.platform, { query, cookie, session });
const proof = (query: URLSearchParams, cookie: string | null, session: Ctx | null = admin) =>
  receiveProof(web.platform, { query, cookie, session });
const toProof = async () => {
  const { state, cookie } = await press();
  const received = await consent(granted(state), cookie);
  if (received.kind !== "proof") throw new Error("a granted consent leads to the proof leg");
  const url = new URL(received.redirectUrl);
  return { url, state: url.searchParams.get("state") ?? "", cookie, consentState: state };
};
const withCode = (state: string) => new URLSearchParams({ code, state });
const unknownAttempt = {
  kind: "refused",
  reason: "unknown-attempt",
  to: { kind: "nowhere" },
  errorNumber: null,
  correlationId: null,
};

/** Everything a callback could change, but the audit log and the attempts' used_at. */
const facts = async () =>
  JSON.stringify([
    await db.ownerSql`select * from connections where workspace_id = ${admin.workspaceId}`,
    await db.ownerSql`select * from verifications where workspace_id = ${admin.workspaceId}`,
    await db.ownerSql`select id from consent_attempts where workspace_id = ${admin.workspaceId} order by id`,
    await db.ownerSql`select * from tenant_claims`,
  ]);
const refusals = async () => {
  const [row] = await db.ownerSql<{ count: number }[]>`
    select count(*)::int as count from audit_events
    where workspace_id = ${admin.workspaceId} and action = 'consent.refused'`;
  return row?.count ?? 0;
};
const statusOf = async () => (await getConnection(admin, { connectionId })).status;

describe("the way there and back", () => {
  it("leads over consent and proof, each with a state of its own, to a sealed code", async () => {
    const { url, state, cookie, name } = await press();
    expect(name).toBe("__Host-consent");
    expect(`${url.origin}${url.pathname}`).toBe(
      "http://localhost:4000/organizations/v2.0/adminconsent",
    );
    expect(await statusOf()).toBe("awaiting-consent");
    const received = await consent(granted(state), cookie);
    if (received.kind !== "proof") throw new Error("granted");
    const there = new URL(received.redirectUrl);
    const proofState = there.searchParams.get("state") ?? "";
    expect(there.pathname).toBe(`/${tenantId}/oauth2/v2.0/authorize`);
    expect(proofState).not.toBe(state);
    expect(await proof(withCode(proofState), cookie)).toMatchObject({
      kind: "verifying",
      to: { kind: "connection", connectionId, made: false },
    });
    expect(await statusOf()).toBe("verifying");

    const [attempt] = await db.ownerSql<
      { id: string; nonce: string; pkce_verifier: string; expected_tenant_id: string }[]
    >`select * from consent_attempts where workspace_id = ${admin.workspaceId} and leg = 'proof'`;
    expect(attempt?.expected_tenant_id).toBe(tenantId);
    expect(there.searchParams.get("nonce")).toBe(attempt?.nonce);
    expect(there.searchParams.get("code_challenge")).toBe(
      pkceChallenge(attempt?.pkce_verifier ?? ""),
    );
    const [verification] = await db.ownerSql<{ id: string; sealed_code: string; kind: string }[]>`
      select * from verifications where workspace_id = ${admin.workspaceId}`;
    expect(verification?.kind).toBe("proof");
    const binding = codeBinding(connectionId, attempt?.id ?? "");
    expect(await web.opener.open(verification?.sealed_code ?? "", binding)).toBe(code);
    const traces = await db.ownerSql`select data from pgboss.job`;
    const events = await db.ownerSql`select * from audit_events`;
    const everything = JSON.stringify([
      traces,
      events,
      await db.ownerSql`select * from consent_attempts`,
    ]);
    for (const secret of [code, state, proofState, cookie])
      expect(everything).not.toContain(secret);
  });
});

describe("a callback that changes nothing", () => {
  const cases: readonly [string, (right: { state: string; cookie: string }) => Promise<unknown>][] =
    [
      ["C1 forged state", ({ cookie }) => consent(granted("forged"), cookie)],
      ["C1 truncated state", ({ state, cookie }) => consent(granted(state.slice(0, -1)), cookie)],
      ["C22 no cookie", ({ state }) => consent(granted(state), null)],
      ["C22 another browser's cookie", ({ state }) => consent(granted(state), "other")],
      ["C22 consent state on the proof leg", ({ state, cookie }) => proof(withCode(state), cookie)],
      ["not signed in", ({ state, cookie }) => consent(granted(state), cookie, null)],
    ];
  it.each(cases)("%s", async (_name, callback) => {
    const right = await press();
    const before = await facts();
    expect(await callback(right)).toEqual(unknownAttempt);
    expect(await facts()).toBe(before);
  });

  it("leaves a trace with whoever is signed in, and the right browser may still go on", async () => {
    const { state, cookie } = await press();
    await consent(granted(state), "other browser");
    expect(await refusals()).toBe(1);
    expect((await consent(granted(state), cookie)).kind).toBe("proof");
  });

  it("explains a consent given in the Entra portal, without a state", async () => {
    const before = await facts();
    const query = new URLSearchParams({ admin_consent: "True", tenant: tenantId });
    expect(await consent(query, null)).toMatchObject({ kind: "refused", reason: "unsolicited" });
    expect(await facts()).toBe(before);
  });
});

it("C2: a state works once, also twenty times at once", async () => {
  const { state, cookie } = await press();
  const received = await Promise.all(
    Array.from({ length: 20 }, () => consent(granted(state), cookie)),
  );
  expect(received.filter((outcome) => outcome.kind === "proof")).toHaveLength(1);
  const { state: proofState, cookie: browser } = await toProof();
  const proofs = await Promise.all(
    Array.from({ length: 20 }, () => proof(withCode(proofState), browser)),
  );
  expect(proofs.filter((outcome) => outcome.kind === "verifying")).toHaveLength(1);
  expect(await refusals()).toBe(38);
});

it("C3: another member's session cannot finish what this one began, nor can this member's next session", async () => {
  const other = await createMember(db, web.platform, admin.workspaceId, "owner");
  const next: Ctx = { ...admin, actor: { ...admin.actor, sessionId: randomUUID() } };
  const elsewhere = await createWorkspace(db);
  const stranger = await createMember(db, web.platform, elsewhere.workspaceId, "owner");
  for (const session of [other, next, stranger]) {
    const { state, cookie } = await press();
    const before = await facts();
    expect(await consent(granted(state), cookie, session)).toEqual(unknownAttempt);
    expect(await facts()).toBe(before);
  }
  expect(await refusals()).toBe(3);
});

it("C4: the tenant in the query is only what the proof has to show; a tenant named before must be that one", async () => {
  const { state, cookie } = await press();
  await consent(granted(state, "9d1c7c1e-0f4e-4c3a-9d7e-0b1a2c3d4e5f"), cookie);
  expect(await getConnection(admin, { connectionId })).toMatchObject({
    tenantId: null,
    provenAt: null,
  });
  const { id } = await createDraft(admin, {
    name: "Named",
    source: "microsoft-365",
    method: "multi-tenant-app",
    tenantHint: tenantId,
  });
  const started = await startConsent(admin, { connectionId: id });
  const named = new URL(started.redirectUrl);
  expect(named.pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
  const back = granted(
    named.searchParams.get("state") ?? "",
    "9d1c7c1e-0f4e-4c3a-9d7e-0b1a2c3d4e5f",
  );
  expect(await consent(back, started.cookie.value)).toMatchObject({ reason: "other-tenant" });
  expect(await getConnection(admin, { connectionId: id })).toMatchObject({ consentedAt: null });
});

it("C5, C21: neither draft, consent nor code claims a tenant", async () => {
  const { state, cookie } = await toProof();
  await proof(withCode(state), cookie);
  expect(await db.ownerSql`select 1 from tenant_claims where tenant_id = ${tenantId}`).toHaveLength(
    0,
  );
});

const correlationId = "4f2c1f07-0a3b-4c1e-9d53-1f2e3a4b5c6d";

describe("C6: an error is looked at before admin_consent", () => {
  it.each([
    ["access_denied", "declined"],
    ["server_error", "refused-by-microsoft"],
  ])("%s leaves the connection awaiting consent", async (error, reason) => {
    const { state, cookie } = await press();
    const query = granted(state);
    query.set("error", error);
    query.set(
      "error_description",
      `AADSTS65004: canary description\r\nCorrelation ID: ${correlationId}`,
    );
    expect(await consent(query, cookie)).toEqual({
      kind: "refused",
      reason,
      to: { kind: "connection", connectionId, made: false },
      errorNumber: 65004,
      correlationId,
    });
    expect(await statusOf()).toBe("awaiting-consent");
    expect((await getConnection(admin, { connectionId })).consentedAt).toBeNull();
    const events =
      await db.ownerSql`select details from audit_events where workspace_id = ${admin.workspaceId}`;
    expect(JSON.stringify(events)).not.toContain("canary");
    expect(await consent(granted(state), cookie)).toEqual(unknownAttempt);
  });

  it("is over after ten minutes", async () => {
    const { state, cookie } = await press();
    await db.ownerSql`update consent_attempts set expires_at = now() - interval '1 second'
      where workspace_id = ${admin.workspaceId}`;
    expect(await consent(granted(state), cookie)).toEqual(unknownAttempt);
    expect(await statusOf()).toBe("awaiting-consent");
  });
});

it.each([
  ["behind, ahead", -20, 20],
  ["ahead, behind", 20, -20],
])(
  "A19: begun and received on hosts 20 minutes %s of the database, an attempt lasts ten minutes of its time",
  async (_, begun, received) => {
    const hostAt = (minutes: number) => ({
      ...web.platform,
      now: () => new Date(Date.now() + minutes * 60_000),
    });
    const start = async () => {
      const { redirectUrl, cookie } = await startConsent(
        { ...admin, platform: hostAt(begun) },
        { connectionId },
      );
      return { state: new URL(redirectUrl).searchParams.get("state") ?? "", cookie: cookie.value };
    };
    const receive = ({ state, cookie }: Awaited<ReturnType<typeof start>>) =>
      receiveConsent(hostAt(received), { query: granted(state), cookie, session: admin });
    expect(await receive(await start())).toMatchObject({ kind: "proof" });
    const late = await start();
    await db.ownerSql`
    update consent_attempts set expires_at = expires_at - interval '10 minutes'
    where connection_id = ${connectionId}`;
    expect(await receive(late)).toEqual(unknownAttempt);
  },
);

describe("C22: legs are not interchangeable", () => {
  it("refuses a proof state on the consent leg and a declined proof", async () => {
    const { state, cookie } = await toProof();
    expect(await consent(granted(state), cookie)).toEqual(unknownAttempt);
    const declined = new URLSearchParams({ error: "access_denied", state });
    expect(await proof(declined, cookie)).toMatchObject({ reason: "declined" });
    expect(await proof(withCode(state), cookie)).toEqual(unknownAttempt);
    expect(await statusOf()).toBe("awaiting-consent");
  });
});

it("binds nothing to a connection that was disconnected meanwhile", async () => {
  const { state, cookie } = await press();
  await disconnectConnection(admin, { connectionId });
  expect(await consent(granted(state), cookie)).toMatchObject({ reason: "disconnected" });
});

it("is begun by signed-in members only, and so many times an hour for a connection", async () => {
  const token: Ctx = { ...admin, actor: { kind: "token", id: "t", name: "t", role: "owner" } };
  await expect(startConsent(token, { connectionId })).rejects.toMatchObject({ code: "forbidden" });
  for (let count = 0; count < limits.consent.capacity; count += 1) await press();
  await expect(press()).rejects.toMatchObject({ code: "rate-limited" });
});
