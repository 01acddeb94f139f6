import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { permissions } from "#lib/domain/connection";
import type { Ctx } from "./context.ts";
import { createDraft } from "./create-draft.ts";
import { createHandOff } from "./create-hand-off.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { findHandOff } from "./find-hand-off.ts";
import { getHandedOffProof } from "./get-handed-off-proof.ts";
import { listHandOffs } from "./list-hand-offs.ts";
import { limits, unknownLinks } from "./rate-limit.ts";
import { receiveConsent } from "./receive-consent.ts";
import { receiveProof } from "./receive-proof.ts";
import { revokeHandOff } from "./revoke-hand-off.ts";
import { startHandOff } from "./start-hand-off.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let admin: Ctx;
let workspaceName: string;
let connectionId: string;
let address: string;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  const workspace = await createWorkspace(db);
  workspaceName = workspace.name;
  admin = await createMember(db, web.platform, workspace.workspaceId, "connection-admin");
  ({ id: connectionId } = await createDraft(admin, {
    name: "Contoso",
    source: "microsoft-365",
    method: "multi-tenant-app",
  }));
  address = randomUUID();
});

const tenantId = "2f1c7c1e-0f4e-4c3a-9d7e-0b1a2c3d4e5f";

const makeLink = async () => {
  const { id, url } = await createHandOff(admin, { connectionId });
  return { id, token: new URL(url).pathname.replace("/connect/", "") };
};
const look = (token: string) => findHandOff(web.platform, { token, address });
const press = async (token: string, cookie: string | null = null) => {
  const started = await startHandOff(web.platform, { token, address }, cookie);
  const state = new URL(started.redirectUrl).searchParams.get("state") ?? "";
  return { state, cookie: started.cookie.value };
};
const back = (
  query: Record<string, string>,
  cookie: string | null,
  session: Ctx | null = null,
) => ({
  query: new URLSearchParams(query),
  cookie,
  session,
});
const consentBack = ({ state, cookie }: { state: string; cookie: string }) =>
  receiveConsent(web.platform, back({ admin_consent: "True", tenant: tenantId, state }, cookie));
/** Both legs as far as the web program goes. */
const approve = async (token: string) => {
  const way = await press(token);
  const received = await consentBack(way);
  if (received.kind !== "proof") throw new Error(`consent: ${received.reason}`);
  const state = new URL(received.redirectUrl).searchParams.get("state") ?? "";
  const proof = await receiveProof(web.platform, back({ code: "canary-code", state }, way.cookie));
  return { proof, cookie: way.cookie };
};
const actions = async () =>
  (
    await db.ownerSql<{ action: string }[]>`
      select action from audit_events where workspace_id = ${admin.workspaceId} order by id`
  ).map(({ action }) => action);

