import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApps } from "#simulator/apps";
import { defaultApps } from "#simulator/defaults";
import type { Store } from "#simulator/store/store";
import { appUrl } from "../testing/installation.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** A simulated Microsoft whose every address, those in its links included, leads through a proxy. */
export interface ProxiedMicrosoft {
  readonly loginOrigin: string;
  readonly graphOrigin: string;
  readonly reportsOrigin: string;
  readonly store: Store;
  /** Breaks the way to all three servers. */
  reset(outageMs: number): void;
  close(): Promise<void>;
}

const names = ["login", "graph", "reports"] as const;
type Name = (typeof names)[number];
type Each<T> = Record<Name, T>;

const each = async <T>(make: (name: Name) => Promise<T>): Promise<Each<T>> => {
  const [login, graph, reports] = await Promise.all([
    make("login"),
    make("graph"),
    make("reports"),
  ]);
  return { login, graph, reports };
};

/** Starts the simulator behind proxies, without tenants, on the day it is now: a long run may see midnight. */
export async function startProxiedMicrosoft(): Promise<ProxiedMicrosoft> {
  const servers: Each<Server> = {
    login: createServer(),
    graph: createServer(),
    reports: createServer(),
  };
  const ports = await each((name) => listen(servers[name]));
  const proxies: Each<TcpProxy> = await each((name) => startTcpProxy(() => ports[name]));
  const origin = (name: Name) => `http://127.0.0.1:${proxies[name].port}`;
  const origins = { login: origin("login"), graph: origin("graph"), reports: origin("reports") };
  const apps = defaultApps([appUrl]);
  const simulator = await createApps(origins, { tenants: [], apps, now: new Date() });
  for (const name of names) {
    servers[name].on("request", getRequestListener(simulator.apps[name].fetch));
  }
  return {
    loginOrigin: origins.login,
    graphOrigin: origins.graph,
    reportsOrigin: origins.reports,
    store: simulator.store,
    reset(outageMs) {
      for (const name of names) proxies[name].reset(outageMs);
    },
    async close() {
      for (const tenant of simulator.store.tenants.values()) tenant.setFaults([]);
      await each((name) => proxies[name].close());
      await each((name) => stop(servers[name]));
    },
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
