import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createClouds, type SimulatorApps, type SimulatorContent } from "./apps.ts";
import { type CloudName, cloudFacts, cloudNames } from "./clouds.ts";
import type { Origins, OriginsByCloud, Store } from "./store/store.ts";

/** Settings of a simulator. Port 0, the default, takes a free port. */
export type SimulatorOptions = SimulatorContent & {
  loginPort?: number;
  graphPort?: number;
  reportsPort?: number;
  /** Clouds played beside Global, each on free ports. */
  clouds?: readonly CloudName[];
};

/** A running simulator. Origins have no trailing slash. */
export type Simulator = {
  loginOrigin: string;
  graphOrigin: string;
  reportsOrigin: string;
  store: Store;
  apps: SimulatorApps;
  /** Where each cloud is reached, Global included. */
  clouds: OriginsByCloud;
  /** Releases hanging responses, closes all connections and stops listening. */
  close: () => Promise<void>;
};

const HOST = "127.0.0.1";

/** Starts the servers on loopback: Global's three, and login and Graph of every other cloud. Rejects with EADDRINUSE when a port is taken. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const servers: Server[] = [];
  const open = async (port: number): Promise<{ server: Server; origin: string }> => {
    const server = createServer();
    servers.push(server);
    return { server, origin: await listen(server, port) };
  };
  const serve = ({ server }: { server: Server }, app: SimulatorApps["login"]) =>
    server.on("request", getRequestListener(app.fetch));
  try {
    const login = await open(options.loginPort ?? 0);
    const graph = await open(options.graphPort ?? 0);
    const reports = await open(options.reportsPort ?? 0);
    const national = await openNational(open, options.clouds ?? []);
    const own: Origins = { login: login.origin, graph: graph.origin, reports: reports.origin };
    const clouds: OriginsByCloud = { global: own };
    for (const { cloud, login, graph } of national) {
      clouds[cloud] = { login: login.origin, graph: graph.origin, reports: own.reports };
    }
    const { global, clouds: played } = await createClouds(clouds, options);
    serve(login, global.apps.login);
    serve(graph, global.apps.graph);
    serve(reports, global.apps.reports);
    for (const { cloud, login, graph } of national) {
      const apps = played.get(cloud)?.apps ?? global.apps;
      if (login.server.listenerCount("request") === 0) serve(login, apps.login);
      serve(graph, apps.graph);
    }
    return {
      loginOrigin: own.login,
      graphOrigin: own.graph,
      reportsOrigin: own.reports,
      store: global.store,
      apps: global.apps,
      clouds,
      close: async () => {
        for (const { store } of played.values()) {
          for (const tenant of store.tenants.values()) tenant.setFaults([]);
        }
        await Promise.all(servers.map(stop));
      },
    };
  } catch (error) {
    await Promise.all(servers.map(stop));
    throw error;
  }
}

type Open = (port: number) => Promise<{ server: Server; origin: string }>;

/** L4 and L5 share a login server. */
async function openNational(open: Open, wanted: readonly CloudName[]) {
  const logins = new Map<string, Awaited<ReturnType<Open>>>();
  const opened = [];
  for (const cloud of cloudNames.filter((name) => name !== "global" && wanted.includes(name))) {
    const login = logins.get(cloudFacts[cloud].login) ?? (await open(0));
    logins.set(cloudFacts[cloud].login, login);
    opened.push({ cloud, login, graph: await open(0) });
  }
  return opened;
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
