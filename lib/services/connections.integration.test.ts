import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Ctx } from "./context.ts";
import { createConnection } from "./create-connection.ts";
import { createDraft } from "./create-draft.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { enterCredential } from "./enter-credential.ts";
import { getConnection } from "./get-connection.ts";
import { getVerification } from "./get-verification.ts";
import { listConnections } from "./list-connections.ts";
import { listLicenses } from "./list-licenses.ts";
import { replaceCredential } from "./replace-credential.ts";
import { credentialBinding } from "./sealing.ts";
import { startImport } from "./start-import.ts";
import { startVerification } from "./start-verification.ts";
import { publishSample } from "./testing/published-connection.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { updateConnection } from "./update-connection.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const canary = "canary~Secret.8Q~abcdefghijklmnopqrstuvwxyz";
const body = (given: Record<string, unknown> = {}) => ({
  name: "Contoso",
  source: "microsoft-365" as const,
  method: "registered-app" as const,
  cloud: "global" as const,
  tenantId: randomUUID(),
  clientId: randomUUID(),
  credential: { kind: "secret" as const, secret: canary },
  ...given,
});
const credentialsOf = (connectionId: string) =>
  db.ownerSql<
    { id: string; version: number; state: string; sealed: string | null; kind: "secret" }[]
  >`select id, version, state, sealed, kind from credentials where connection_id = ${connectionId} order by version`;
const auditText = async () => {
  const events = await db.ownerSql`select * from audit_events`;
  const jobs = await db.ownerSql`select data, output from pgboss.job`;
  return JSON.stringify([events, jobs]);
};

describe("createConnection", () => {
  it("seals the secret for its own row and asks for its verification", async () => {
    const created = await createConnection(owner, body());
    expect(created.status).toBe("verifying");
    const [credential] = await credentialsOf(created.id);
    expect(credential).toMatchObject({ version: 1, state: "candidate", kind: "secret" });
    const binding = credentialBinding({
      connectionId: created.id,
      credentialId: credential?.id ?? "",
      kind: "secret",
      version: 1,
    });
    expect(await web.opener.open(credential?.sealed ?? "", binding)).toBe(canary);
    const verification = await getVerification(owner, { verificationId: created.verificationId });
    expect(verification).toMatchObject({ kind: "credential", state: "queued" });
    const [job] = await db.ownerSql<{ data: object }[]>`
      select data from pgboss.job where singleton_key = ${created.verificationId}`;
    expect(job?.data).toEqual({ workspaceId: owner.workspaceId, id: created.verificationId });
    expect(await auditText()).not.toContain("canary");
    expect(JSON.stringify(await getConnection(owner, { connectionId: created.id }))).not.toContain(
      "canary",
    );
  });

  it("refuses a second connection of the tenant, also in parallel, and names the first", async () => {
    const request = body();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => createConnection(owner, request)),
    );
    const made = outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? [outcome.value.id] : [],
    );
    expect(made).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      expect(outcome.reason).toMatchObject({ code: "conflict", existingId: made[0] });
    }
  });

  it.each([
    ["name", { name: "-x" }],
    ["name", { name: "a".repeat(81) }],
    ["tenantId", { tenantId: "contoso.com" }],
    ["clientId", { clientId: "x" }],
    ["cloud", { cloud: "mars" }],
    ["method", { method: "multi-tenant-app" }],
    ["credential.secret", { credential: { kind: "secret", secret: randomUUID() } }],
    ["credential.secret", { credential: { kind: "secret", secret: "" } }],
    [
      "credential.expiresAt",
      { credential: { kind: "secret", secret: "x~y", expiresAt: "2020-01-01" } },
    ],
    [
      "credential.certificate",
      {
        credential: {
          kind: "certificate",
          certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
          privateKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        },
      },
    ],
    ["graphOrigin", { graphOrigin: "https://evil.example" }],
  ])("tells at %s what cannot be used", async (field, given) => {
    const input: unknown = body(given);
    await expect(
      createConnection(owner, input as Parameters<typeof createConnection>[1]),
    ).rejects.toMatchObject({ code: "invalid", fields: { [field]: expect.any(String) } });
  });
});

