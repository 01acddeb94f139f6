import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type postgres from "postgres";
import { openDatabase } from "../db/client.ts";
import { acquireEmbedded, type DatabaseUrls, destroyEmbedded } from "../db/embedded/acquire.ts";
import { migrateDatabase } from "../db/migrate.ts";
import { openOwner } from "../db/owner.ts";
import { createImportStore } from "../db/queries/import-store.ts";
import { createTestConnection, type TestConnection } from "../db/testing/import-fixtures.ts";
import type { RunHandle } from "../lib/import/ports.ts";
import type { Ctx } from "../lib/services/context.ts";
import { setPrice } from "../lib/services/set-price.ts";
import { createMember, createTestWeb } from "../lib/services/testing/web.ts";
import { measureVisit, serverProcess } from "./harness/measure-visit.ts";
import { report, tell } from "./harness/report.ts";
import { type Subject, visitsOf } from "./pages-visits.ts";
import { seedDirectory, seedSignIns, seedUsage } from "./publish-seed.ts";

/**
 * What the console's pages ask of the database, by the use cases and the role they ask with, over a tenant made by SQL:
 * two imports of it, 1 % of the accounts changed between them.
 *
 * `--users N`, `--assignments M` (2.5 per account), `--skus S`; `--keep DIR` makes the tenant there once and measures it
 * again later; `--only TEXT` visits with it in their name; `--json` one line.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "100000" },
    assignments: { type: "string" },
    skus: { type: "string", default: "300" },
    keep: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);
const assignments = Number(values.assignments ?? users * 2.5);

interface Known extends TestConnection {
  readonly importId: string;
}

/** The tenant of an earlier run with `--keep`. */
async function findTenant(owner: postgres.Sql): Promise<Known | undefined> {
  const [found] = await owner<Known[]>`
    select c.workspace_id as "workspaceId", c.id as "connectionId", c.tenant_id as "tenantId", i.id as "importId"
    from connections c join imports i on i.workspace_id = c.workspace_id and i.connection_id = c.id`;
  return found;
}

/** The import a run belongs to: pages are reached by it. */
async function addImport(owner: postgres.Sql, run: RunHandle): Promise<string> {
  const { workspaceId, connectionId, runId } = run;
  const importId = randomUUID();
  await owner`
    insert into imports (workspace_id, id, connection_id, trigger, requested_by)
    values (${workspaceId}, ${importId}, ${connectionId}, 'manual', 'bench')`;
  await owner`
    insert into import_runs (workspace_id, import_id, run_id)
    values (${workspaceId}, ${importId}, ${runId})`;
  return importId;
}

async function makeTenant(owner: postgres.Sql, urls: DatabaseUrls): Promise<Known> {
  const applicationName = "bench";
  const db = await openDatabase({ url: urls.worker, role: "worker", applicationName, max: 1 });
  try {
    const store = createImportStore(db);
    const connection = await createTestConnection({ ownerSql: owner });
    const size = { users, assignments, skus: Number(values.skus), version: 0 };
    const seeding = { owner, db, store, connection, size };
    const publish = async (name: string, run: RunHandle) => {
      if ((await store.facts(run)) === "superseded") throw new Error("The run is ours.");
      tell(name, { outcome: await store.publish(run) });
    };
    await publish("sign-ins", await seedSignIns(seeding));
    await publish("usage", await seedUsage(seeding));
    await publish("directory", await seedDirectory(seeding));
    const next = await seedDirectory({ ...seeding, size: { ...size, version: 1 } });
    await publish("directory, 1 % changed", next);
    await owner`vacuum analyze`;
    return { ...connection, importId: await addImport(owner, next) };
  } finally {
    await db.close();
  }
}

/** The license with the most holders, and one account in the middle of its list by name. */
async function findSubject(owner: postgres.Sql, ctx: Ctx, tenant: Known): Promise<Subject> {
  const [license] = await owner<{ id: string; skuId: string; snapshotId: string; no: number }[]>`
    select l.id, l.sku_id as "skuId", r.directory_snapshot_id as "snapshotId", p.sku_no as no,
      p.reconciliation_id
    from connections c
    join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    join license_positions p on p.workspace_id = c.workspace_id and p.reconciliation_id = r.id
    join licenses l on l.workspace_id = c.workspace_id and l.id = p.license_id
    where c.id = ${tenant.connectionId}
    order by p.consumed desc nulls last limit 1`;
  if (license === undefined) throw new Error("The tenant has licenses.");
  const holders = owner`
    select u.user_no, u.user_id, u.display_name,
      row_number() over (order by u.display_name collate "und-x-icu", u.user_no) as place, count(*) over () as of
    from snapshot_assignments a join snapshot_users u using (workspace_id, snapshot_id, user_no)
    where a.workspace_id = ${tenant.workspaceId} and a.snapshot_id = ${license.snapshotId}
      and a.sku_no = ${license.no}`;
  const [middle] = await owner<
    {
      userNo: number;
      userId: string;
      displayName: string;
      holders: number;
      reconciliation: number;
    }[]
  >`
    select h.user_no as "userNo", h.user_id as "userId", h.display_name as "displayName", h.of::int as holders,
      (select reconciliation_id from connections where id = ${tenant.connectionId}) as reconciliation
    from (${holders}) h where place = of / 2`;
  if (middle === undefined) throw new Error("The license has holders.");
  const { connectionId, importId } = tenant;
  return { ctx, connectionId, importId, licenseId: license.id, skuId: license.skuId, middle };
}

async function visitAll(urls: DatabaseUrls) {
  const owner = openOwner(urls.owner);
  const applicationName = "bench web";
  const web = await openDatabase({ url: urls.web, role: "web", applicationName, max: 1 });
  const worker = await openDatabase({ url: urls.worker, role: "worker", applicationName, max: 5 });
  const db = { web, worker, urls, ownerSql: owner, close: async () => undefined };
  const testWeb = await createTestWeb(db);
  try {
    const tenant = (await findTenant(owner)) ?? (await makeTenant(owner, urls));
    const ctx = await createMember(db, testWeb.platform, tenant.workspaceId, "owner");
    const subject = await findSubject(owner, ctx, tenant);
    const { skuId } = subject;
    const backend = await serverProcess(web);
    const visits = visitsOf(subject).filter(({ name }) => name.includes(values.only ?? ""));
    const figures: Record<string, object> = {};
    for (const { name, ask } of visits) {
      figures[name] = await measureVisit(ask, backend);
      tell(name, figures[name]);
    }
    if (values.only === undefined) {
      const price = { amount: "31.5", currency: "EUR" };
      const began = performance.now();
      await setPrice(ctx, { skuId, price });
      figures["license: a price entered"] = { ms: Math.round(performance.now() - began) };
      await setPrice(ctx, { skuId, price: null });
    }
    return { users, assignments, holders: subject.middle.holders, pages: figures };
  } finally {
    await testWeb.close();
    await Promise.all([web.close(), worker.close(), owner.end({ timeout: 5 })]);
  }
}

const dataDir = values.keep ?? mkdtempSync(join(tmpdir(), "seatledger-bench-"));
const lease = await acquireEmbedded(dataDir);
try {
  await migrateDatabase(lease.urls.owner);
  report(await visitAll(lease.urls), values.json);
} finally {
  await lease.release();
  if (values.keep === undefined) {
    await destroyEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
