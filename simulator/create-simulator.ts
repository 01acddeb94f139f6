import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { defaultApps, demoTenants } from "./defaults.ts";
import type { SimulatorEnv } from "./faults/transport.ts";
import { graphApp } from "./routes/graph.ts";
import { loginApp } from "./routes/login.ts";
import { reportsApp } from "./routes/reports.ts";
import { createStore, type Store } from "./store/store.ts";
import type { AppRegistration, TenantSpec } from "./types.ts";

/** Settings of a simulator. Port 0 takes a free port. */
export type SimulatorOptions = {
  loginPort?: number;
  graphPort?: number;
  reportsPort?: number;
  /** Delay of every Graph answer in milliseconds. */
  latencyMs?: number;
  /** Default: the set `demo`. */
  tenants?: readonly TenantSpec[];
  /** Default: the registrations of a Seatledger at `http://localhost:3000`. */
  apps?: readonly AppRegistration[];
  /** Fixes the day that all dates are relative to; default: the current UTC day. */
  now?: Date;
};

/** A running simulator. Origins have no trailing slash. */
export type Simulator = {
  loginOrigin: string;
  graphOrigin: string;
  reportsOrigin: string;
  store: Store;
  /** The three applications, for `app.request(...)` without a port. */
  apps: { login: Hono<SimulatorEnv>; graph: Hono<SimulatorEnv>; reports: Hono<SimulatorEnv> };
  /** Releases hanging responses, closes all connections and stops listening. */
  close: () => Promise<void>;
};

const HOST = "127.0.0.1";

/** Starts the three servers on loopback. Rejects with EADDRINUSE when a port is taken. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const [login, graph, reports] = servers;
  try {
    const origins = {
      login: await listen(login, options.loginPort ?? 0),
      graph: await listen(graph, options.graphPort ?? 0),
      reports: await listen(reports, options.reportsPort ?? 0),
    };
    const store = await createStore({
      origins,
      ...(options.now ? { now: options.now } : {}),
      latencyMs: options.latencyMs ?? 0,
    });
    for (const app of options.apps ?? defaultApps(["http://localhost:3000"])) store.addApp(app);
    for (const tenant of options.tenants ?? demoTenants()) store.addTenant(tenant);
    const apps = { login: loginApp(store), graph: graphApp(store), reports: reportsApp(store) };
    login.on("request", getRequestListener(apps.login.fetch));
    graph.on("request", getRequestListener(apps.graph.fetch));
    reports.on("request", getRequestListener(apps.reports.fetch));
    return {
      loginOrigin: origins.login,
      graphOrigin: origins.graph,
      reportsOrigin: origins.reports,
      store,
      apps,
      close: async () => {
        for (const tenant of store.tenants.values()) tenant.setFaults([]);
        await Promise.all(servers.map(stop));
      },
    };
  } catch (error) {
    await Promise.all(servers.map(stop));
    throw error;
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
