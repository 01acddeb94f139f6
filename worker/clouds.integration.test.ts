import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { type Cloud, clouds } from "#lib/domain/connection";
import { originsOf } from "#lib/microsoft/clouds";
import type { Ctx, Platform } from "#lib/services/context";
import { createConnection } from "#lib/services/create-connection";
import { getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { listLicenses } from "#lib/services/list-licenses";
import { listVerifications } from "#lib/services/list-verifications";
import { startImport } from "#lib/services/start-import";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import { tenantFromRequest } from "#simulator/specs";
import { truthOf } from "#simulator/store/truth";
import { appUrl, createInstallation, type Installation } from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

const secret = "sim8Q~secret-of-a-registered-app";
let simulator: Simulator;
let installation: Installation;
let worker: WorkerProcess;
let ctx: Ctx;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]), clouds });
  installation = await createInstallation({
    ...simulator,
    multiTenantApp: credentials.multiTenantApp,
  });
  const { global: _global, ...national } = simulator.clouds;
  const origins = Object.fromEntries(
    Object.entries(national).map(([cloud, { login, graph }]) => [cloud, { login, graph }]),
  );
  worker = await startWorkerProcess({
    ...installation.workerEnv,
    MICROSOFT_ORIGINS: JSON.stringify(origins),
  });
  const { workspaceId } = await createWorkspace(installation.db);
  ctx = { platform: webPlatform(), workspaceId, actor };
}, 120_000);

afterAll(async () => {
  await worker?.end("SIGTERM");
  await installation?.close();
  await simulator?.close();
});

const actor = { kind: "token", id: "script", name: "Script", role: "owner" } as const;

const webPlatform = (): Platform => ({
  db: installation.db.web,
  queue: installation.queue,
  sealer: installation.sealer,
  config: {
    appUrl,
    signInTenants: null,
    multiTenantApp: {},
    cursorKey: new Uint8Array(32),
    packageMaxBytes: 1024 ** 2,
    originsOf: (cloud) => originsOf(cloud),
  },
  now: () => new Date(),
});

function addTenant(cloud: Cloud, seed: string) {
  const spec = tenantFromRequest({ cloud, seed, size: 60, app: { secret } });
  const { store } = simulator;
  return store.world.storeOf(cloud).addTenant(spec);
}

/** Connects a tenant by its registered app, as an API client of that cloud would. */
const connect = (tenant: ReturnType<typeof addTenant>, cloud: Cloud) =>
  createConnection(ctx, {
    name: `Tenant in ${cloud.replaceAll("-", " ")}`,
    source: "microsoft-365",
    method: "registered-app",
    cloud,
    tenantId: tenant.spec.id,
    clientId: tenant.spec.apps[0]?.clientId ?? "",
    credential: { kind: "secret", secret },
  });

async function verdict(connectionId: string) {
  return waitFor("the verification ended", async () => {
    const { items } = await listVerifications(ctx, { connectionId, limit: 1 });
    const [last] = items;
    return last?.state === "succeeded" || last?.state === "failed" ? last : null;
  });
}

describe.each(clouds)("a tenant in %s", (cloud) => {
  it("is verified, imported and counted right, and usage says what the cloud offers", async () => {
    const tenant = addTenant(cloud, `counted in ${cloud}`);
    const { id: connectionId } = await connect(tenant, cloud);
    const checked = await verdict(connectionId);
    expect(checked.error).toBeNull();
    const usage = checked.endpoints.find(({ endpoint }) => endpoint === "usage-report");
    expect(usage?.outcome).toBe(cloud === "global" ? "ok" : "not-offered");

    const { id: importId } = await startImport(ctx, { connectionId, trigger: "manual" });
    const done = await waitFor("the import ended", async () => {
      const item = await getImport(ctx, { importId });
      return item.finishedAt === null ? null : item;
    });
    expect(done.state).toBe("succeeded");

    const { items } = await listLicenses(ctx, { connectionId, limit: 100 });
    const truth = await truthOf(tenant);
    const holders = new Map(truth.skus.map((sku) => [sku.skuId, sku.holders]));
    const counted = items.filter(({ consumed }) => consumed !== null);
    expect(counted.length).toBeGreaterThan(3);
    expect(counted.map(({ skuId, consumed }) => [skuId, consumed])).toEqual(
      counted.map(({ skuId }) => [skuId, holders.get(skuId ?? "")]),
    );
    // Sign-ins are offered everywhere, so activity is told; usage has a date in Global alone.
    expect(counted.every(({ activity }) => activity !== null)).toBe(true);
    expect(counted.every(({ asOf }) => asOf.signIns !== null)).toBe(true);
    expect(counted.every(({ asOf }) => (asOf.usage === null) === (cloud !== "global"))).toBe(true);
    const reports = done.streams.find(({ name }) => name === "usage");
    expect(reports?.error?.code ?? null).toBe(cloud === "global" ? null : "not-offered-in-cloud");
  }, 120_000);
});

describe("the wrong cloud", () => {
  it.each([
    { lives: "us-gov-l4", chosen: "global" },
    { lives: "us-gov-l5", chosen: "global" },
    { lives: "global", chosen: "us-gov-l4" },
    { lives: "china", chosen: "global" },
    { lives: "global", chosen: "china" },
  ] as const)(
    "is told with the right one: $chosen for a tenant of $lives",
    async ({ lives, chosen }) => {
      const tenant = addTenant(lives, `lives in ${lives}, sought in ${chosen}`);
      const { id: connectionId } = await connect(tenant, chosen);
      const { error } = await verdict(connectionId);
      expect(error?.code).toBe("tenant-other-cloud");
      const names = { global: "Global", china: "China (21Vianet)" } as const;
      const gov = { "us-gov-l4": "L4 (GCC High)", "us-gov-l5": "L5 (DoD)" } as const;
      expect(error?.what).toContain({ ...names, ...gov }[lives]);
      const { status } = await getConnection(ctx, { connectionId });
      expect(status).toBe("action-needed");
    },
    60_000,
  );

  it("between L4 and L5 is refused: the login is one, the Graphs are two", async () => {
    const tenant = addTenant("us-gov-l5", "lives in L5, sought in L4");
    const { id: connectionId } = await connect(tenant, "us-gov-l4");
    const { error } = await verdict(connectionId);
    expect(error?.code).toBe("tenant-other-cloud");
    expect(error?.what).toContain("L5 (DoD)");
  }, 60_000);

  it("a tenant nobody knows stays unknown", async () => {
    const tenant = addTenant("global", "gone before it was verified");
    simulator.store.tenants.delete(tenant.spec.id);
    const { id: connectionId } = await connect(tenant, "global");
    expect((await verdict(connectionId)).error?.code).toBe("tenant-not-found");
  }, 60_000);
});