describe("a link", () => {
  it("tells the administrator of a connected tenant what it grants already, and nothing after a withdrawal", async () => {
    await db.ownerSql`
      update connections set status = 'ready', proven_at = now(), tenant_id = ${tenantId},
        asked_permissions = '["Organization.Read.All","User.Read.All","AuditLog.Read.All"]'::jsonb,
        declined_permissions = '["AuditLog.Read.All"]'::jsonb
      where id = ${connectionId}`;
    const { token } = await makeLink();
    expect(await look(token)).toMatchObject({
      approved: ["Organization.Read.All", "User.Read.All"],
    });
    await db.ownerSql`update connections set status = 'action-needed' where id = ${connectionId}`;
    expect(await look(token)).toMatchObject({ kind: "open", approved: null });
  });

  it("is told once and kept as a hash; its page names workspace, member, verified tenant, and nothing else", async () => {
    const { id, url, expiresAt } = await createHandOff(admin, { connectionId });
    expect(url).toMatch(/^http:\/\/localhost:3000\/connect\/[A-Za-z0-9_-]{43}$/);
    const token = url.slice(-43);
    const [member] = await db.ownerSql<{ tenant_id: string }[]>`
      select tenant_id from members where id = ${admin.actor.id}`;
    expect(await look(token)).toEqual({
      kind: "open",
      workspaceName,
      memberName: admin.actor.name,
      memberTenantId: member?.tenant_id,
      expiresAt,
      approved: null,
    });
    const [row] = await db.ownerSql`
      select extract(epoch from expires_at - created_at)::int as seconds from hand_offs where id = ${id}`;
    expect(row).toEqual({ seconds: 72 * 3600 });
    const stored = [
      await db.ownerSql`select * from hand_offs`,
      await db.ownerSql`select * from audit_events`,
      await listHandOffs(admin, { connectionId }),
    ];
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(await actions()).toContain("hand-off.created");
  });

  it("is not changed by being looked at", async () => {
    const { token } = await makeLink();
    const before = JSON.stringify([await db.ownerSql`select * from hand_offs`, await actions()]);
    for (let count = 0; count < 30; count += 1) await look(token);
    expect(JSON.stringify([await db.ownerSql`select * from hand_offs`, await actions()])).toBe(
      before,
    );
  });

  it("leads over both legs without a session, is used then, and tells its browser alone", async () => {
    const { token } = await makeLink();
    const { proof, cookie } = await approve(token);
    expect(proof).toMatchObject({ kind: "verifying", to: { kind: "hand-off" } });
    expect(await look(token)).toEqual({
      kind: "over",
      end: "used",
      memberName: admin.actor.name,
    });
    await expect(press(token)).rejects.toMatchObject({ code: "conflict" });
    expect(await getHandedOffProof(web.platform, cookie)).toEqual({
      kind: "checking",
      waiting: false,
    });
    expect(await getHandedOffProof(web.platform, "A".repeat(43))).toEqual({ kind: "none" });
    expect(await getHandedOffProof(web.platform, null)).toEqual({ kind: "none" });
    const failure = {
      class: "credential",
      code: "secret-expired",
      errorNumber: 7000222,
      correlationId: randomUUID(),
    };
    await db.ownerSql`
      update verifications set state = 'failed', finished_at = now(), failure = ${JSON.stringify(failure)}::jsonb
      where connection_id = ${connectionId}`;
    const { code, errorNumber, correlationId } = failure;
    expect(await getHandedOffProof(web.platform, cookie)).toEqual({
      kind: "refused",
      code,
      errorNumber,
      correlationId,
    });
    const attempts = await db.ownerSql`
      select distinct member_id, session_id, asked_permissions from consent_attempts
      where connection_id = ${connectionId}`;
    expect([...attempts]).toEqual([
      { member_id: null, session_id: null, asked_permissions: permissions.map(({ name }) => name) },
    ]);
    expect(await actions()).toEqual([
      "connection.drafted",
      "hand-off.created",
      "consent.started",
      "consent.granted",
      "proof.received",
    ]);
  });

  it("may be tried again after a cancelled approval, which its list tells", async () => {
    const { token } = await makeLink();
    const { state, cookie } = await press(token);
    const declined = await receiveConsent(
      web.platform,
      back({ admin_consent: "True", error: "access_denied", state }, cookie),
    );
    expect(declined).toMatchObject({ reason: "declined", to: { kind: "hand-off" } });
    expect(await listHandOffs(admin, { connectionId })).toMatchObject([
      { end: null, createdBy: admin.actor.name, lastTry: { leg: "consent", outcome: "declined" } },
    ]);
    expect((await approve(token)).proof.kind).toBe("verifying");
  });

  it("tells with what number Microsoft refused, on its own pages or when what came back was checked", async () => {
    const { token } = await makeLink();
    const { state, cookie } = await press(token);
    const lastTry = async () => (await listHandOffs(admin, { connectionId }))[0]?.lastTry;
    const correlationId = randomUUID();
    const query = {
      error: "invalid_request",
      error_description: `AADSTS90095: AdminConsentRequestRequiresConsent. Correlation ID: ${correlationId} Timestamp: 2026-11-29 10:00:00Z`,
      state,
    };
    const refused = await receiveConsent(web.platform, back(query, cookie));
    expect(refused).toMatchObject({ reason: "refused-by-microsoft", errorNumber: 90095 });
    expect(await lastTry()).toMatchObject({
      outcome: "refused-by-microsoft",
      refusal: {
        text: expect.stringMatching(/^The person who signed in may not consent; .* Wait until/),
        errorNumber: 90095,
        correlationId,
      },
    });

    await approve(token);
    expect(await lastTry()).toMatchObject({ outcome: "under-way", refusal: null });
    const failure = { class: "credential", code: "code-refused", errorNumber: 54005 };
    await db.ownerSql`
      update verifications set state = 'failed', finished_at = now(), failure = ${JSON.stringify(failure)}::jsonb
      where connection_id = ${connectionId}`;
    expect(await lastTry()).toMatchObject({
      outcome: "code-refused",
      refusal: {
        text: expect.stringMatching(/^Microsoft refused the sign-in/),
        errorNumber: 54005,
        correlationId: null,
      },
    });
  });

  it("tells of an administrator who is under way, and of one who never came back", async () => {
    const { token } = await makeLink();
    await press(token);
    const lastOutcome = async () =>
      (await listHandOffs(admin, { connectionId }))[0]?.lastTry?.outcome;
    expect(await lastOutcome()).toBe("under-way");
    await db.ownerSql`
      update consent_attempts set expires_at = now() where connection_id = ${connectionId}`;
    expect(await lastOutcome()).toBe("never-came-back");
  });
});

