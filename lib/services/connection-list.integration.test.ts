import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Ctx } from "./context.ts";
import { countConnections } from "./count-connections.ts";
import { getConnection } from "./get-connection.ts";
import { listConnections } from "./list-connections.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { updateConnection } from "./update-connection.ts";

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const owner = async (): Promise<Ctx> => {
  const { workspaceId } = await createWorkspace(db);
  return createMember(db, web.platform, workspaceId, "owner");
};

interface Given {
  readonly status?: string;
  readonly enterprise?: string | null;
  readonly source?: string;
}

async function add({ workspaceId }: Ctx, name: string, given: Given = {}): Promise<string> {
  const id = randomUUID();
  const { status = "ready", enterprise = null, source = "microsoft-365" } = given;
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, method, tenant_id, status, created_by, enterprise)
    values (${workspaceId}, ${id}, ${name}, ${source}, 'registered-app', ${randomUUID()}, ${status}, 'test', ${enterprise})`;
  return id;
}

type Query = Parameters<typeof listConnections>[1];
const names = async (ctx: Ctx, query: Query = {}) =>
  (await listConnections(ctx, query)).items.map(({ name }) => name);

describe("the order of the list", () => {
  it("puts first what needs a person", async () => {
    const ctx = await owner();
    await add(ctx, "Works");
    await add(ctx, "Rests", { status: "paused" });
    await add(ctx, "Begun", { status: "awaiting-consent" });
    await add(ctx, "Broken", { status: "action-needed" });
    const expiring = await add(ctx, "Expires");
    await db.ownerSql`
      insert into credentials (workspace_id, id, connection_id, version, kind, state, sealed, kid, created_by, expires_at)
      values (${ctx.workspaceId}, ${randomUUID()}, ${expiring}, 1, 'secret', 'active', 'sealed', 'kid', 'test', now() + interval '9 days')`;
    const held = await add(ctx, "Held");
    await db.ownerSql`
      insert into dataset_runs (workspace_id, connection_id, dataset, state)
      values (${ctx.workspaceId}, ${held}, 'directory', 'suspect')`;
    expect(await names(ctx, { sort: "attention" })).toEqual([
      "Broken",
      "Held",
      "Expires",
      "Begun",
      "Works",
      "Rests",
    ]);
    expect((await names(ctx)).at(0)).toBe("Begun");
  });

  it("keeps enterprises together, page by page, and those without one last", async () => {
    const ctx = await owner();
    const given = [
      ["Zeta", "A"],
      ["Alpha", "A"],
      ["Beta", "AB"],
      ["Gamma", "B"],
      ["Alone", null],
    ] as const;
    for (const [name, enterprise] of given) await add(ctx, name, { enterprise });
    await add(ctx, "Broken", { enterprise: "A", status: "action-needed" });
    const pages: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listConnections(ctx, {
        sort: "enterprise",
        limit: 2,
        ...(cursor && { cursor }),
      });
      pages.push(...page.items.map(({ name }) => name));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(["Broken", "Alpha", "Zeta", "Beta", "Gamma", "Alone"]);
  });
});

describe("narrowing the list", () => {
  it("by status, source, enterprise and text; disconnected ones only when asked for", async () => {
    const ctx = await owner();
    await add(ctx, "One", { enterprise: "Contoso Group" });
    const two = await add(ctx, "Two", { status: "action-needed" });
    await add(ctx, "Old", { status: "disconnected", enterprise: "Contoso Group" });
    await add(ctx, "Script", { source: "office-365-deprecated" });
    expect(await names(ctx)).toEqual(["One", "Script", "Two"]);
    expect(await names(ctx, { status: "action-needed" })).toEqual(["Two"]);
    expect(await names(ctx, { status: "disconnected" })).toEqual(["Old"]);
    expect(await names(ctx, { source: "office-365-deprecated" })).toEqual(["Script"]);
    expect(await names(ctx, { enterprise: "Contoso Group" })).toEqual(["One"]);
    expect(await names(ctx, { search: "toso gr" })).toEqual(["One"]);
    const { tenantId } = await getConnection(ctx, { connectionId: two });
    expect(await names(ctx, { search: tenantId ?? "" })).toEqual(["Two"]);
    expect(await names(await owner(), { search: "One" })).toEqual([]);
  });

  it("counts over all pages, per enterprise", async () => {
    const ctx = await owner();
    await add(ctx, "One", { enterprise: "Contoso Group" });
    await add(ctx, "Two", { enterprise: "Contoso Group", status: "action-needed" });
    await add(ctx, "Three", { status: "draft" });
    const counts = await countConnections(ctx, {});
    expect(counts).toMatchObject({ connections: 3, needRepair: 1, unfinished: 1, held: 0 });
    expect(counts.enterprises.map((group) => [group.enterprise, group.connections])).toEqual([
      ["Contoso Group", 2],
      [null, 1],
    ]);
    expect((await countConnections(ctx, { search: "two" })).connections).toBe(1);
  });
});

describe("an enterprise's label", () => {
  it("is entered, spelt as it was first, taken away, and audited; the name stays", async () => {
    const ctx = await owner();
    const first = await add(ctx, "First");
    const second = await add(ctx, "Second");
    const label = (connectionId: string, enterprise: string | null) =>
      updateConnection(ctx, { connectionId, enterprise });
    expect((await label(first, "  Contoso Group ")).enterprise).toBe("Contoso Group");
    expect(await label(second, "CONTOSO group")).toMatchObject({
      enterprise: "Contoso Group",
      name: "Second",
      status: "ready",
    });
    expect((await label(first, null)).enterprise).toBeNull();
    const events = await db.ownerSql<{ details: { fields: string[] } }[]>`
      select details from audit_events where workspace_id = ${ctx.workspaceId} and action = 'connection.changed'`;
    expect(events.map(({ details }) => details.fields)).toEqual(Array(3).fill(["enterprise"]));
  });

  it.each(["", " ", "x".repeat(61), "Contoso\u0000", "Contoso\u202e"])(
    "refuses %j",
    async (text) => {
      const ctx = await owner();
      const connectionId = await add(ctx, "Named");
      await expect(updateConnection(ctx, { connectionId, enterprise: text })).rejects.toMatchObject(
        {
          code: "invalid",
          fields: { enterprise: expect.any(String) },
        },
      );
    },
  );
});

it("two hundred connections are read in pages of a hundred, each once", async () => {
  const ctx = await owner();
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, method, tenant_id, status, created_by, enterprise)
    select ${ctx.workspaceId}::uuid, gen_random_uuid(), 'Tenant ' || lpad(n::text, 3, '0'), 'microsoft-365',
      'registered-app', gen_random_uuid(), 'ready', 'test', 'Enterprise ' || n % 12
    from generate_series(1, 200) n`;
  const first = await listConnections(ctx, { sort: "enterprise", limit: 100 });
  const second = await listConnections(ctx, {
    sort: "enterprise",
    limit: 100,
    cursor: first.nextCursor ?? "",
  });
  expect(second.nextCursor).toBeNull();
  const items = [...first.items, ...second.items];
  expect(new Set(items.map(({ id }) => id)).size).toBe(200);
  const order = items.map(({ enterprise }) => enterprise);
  // Each enterprise is one run of neighbours.
  expect(order.filter((enterprise, index) => enterprise !== order[index - 1])).toHaveLength(12);
});
