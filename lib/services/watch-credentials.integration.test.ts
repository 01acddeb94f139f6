import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { acknowledgeAlert } from "./acknowledge-alert.ts";
import type { Ctx } from "./context.ts";
import { countAlerts } from "./count-alerts.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { enterCredentialExpiry } from "./enter-credential-expiry.ts";
import { listAlerts } from "./list-alerts.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listCredentials } from "./list-credentials.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { watchCredentials } from "./watch-credentials.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;
let connection: TestConnection;
const errors: unknown[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  errors.length = 0;
  await db.ownerSql`delete from app_credentials`;
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  connection = await createTestConnection(db, { workspaceId });
});

type App = Parameters<typeof watchCredentials>[0]["appCredentials"][number];
/** Three workers look at the same moment. */
async function everybodyLooks(apps: readonly App[] = []): Promise<void> {
  const log = {
    info: () => undefined,
    error: (_event: string, _facts: unknown, error: unknown) => errors.push(error),
  };
  const host = { db: db.worker, log, appCredentials: apps };
  const { signal } = new AbortController();
  await Promise.all([1, 2, 3].map(() => watchCredentials(host, signal)));
  expect(errors).toEqual([]);
}

const credential = (state = "active") => db.ownerSql`
  insert into credentials (workspace_id, id, connection_id, version, kind, state, sealed, kid, created_by)
  values (${connection.workspaceId}, ${randomUUID()}, ${connection.connectionId},
    (select coalesce(max(version), 0) + 1 from credentials where connection_id = ${connection.connectionId}),
    'secret', ${state}, 'sealed', 'kid', 'test')`;
/** So many days from the database's now, less an hour. */
const endsIn = (days: number) => db.ownerSql`
  update credentials set expires_at = now() + make_interval(days => ${days}, hours => -1)
  where connection_id = ${connection.connectionId}`;
const open = async () => (await listAlerts(owner, { state: "open" })).items;
const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

describe("a connection's credential", () => {
  it("escalates in one alert, and each stage asks again", async () => {
    await credential();
    await endsIn(70);
    await everybodyLooks();
    expect(await open()).toEqual([]);
    const ids = new Set<string>();
    for (const [days, severity] of [
      [60, "notice"],
      [30, "warning"],
      [7, "critical"],
      [1, "critical"],
      [0, "critical"],
    ] as const) {
      await endsIn(days);
      await everybodyLooks();
      const [alert, ...others] = await open();
      expect(others).toEqual([]);
      expect(alert).toMatchObject({ kind: "credential-expiry", severity, acknowledgedAt: null });
      expect(alert?.href).toBe(`/connections/${connection.connectionId}#credential`);
      await acknowledgeAlert(owner, { alertId: alert?.id ?? "" });
      await everybodyLooks();
      expect(await countAlerts(owner)).toEqual({ count: 0 });
      ids.add(alert?.id ?? "");
    }
    expect(ids.size).toBe(1);
    await endsIn(365);
    await everybodyLooks();
    expect(await open()).toEqual([]);
  });

  it("raises nothing while its end is unknown, or while it is not the one in use", async () => {
    await credential();
    await everybodyLooks();
    expect(await open()).toEqual([]);
    await db.ownerSql`update credentials set state = 'candidate' where connection_id = ${connection.connectionId}`;
    await endsIn(3);
    await everybodyLooks();
    expect(await open()).toEqual([]);
  });
});

