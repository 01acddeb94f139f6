import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Ctx } from "./context.ts";
import { createOrganisation } from "./create-organisation.ts";
import { getConnection } from "./get-connection.ts";
import { getImport } from "./get-import.ts";
import { getOrganisation } from "./get-organisation.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { getStanding } from "./get-standing.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { getVerification } from "./get-verification.ts";
import { listOrganisations } from "./list-organisations.ts";
import { listSwitches } from "./list-switches.ts";
import { startImport } from "./start-import.ts";
import { startVerification } from "./start-verification.ts";
import { connectSource } from "./testing/sources.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

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

/** A member whose every answer is overtaken: somebody commits a change after its first statement. */
const overtaken = (ctx: Ctx, change: () => Promise<unknown>): Ctx => ({
  ...ctx,
  platform: {
    ...ctx.platform,
    db: {
      ...ctx.platform.db,
      inSnapshot: (workspaceId, work) =>
        ctx.platform.db.inSnapshot(workspaceId, async (tx) => {
          await tx.execute(sql`select 1`);
          await change();
          return work(tx);
        }),
    },
  },
});

/** Everything a page is renewed by, or compares with. */
async function arrange() {
  const { workspaceId } = await createWorkspace(db);
  const owner = await createMember(db, web.platform, workspaceId, "owner");
  const tenantId = randomUUID();
  for (const source of ["office-365-deprecated", "microsoft-365"] as const) {
    await (await connectSource(db, { workspaceId, tenantId, source })).publish({ 1: 3 });
  }
  const { connectionId } = await createTestConnection(db, { workspaceId });
  const reader = await createTestConnection(db, { workspaceId, source: "saas-management" });
  const { id: organisationId } = await createOrganisation(owner, {
    name: "Contoso Group",
    region: "na",
    orgId: "28010",
    credential: { kind: "refresh-token", refreshToken: "a~token" },
  });
  const { id: importId } = await startImport(owner, { connectionId, trigger: "manual" });
  const { id: verificationId } = await startVerification(owner, { connectionId });
  const move = { by: "microsoft-365", tenantId } as const;
  const [first] = await db.ownerSql<{ id: string }[]>`
    select id from connections where tenant_id = ${tenantId} limit 1`;
  const verbs: Readonly<Record<string, (ctx: Ctx) => Promise<unknown>>> = {
    getOrganisation: (ctx) => getOrganisation(ctx, { organisationId }),
    listOrganisations: (ctx) => listOrganisations(ctx),
    getConnection: (ctx) => getConnection(ctx, { connectionId }),
    getImport: (ctx) => getImport(ctx, { importId }),
    getVerification: (ctx) => getVerification(ctx, { verificationId }),
    getSkuMapping: (ctx) => getSkuMapping(ctx, { connectionId: reader.connectionId }),
    getSwitchPreview: (ctx) => getSwitchPreview(ctx, move),
    getStanding: (ctx) => getStanding(ctx, { connectionId: first?.id ?? "" }),
    listSwitches: (ctx) => listSwitches(ctx),
  };
  /** What a worker, or somebody else, may do meanwhile. */
  const change = async () => {
    await db.ownerSql`
      update saas_organisations set name = 'Renamed' where workspace_id = ${workspaceId}`;
    await db.ownerSql`
      update saas_checks set state = 'failed' where workspace_id = ${workspaceId}`;
    await db.ownerSql`
      update connections set name = 'Renamed', tenant_name = 'Renamed' where workspace_id = ${workspaceId}`;
    await db.ownerSql`
      update dataset_runs set state = 'cancelled', finished_at = now() where workspace_id = ${workspaceId}`;
    await db.ownerSql`
      update verifications set state = 'failed' where workspace_id = ${workspaceId}`;
    await db.ownerSql`
      insert into supersessions (workspace_id, by_source, tenant_id, created_by)
      values (${workspaceId}, 'microsoft-365', ${tenantId}, 'somebody')`;
    await db.ownerSql`
      insert into sku_mappings (workspace_id, connection_id, kind, external_id, sku_id, mapped_by, taken_from)
      values (${workspaceId}, ${reader.connectionId}, 'license', 'L-1', ${randomUUID()}, 'somebody', ${reader.connectionId})`;
  };
  return { owner, verbs, change };
}

it.each([
  "getOrganisation",
  "listOrganisations",
  "getConnection",
  "getImport",
  "getVerification",
  "getSkuMapping",
  "getSwitchPreview",
  "getStanding",
  "listSwitches",
])("%s answers of one moment, whatever is committed while it reads", async (name) => {
  const { owner, verbs, change } = await arrange();
  const verb = verbs[name];
  if (verb === undefined) throw new Error(name);
  const before = await verb(owner);
  let changed = false;
  const during = await verb(
    overtaken(owner, async () => {
      await change();
      changed = true;
    }),
  );
  expect(changed).toBe(true);
  expect(during).toEqual(before);
  expect(await verb(owner)).not.toEqual(before);
});