describe("a way back with a link", () => {
  it("needs the browser that pressed the button, and takes no session for it", async () => {
    const { token } = await makeLink();
    const { state, cookie } = await press(token);
    const query = { admin_consent: "True", tenant: tenantId, state };
    for (const [other, session] of [
      [null, null],
      ["A".repeat(43), null],
      [null, admin],
    ] as const) {
      expect(await receiveConsent(web.platform, back(query, other, session))).toMatchObject({
        reason: "unknown-attempt",
      });
    }
    expect((await receiveConsent(web.platform, back(query, cookie))).kind).toBe("proof");
  });

  it("keeps two tabs of one browser apart", async () => {
    const { token } = await makeLink();
    const first = await press(token);
    const second = await press(token, first.cookie);
    expect(second.cookie).toBe(first.cookie);
    expect((await consentBack(first)).kind).toBe("proof");
    expect((await consentBack(second)).kind).toBe("proof");
  });

  it("does not tell which tenants the workspace has", async () => {
    const existing = randomUUID();
    await db.ownerSql`
      insert into connections (workspace_id, id, name, source, method, tenant_id, status, proven_at, created_by)
      values (${admin.workspaceId}, ${existing}, 'First', 'microsoft-365', 'multi-tenant-app', ${tenantId}, 'ready', now(), 'test')`;
    const { token } = await makeLink();
    expect((await consentBack(await press(token))).kind).toBe("proof");
  });
});

describe("a link that ends", () => {
  const ends: readonly [string, string, () => Promise<unknown>][] = [
    ["after 72 hours", "expired", () => db.ownerSql`update hand_offs set expires_at = now()`],
    ["with the connection", "connection-gone", () => disconnectConnection(admin, { connectionId })],
    [
      "with a proof of the tenant",
      "proven",
      () => db.ownerSql`update connections set proven_at = now() where id = ${connectionId}`,
    ],
    [
      "with its sender's membership",
      "sender-gone",
      () => db.ownerSql`update members set disabled_at = now() where id = ${admin.actor.id}`,
    ],
    [
      "with its sender's right",
      "sender-gone",
      () => db.ownerSql`update members set role = 'viewer' where id = ${admin.actor.id}`,
    ],
  ];
  it.each(ends)("%s", async (_, end, make) => {
    const { token } = await makeLink();
    await make();
    expect(await look(token)).toEqual({ kind: "over", end, memberName: admin.actor.name });
    await expect(press(token)).rejects.toMatchObject({ code: "conflict" });
  });

  it("when it is revoked, also under an administrator who is at Microsoft", async () => {
    const { id, token } = await makeLink();
    const way = await press(token);
    await revokeHandOff(admin, { handOffId: id });
    await revokeHandOff(admin, { handOffId: id });
    expect(await look(token)).toMatchObject({ kind: "over", end: "revoked" });
    expect(await consentBack(way)).toMatchObject({ reason: "link-over", to: { kind: "hand-off" } });
    expect(
      await db.ownerSql`select from verifications where connection_id = ${connectionId}`,
    ).toHaveLength(0);
    expect((await actions()).filter((action) => action === "hand-off.revoked")).toHaveLength(1);
  });

  it("for two who press at once: one way back is the last", async () => {
    const { token } = await makeLink();
    const ways = await Promise.all([press(token), press(token)]);
    const received = await Promise.all(ways.map(consentBack));
    const proofs = await Promise.all(
      received.map((leg, index) => {
        if (leg.kind !== "proof") throw new Error(leg.reason);
        const state = new URL(leg.redirectUrl).searchParams.get("state") ?? "";
        return receiveProof(web.platform, back({ code: "c", state }, ways[index]?.cookie ?? ""));
      }),
    );
    expect(
      proofs.map((proof) => (proof.kind === "refused" ? proof.reason : proof.kind)).sort(),
    ).toEqual(["link-over", "verifying"]);
  });
});

describe("limits", () => {
  it("are per link and hour, and others are unaffected", async () => {
    const [first, second] = [await makeLink(), await makeLink()];
    for (let count = 0; count < limits.handOffConsent.capacity; count += 1) {
      await press(first.token);
    }
    await expect(press(first.token)).rejects.toMatchObject({ code: "rate-limited" });
    await press(second.token);
  });

  it("keep an address from guessing, whatever it guesses; one that knows a link is not counted", async () => {
    const { token } = await makeLink();
    for (let count = 0; count < unknownLinks.capacity; count += 1) {
      expect(await look(count % 2 === 0 ? "x" : "A".repeat(43))).toEqual({ kind: "unknown" });
      expect((await look(token)).kind).toBe(
        count < unknownLinks.capacity - 1 ? "open" : "rate-limited",
      );
    }
    expect(await look(token)).toMatchObject({ kind: "rate-limited" });
    await expect(press(token)).rejects.toMatchObject({ code: "rate-limited" });
    expect((await findHandOff(web.platform, { token, address: randomUUID() })).kind).toBe("open");
  });

  it("are per connection for making links", async () => {
    for (let count = 0; count < limits.handOff.capacity; count += 1) await makeLink();
    await expect(makeLink()).rejects.toMatchObject({ code: "rate-limited" });
  });
});

it("is made by members, for connections that are consented", async () => {
  const token: Ctx = { ...admin, actor: { kind: "token", id: "t", name: "t", role: "owner" } };
  await expect(createHandOff(token, { connectionId })).rejects.toMatchObject({ code: "forbidden" });
  const { id: other } = await createDraft(admin, {
    name: "Own app",
    source: "microsoft-365",
    method: "registered-app",
  });
  await expect(createHandOff(admin, { connectionId: other })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(createHandOff(admin, { connectionId: "x" })).rejects.toMatchObject({
    code: "invalid",
  });
});