describe("a draft", () => {
  it("claims nothing, is changed answer by answer, and becomes a connection by its credential", async () => {
    const tenantId = randomUUID();
    const { id } = await createDraft(owner, {
      name: "Fabrikam",
      source: "microsoft-365",
      method: "registered-app",
      tenantHint: tenantId.toUpperCase(),
    });
    expect(await getConnection(owner, { connectionId: id })).toMatchObject({
      status: "draft",
      tenantId,
    });
    const claims = await db.ownerSql`select * from tenant_claims where tenant_id = ${tenantId}`;
    expect(claims).toHaveLength(0);
    const credential = { kind: "secret" as const, secret: canary };
    await expect(replaceCredential(owner, { connectionId: id, credential })).rejects.toMatchObject({
      code: "invalid",
      fields: { clientId: expect.any(String) },
    });
    await updateConnection(owner, {
      connectionId: id,
      clientId: randomUUID(),
      name: "Fabrikam AG",
    });
    await replaceCredential(owner, { connectionId: id, credential });
    expect(await getConnection(owner, { connectionId: id })).toMatchObject({
      name: "Fabrikam AG",
      status: "verifying",
      connectFacts: { credential: "candidate", verification: "queued" },
    });
  });

  it("of a registered app takes app and credential together, and both again until they have worked", async () => {
    const { id: connectionId } = await createDraft(owner, {
      name: "Wingtip",
      source: "microsoft-365",
      method: "registered-app",
      tenantHint: randomUUID(),
    });
    const [first, second] = [randomUUID(), randomUUID()];
    const secret = (text: string) => ({ kind: "secret" as const, secret: text });
    await enterCredential(owner, { connectionId, clientId: first, credential: secret(canary) });
    await enterCredential(owner, {
      connectionId,
      clientId: second,
      credential: secret("other~x"),
    });
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      clientId: second,
      status: "verifying",
      connectFacts: { credential: "candidate", verification: "queued" },
    });
    expect(await auditText()).not.toContain("canary");
    const stored = await credentialsOf(connectionId);
    expect(stored.map((row) => [row.state, row.sealed !== null])).toEqual([
      ["retired", false],
      ["candidate", true],
    ]);
    const events =
      await db.ownerSql`select 1 from audit_events where action = 'credential.entered' and target_id = ${connectionId}`;
    expect(events).toHaveLength(2);

    await db.ownerSql`update connections set proven_at = now(), status = 'ready' where id = ${connectionId}`;
    const again = { connectionId, clientId: first, credential: secret("third~x") };
    await expect(enterCredential(owner, again)).rejects.toMatchObject({ code: "conflict" });
    await expect(updateConnection(owner, { connectionId, cloud: "china" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("of a registered app keeps its candidate when the tenant is corrected, and checks it anew", async () => {
    const created = await createConnection(owner, body());
    const tenantId = randomUUID();
    await updateConnection(owner, { connectionId: created.id, tenantHint: tenantId });
    const connection = await getConnection(owner, { connectionId: created.id });
    expect(connection).toMatchObject({
      tenantId,
      status: "verifying",
      connectFacts: { credential: "candidate", verification: "queued" },
    });
    expect(await getVerification(owner, { verificationId: created.verificationId })).toMatchObject({
      state: "failed",
      error: { code: "check-replaced" },
    });

    await updateConnection(owner, { connectionId: created.id, method: "multi-tenant-app" });
    expect(await getConnection(owner, { connectionId: created.id })).toMatchObject({
      status: "draft",
      connectFacts: { credential: "none" },
    });
    expect((await credentialsOf(created.id)).every((row) => row.sealed === null)).toBe(true);
  });

  it("of a registered app is not content with a domain", async () => {
    const draft = { name: "By domain", source: "microsoft-365", method: "registered-app" } as const;
    const domain = { code: "invalid", fields: { tenantHint: expect.stringContaining("GUID") } };
    await expect(createDraft(owner, { ...draft, tenantHint: "contoso.com" })).rejects.toMatchObject(
      domain,
    );
    const { id: connectionId } = await createDraft(owner, draft);
    await expect(
      updateConnection(owner, { connectionId, tenantHint: "contoso.com" }),
    ).rejects.toMatchObject(domain);
    await expect(
      enterCredential(owner, {
        connectionId,
        clientId: randomUUID(),
        credential: { kind: "secret", secret: canary },
      }),
    ).rejects.toMatchObject({ code: "invalid", fields: { tenantHint: expect.any(String) } });
  });

  it("of a tenant this workspace has is refused with a way to it", async () => {
    const request = body();
    const { id } = await createConnection(owner, request);
    const draft = { name: "Again", source: "microsoft-365", method: "multi-tenant-app" } as const;
    await expect(
      createDraft(owner, { ...draft, tenantHint: request.tenantId }),
    ).rejects.toMatchObject({ code: "conflict", existingId: id });
  });
});

describe("replaceCredential and startVerification", () => {
  it("keeps the active credential, replaces the candidate and its check", async () => {
    const { id: connectionId, verificationId } = await createConnection(owner, body());
    await db.ownerSql`update credentials set state = 'active' where connection_id = ${connectionId}`;
    const secret = (text: string) => ({ kind: "secret" as const, secret: text });
    await replaceCredential(owner, { connectionId, credential: secret("second~x") });
    const third = await replaceCredential(owner, { connectionId, credential: secret("third~x") });
    expect(
      (await credentialsOf(connectionId)).map((row) => [row.state, row.sealed !== null]),
    ).toEqual([
      ["active", true],
      ["retired", false],
      ["candidate", true],
    ]);
    expect(await getVerification(owner, { verificationId })).toMatchObject({
      state: "failed",
      error: { code: "check-replaced" },
    });
    expect(await startVerification(owner, { connectionId })).toEqual({ id: third.verificationId });
  });

  it("checks the credential in use, and one that was refused only when it is asked for", async () => {
    const { id: connectionId, verificationId: first } = await createConnection(owner, body());
    const end = (id: string) => db.ownerSql`
      update verifications set state = 'failed', finished_at = now() where id = ${id}`;
    const asked = async (replacement?: boolean) => {
      const { id } = await startVerification(owner, {
        connectionId,
        ...(replacement && { replacement }),
      });
      const { kind } = await getVerification(owner, { verificationId: id });
      await end(id);
      return kind;
    };
    await end(first);
    expect(await asked()).toBe("credential");
    await db.ownerSql`update credentials set state = 'active' where connection_id = ${connectionId}`;
    expect(await asked()).toBe("check");
    await expect(asked(true)).rejects.toMatchObject({ code: "conflict" });
    const credential = { kind: "secret" as const, secret: "second~x" };
    await end((await replaceCredential(owner, { connectionId, credential })).verificationId);
    expect(await asked()).toBe("check");
    expect(await asked(true)).toBe("credential");
  });
});

describe("replaceCredential with another app", () => {
  const made = async () => {
    const { id: connectionId } = await createConnection(owner, body());
    await db.ownerSql`update credentials set state = 'active' where connection_id = ${connectionId}`;
    await db.ownerSql`update connections set status = 'ready', proven_at = now() where id = ${connectionId}`;
    return connectionId;
  };
  const credential = { kind: "secret" as const, secret: "other~app" };

  it("keeps the app in use until the other one has worked, and writes it down", async () => {
    const connectionId = await made();
    const { clientId: before } = await getConnection(owner, { connectionId });
    const clientId = randomUUID();
    await replaceCredential(owner, { connectionId, clientId, credential });
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      clientId: before,
      status: "ready",
    });
    const rows = await db.ownerSql`
      select state, client_id from credentials where connection_id = ${connectionId} order by version`;
    expect(rows).toEqual([
      { state: "active", client_id: null },
      { state: "candidate", client_id: clientId },
    ]);
    const [event] = await db.ownerSql`
      select details from audit_events where target_id = ${connectionId} and action = 'credential.replaced'`;
    expect(event?.details).toMatchObject({ clientId, kind: "secret" });
  });

  it("takes no app that is no GUID, and none from another workspace", async () => {
    const connectionId = await made();
    await expect(
      replaceCredential(owner, { connectionId, clientId: "my app", credential }),
    ).rejects.toMatchObject({ code: "invalid", fields: { clientId: expect.any(String) } });
    const elsewhere = await createWorkspace(db);
    const stranger = await createMember(db, web.platform, elsewhere.workspaceId, "owner");
    await expect(
      replaceCredential(stranger, { connectionId, clientId: randomUUID(), credential }),
    ).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("disconnectConnection", () => {
  it("ends everything in one step and keeps the history", async () => {
    const { workspaceId } = owner;
    const { connection } = await publishSample(db, workspaceId);
    const { connectionId, tenantId } = connection;
    await db.ownerSql`insert into tenant_claims (tenant_id, source, workspace_id, connection_id)
      values (${tenantId}, 'microsoft-365', ${workspaceId}, ${connectionId})`;
    await db.ownerSql`insert into credentials (workspace_id, id, connection_id, version, kind, state, sealed, kid, created_by)
      values (${workspaceId}, ${randomUUID()}, ${connectionId}, 1, 'secret', 'active', 'sealed', 'kid', 'test')`;
    await db.ownerSql`update license_history set day = day - 1
      where license_id in (select id from licenses where connection_id = ${connectionId})`;
    const { id: importId } = await startImport(owner, { connectionId, trigger: "manual" });
    const before =
      await db.ownerSql`select epoch from dataset_epochs where connection_id = ${connectionId} and dataset = 'directory'`;

    await disconnectConnection(owner, { connectionId });
    await disconnectConnection(owner, { connectionId });

    const [after] =
      await db.ownerSql`select epoch from dataset_epochs where connection_id = ${connectionId} and dataset = 'directory'`;
    expect(after?.epoch).toBeGreaterThan(before[0]?.epoch);
    const runs = await db.ownerSql<{ state: string }[]>`
      select r.state from import_runs i join dataset_runs r on r.id = i.run_id where i.import_id = ${importId}`;
    expect(runs.map((run) => run.state)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect((await credentialsOf(connectionId))[0]).toMatchObject({
      state: "retired",
      sealed: null,
    });
    expect(
      await db.ownerSql`select 1 from tenant_claims where tenant_id = ${tenantId}`,
    ).toHaveLength(0);
    const { items, totals } = await listLicenses(owner, { connectionId });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((item) => item.status === "retired")).toBe(true);
    expect(new Set(items.map((item) => item.retiredReason))).toEqual(new Set(["disconnected"]));
    expect(totals).toMatchObject({ active: 0, shortfall: 0, surplus: 0, exposure: [] });
    const history =
      await db.ownerSql`select 1 from license_history h join licenses l on l.id = h.license_id
      where l.connection_id = ${connectionId}`;
    expect(history.length).toBeGreaterThan(0);
    const events =
      await db.ownerSql`select 1 from audit_events where action = 'connection.disconnected' and target_id = ${connectionId}`;
    expect(events).toHaveLength(1);
    const listed = await listConnections(owner, { tenantId });
    expect(listed.items).toEqual([]);
    expect((await listConnections(owner, { tenantId, disconnected: true })).items).toHaveLength(1);
    await expect(startImport(owner, { connectionId, trigger: "manual" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await createConnection(owner, body({ tenantId }))).status).toBe("verifying");
  });
});
