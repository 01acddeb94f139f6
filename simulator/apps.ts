import type { Hono } from "hono";
import { defaultApps } from "./defaults.ts";
import { demoTenants } from "./demo/tenants.ts";
import type { SimulatorEnv } from "./faults/transport.ts";
import { graphApp } from "./routes/graph.ts";
import { loginApp } from "./routes/login.ts";
import { reportsApp } from "./routes/reports.ts";
import { createStore, type Origins, type Store } from "./store/store.ts";
import type { AppRegistration, TenantSpec } from "./types.ts";

/** What a simulator contains. */
export type SimulatorContent = {
  /** Default: the set `demo`. */
  tenants?: readonly TenantSpec[];
  /** Default: the registrations of a Seatledger at `http://localhost:3000`. */
  apps?: readonly AppRegistration[];
  /** Fixes the day that all dates are relative to; default: the current UTC day. */
  now?: Date;
  /** Delay of every Graph answer in milliseconds. */
  latencyMs?: number;
};

/** The three applications, one per origin. They answer `app.request(...)` without a port. */
export type SimulatorApps = {
  login: Hono<SimulatorEnv>;
  graph: Hono<SimulatorEnv>;
  reports: Hono<SimulatorEnv>;
};

/** Builds the applications of a simulator that is reached under `origins`. */
export async function createApps(
  origins: Origins,
  content: SimulatorContent = {},
): Promise<{ store: Store; apps: SimulatorApps }> {
  const { now, latencyMs = 0 } = content;
  const store = await createStore({ origins, latencyMs, ...(now ? { now } : {}) });
  for (const app of content.apps ?? defaultApps(["http://localhost:3000"])) store.addApp(app);
  for (const tenant of content.tenants ?? demoTenants()) store.addTenant(tenant);
  const apps = { login: loginApp(store), graph: graphApp(store), reports: reportsApp(store) };
  return { store, apps };
}
