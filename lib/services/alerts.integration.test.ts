import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { type AlertFacts, alertKey } from "#lib/domain/alert";
import type { ExpiryStage } from "#lib/domain/credential-expiry";
import { acknowledgeAlert } from "./acknowledge-alert.ts";
import type { Ctx } from "./context.ts";
import { countAlerts } from "./count-alerts.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { listAlerts } from "./list-alerts.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { raiseAlert, resolveAlert } from "./raise-alert.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;
let connection: TestConnection;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db, { now: () => new Date("2026-11-29T12:00:00Z") });
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  connection = await createTestConnection(db, { workspaceId });
});

const raise = (facts: AlertFacts) =>
  db.worker.inWorkspace(owner.workspaceId, (tx) => raiseAlert(tx, owner.workspaceId, facts));
const resolve = (facts: AlertFacts) =>
  db.worker.inWorkspace(owner.workspaceId, (tx) =>
    resolveAlert(tx, owner.workspaceId, alertKey(facts)),
  );
const expiry = (stage: ExpiryStage): AlertFacts => ({
  kind: "credential-expiry",
  connectionId: connection.connectionId,
  credential: "secret",
  expiresAt: "2026-12-05T00:00:00.000Z",
  stage,
});
const lost = (code = "app-disabled"): AlertFacts => ({
  kind: "access-lost",
  connectionId: connection.connectionId,
  failure: { class: "credential", code },
});
const permission = (name: string): AlertFacts => ({
  kind: "permission-lost",
  connectionId: connection.connectionId,
  permission: name,
});
const items = async (filters: Parameters<typeof listAlerts>[1] = {}) =>
  (await listAlerts(owner, filters)).items;

describe("an alert", () => {
  it("is opened once, however often and by however many it is found, and resolved when it is gone", async () => {
    await Promise.all(Array.from({ length: 8 }, () => raise(lost())));
    const [only, ...others] = await items();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      kind: "access-lost",
      severity: "critical",
      connectionId: connection.connectionId,
      tenantId: connection.tenantId,
      href: `/connections/${connection.connectionId}`,
      resolvedAt: null,
      acknowledgedAt: null,
    });
    expect(only?.what).toContain("switched off");

    await resolve(lost());
    await resolve(lost());
    expect(await items({ state: "open" })).toEqual([]);
    const [resolved] = await items({ state: "resolved" });
    expect(resolved?.id).toBe(only?.id);
    expect(resolved?.resolvedAt).not.toBeNull();

    await raise(lost());
    const again = await items({ state: "open" });
    expect(again).toHaveLength(1);
    expect(again[0]?.id).not.toBe(only?.id);
  });

  it("escalates as one, and asks again for who has acknowledged the earlier stage", async () => {
    await raise(expiry("60-days"));
    const [first] = await items();
    expect(first).toMatchObject({
      severity: "notice",
      what: "The secret expires in 6 days, on 5 Dec 2026.",
    });
    expect(await countAlerts(owner)).toEqual({ count: 1 });

    const seen = await acknowledgeAlert(owner, { alertId: first?.id ?? "" });
    expect(seen).toMatchObject({
      id: first?.id,
      acknowledgedBy: owner.actor.name,
      resolvedAt: null,
    });
    expect(await countAlerts(owner)).toEqual({ count: 0 });
    await raise(expiry("60-days"));
    expect(await countAlerts(owner)).toEqual({ count: 0 });

    await raise(expiry("7-days"));
    expect(await items()).toMatchObject([
      { id: first?.id, severity: "critical", acknowledgedAt: null, acknowledgedBy: null },
    ]);
    expect(await countAlerts(owner)).toEqual({ count: 1 });
  });

  it("is acknowledged once, with an audit event", async () => {
    await raise(lost());
    const [alert] = await items();
    const alertId = alert?.id ?? "";
    const first = await acknowledgeAlert(owner, { alertId });
    expect(await acknowledgeAlert(owner, { alertId })).toEqual(first);
    const events = (await listAuditEvents(owner, { targetId: alertId })).items;
    expect(events.map((event) => [event.action, event.actorName])).toEqual([
      ["alert.acknowledged", owner.actor.name],
    ]);
  });
});

describe("the list", () => {
  it("has the most pressing on top, then acknowledged, then resolved ones, page by page", async () => {
    await raise(permission("Reports.Read.All"));
    await resolve(permission("Reports.Read.All"));
    await raise(expiry("60-days"));
    await raise(permission("AuditLog.Read.All"));
    await raise(lost());
    await raise({
      kind: "claim-moved",
      connectionId: connection.connectionId,
      source: "microsoft-365",
    });
    const claim = (await items()).find(({ kind }) => kind === "claim-moved");
    await acknowledgeAlert(owner, { alertId: claim?.id ?? "" });

    const expected = [
      "access-lost",
      "permission-lost",
      "credential-expiry",
      "claim-moved",
      "permission-lost",
    ];
    expect((await items()).map(({ kind }) => kind)).toEqual(expected);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listAlerts>> = await listAlerts(owner, {
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      });
      paged.push(...page.items.map(({ kind }) => kind));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(expected);
  });

  it("is filtered by tenant", async () => {
    const other = await createTestConnection(db, { workspaceId: owner.workspaceId });
    await raise(lost());
    await raise({ kind: "sign-ins-lost", connectionId: other.connectionId });
    expect((await items({ tenantId: other.tenantId })).map(({ kind }) => kind)).toEqual([
      "sign-ins-lost",
    ]);
  });

  it("tells of the installation's app only who manages connections", async () => {
    await raise({
      kind: "app-credential-expiry",
      cloud: "global",
      credential: "certificate",
      expiresAt: "2026-12-05T00:00:00.000Z",
      stage: "7-days",
    });
    const viewer = await createMember(db, web.platform, owner.workspaceId, "viewer");
    expect((await listAlerts(viewer)).items).toEqual([]);
    expect(await countAlerts(viewer)).toEqual({ count: 0 });
    expect(await items()).toMatchObject([{ connectionId: null, tenantName: null }]);
    expect(await countAlerts(owner)).toEqual({ count: 1 });
  });

  it("refuses a state and a cursor it does not know", async () => {
    const state = "gone" as "open";
    await expect(listAlerts(owner, { state })).rejects.toMatchObject({ code: "invalid" });
    await expect(listAlerts(owner, { cursor: "x" })).rejects.toMatchObject({ code: "invalid" });
  });
});

it("closes with its connection, but for the one that says who took the tenant", async () => {
  await raise(lost());
  await raise(expiry("7-days"));
  await raise({
    kind: "claim-moved",
    connectionId: connection.connectionId,
    source: "microsoft-365",
  });
  await disconnectConnection(owner, { connectionId: connection.connectionId });
  expect((await items({ state: "open" })).map(({ kind }) => kind)).toEqual(["claim-moved"]);
});
