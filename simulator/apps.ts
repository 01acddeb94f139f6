import type { Hono } from "hono";
import type { CloudName } from "./clouds.ts";
import { defaultApps } from "./defaults.ts";
import { demoTenants } from "./demo/tenants.ts";
import type { SimulatorEnv } from "./faults/transport.ts";
import { graphApp } from "./routes/graph.ts";
import { loginApp } from "./routes/login.ts";
import { reportsApp } from "./routes/reports.ts";
import { createWorld, type Origins, type OriginsByCloud, type Store } from "./store/store.ts";
import type { AppRegistration, TenantSpec } from "./types.ts";

/** What a simulator contains. */
export type SimulatorContent = {
  /** Default: those of the set `demo` whose cloud is played. */
  tenants?: readonly TenantSpec[];
  /** Of the Global cloud; default: the registrations of a Seatledger at `http://localhost:3000`. */
  apps?: readonly AppRegistration[];
  /** Registrations in the other clouds. */
  nationalApps?: Partial<Record<CloudName, readonly AppRegistration[]>>;
  /** Fixes the day that all dates are relative to; default: the current UTC day. */
  now?: Date;
  /** Delay of every Graph answer in milliseconds. */
  latencyMs?: number;
};

/** The three applications of a cloud, one per origin. They answer `app.request(...)` without a port. */
export type SimulatorApps = {
  login: Hono<SimulatorEnv>;
  graph: Hono<SimulatorEnv>;
  reports: Hono<SimulatorEnv>;
};

/** The Global cloud alone, reached under `origins`. */
export async function createApps(
  origins: Origins,
  content: SimulatorContent = {},
): Promise<{ store: Store; apps: SimulatorApps }> {
  const { global } = await createClouds({ global: origins }, content);
  return global;
}

/** A cloud and its applications. */
export type PlayedCloud = { store: Store; apps: SimulatorApps };

/** Builds the applications of every cloud that has origins. Throws when a tenant lives in one that has none. */
export async function createClouds(
  origins: OriginsByCloud,
  content: SimulatorContent = {},
): Promise<{ global: PlayedCloud; clouds: ReadonlyMap<CloudName, PlayedCloud> }> {
  const { now, latencyMs = 0 } = content;
  const world = await createWorld({ origins, latencyMs, ...(now ? { now } : {}) });
  const registrations = {
    global: content.apps ?? defaultApps(["http://localhost:3000"]),
    ...content.nationalApps,
  };
  for (const [cloud, store] of world.clouds) {
    for (const app of registrations[cloud] ?? []) store.addApp(app);
  }
  const inPlay = demoTenants().filter(({ cloud = "global" }) => world.clouds.has(cloud));
  for (const tenant of content.tenants ?? inPlay) {
    world.storeOf(tenant.cloud ?? "global").addTenant(tenant);
  }
  const played = (store: Store): PlayedCloud => ({
    store,
    apps: { login: loginApp(store), graph: graphApp(store), reports: reportsApp(store) },
  });
  const clouds = new Map([...world.clouds].map(([cloud, store]) => [cloud, played(store)]));
  return { global: clouds.get("global") ?? played(world.storeOf("global")), clouds };
}