describe("the installation's app", () => {
  const app = (days: number): App => ({
    cloud: "global",
    kind: "certificate",
    expiresAt: inDays(days),
  });

  it("warns the workspaces connected through it, once each, until it is renewed", async () => {
    const { workspaceId } = await createWorkspace(db);
    const stranger = await createMember(db, web.platform, workspaceId, "owner");
    await everybodyLooks([app(20)]);
    expect(await open()).toMatchObject([
      { kind: "app-credential-expiry", severity: "warning", connectionId: null },
    ]);
    expect((await open())[0]?.what).toContain(
      "The certificate of the installation's app (Global) expires in",
    );
    expect((await listAlerts(stranger)).items).toEqual([]);
    await everybodyLooks([app(400)]);
    expect(await open()).toEqual([]);
  });

  it("escalates in one alert at 60, 30, 7 and 1 days and once it has expired, and each stage asks again", async () => {
    const ids = new Set<string>();
    await everybodyLooks([app(61)]);
    expect(await open()).toEqual([]);
    for (const [days, severity] of [
      [60, "notice"],
      [30, "warning"],
      [7, "critical"],
      [1, "critical"],
      [-1, "critical"],
    ] as const) {
      await everybodyLooks([app(days)]);
      const [alert, ...others] = await open();
      expect(others).toEqual([]);
      expect(alert).toMatchObject({
        kind: "app-credential-expiry",
        severity,
        acknowledgedAt: null,
      });
      await acknowledgeAlert(owner, { alertId: alert?.id ?? "" });
      expect(await countAlerts(owner)).toEqual({ count: 0 });
      ids.add(alert?.id ?? "");
    }
    expect(ids.size).toBe(1);
  });

  it("concerns nobody whose tenants are connected by apps of their own", async () => {
    await db.ownerSql`update connections set method = 'registered-app' where id = ${connection.connectionId}`;
    await everybodyLooks([app(20)]);
    expect(await open()).toEqual([]);
  });

  it("concerns a workspace no more whose last connection through it is disconnected", async () => {
    await everybodyLooks([app(3)]);
    expect(await open()).toHaveLength(1);
    await disconnectConnection(owner, { connectionId: connection.connectionId });
    expect(await open()).toEqual([]);
  });

  it("without a known end raises nothing", async () => {
    await everybodyLooks([{ cloud: "global", kind: "secret", expiresAt: null }]);
    expect(await open()).toEqual([]);
  });
});

describe("the list of credentials", () => {
  it("has the one Microsoft refused as expired first, then the nearest to its end, the unknown before the far, and the installation's app for who manages it", async () => {
    await everybodyLooks([{ cloud: "global", kind: "certificate", expiresAt: inDays(20) }]);
    const near = await createTestConnection(db, { workspaceId: owner.workspaceId });
    const far = await createTestConnection(db, { workspaceId: owner.workspaceId });
    const unknown = await createTestConnection(db, { workspaceId: owner.workspaceId });
    const refused = await createTestConnection(db, { workspaceId: owner.workspaceId });
    for (const [made, days] of [
      [near, 5],
      [refused, 300],
      [far, 300],
      [unknown, null],
    ] as const) {
      connection = made;
      await db.ownerSql`update connections set method = 'registered-app' where id = ${made.connectionId}`;
      await credential();
      if (days !== null) await endsIn(days);
    }
    const problem = { class: "credential", code: "secret-expired" };
    await db.ownerSql`
      update connections set status = 'action-needed', problem = ${db.ownerSql.json(problem)}
      where id = ${refused.connectionId}`;
    const rows = await listCredentials(owner);
    expect(rows.map(({ id, stage }) => [id, stage])).toEqual([
      [refused.connectionId, "expired"],
      [near.connectionId, "7-days"],
      ["global", "30-days"],
      [unknown.connectionId, null],
      [far.connectionId, null],
    ]);
    expect(rows[2]?.holder).toEqual({ kind: "installation", cloud: "global", connections: 1 });
    expect(JSON.stringify(rows)).not.toContain("sealed");
    const viewer = await createMember(db, web.platform, owner.workspaceId, "viewer");
    expect((await listCredentials(viewer)).map(({ id }) => id)).not.toContain("global");
  });

  it("takes the day a secret ends, warns at once, and is audited with what was before", async () => {
    await credential();
    const { connectionId } = connection;
    const expiresOn = inDays(5).toISOString().slice(0, 10);
    await enterCredentialExpiry(owner, { connectionId, expiresOn });
    await enterCredentialExpiry(owner, { connectionId, expiresOn });
    expect(await open()).toMatchObject([{ kind: "credential-expiry", severity: "critical" }]);
    const events = (await listAuditEvents(owner, { action: "credential.expiry-entered" })).items;
    expect(events.map(({ targetId, details }) => [targetId, details])).toEqual([
      [connectionId, { from: null, to: `${expiresOn}T00:00:00.000Z` }],
    ]);
    await enterCredentialExpiry(owner, { connectionId, expiresOn: "2100-01-01" });
    expect(await open()).toEqual([]);
  });

  it("refuses a day that is none, a connection without a secret, and a certificate", async () => {
    const { connectionId } = connection;
    const enter = (expiresOn: string) => enterCredentialExpiry(owner, { connectionId, expiresOn });
    await expect(enter("31.05.2027")).rejects.toMatchObject({ code: "invalid" });
    await expect(enter("2027-05-31")).rejects.toMatchObject({ code: "conflict" });
    await credential();
    await db.ownerSql`update credentials set kind = 'certificate' where connection_id = ${connectionId}`;
    await expect(enter("2027-05-31")).rejects.toMatchObject({ code: "conflict" });
  });
});
