import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApps, type SimulatorApps, type SimulatorContent } from "./apps.ts";
import type { Store } from "./store/store.ts";

/** Settings of a simulator. Port 0, the default, takes a free port. */
export type SimulatorOptions = SimulatorContent & {
  loginPort?: number;
  graphPort?: number;
  reportsPort?: number;
};

/** A running simulator. Origins have no trailing slash. */
export type Simulator = {
  loginOrigin: string;
  graphOrigin: string;
  reportsOrigin: string;
  store: Store;
  apps: SimulatorApps;
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
    const { store, apps } = await createApps(origins, options);
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
