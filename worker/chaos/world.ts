import { credentials } from "#simulator/defaults";
import { createInstallation, type Installation } from "../testing/installation.ts";
import { type OwnServer, startOwnServer } from "../testing/own-server.ts";
import { type Crew, startCrew } from "./crew.ts";
import { type ProxiedMicrosoft, startProxiedMicrosoft } from "./microsoft.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** What is killed: a worker process, PostgreSQL, or every connection to Microsoft or to the database. */
export const killKinds = ["worker", "postgres", "network-microsoft", "network-database"] as const;
export type KillKind = (typeof killKinds)[number];

/** A kill, with what it needs to be repeated. */
export interface Kill {
  readonly kind: KillKind;
  /** Which of the workers, counted over those that work. */
  readonly worker: number;
  /** How long the network stays broken, ms. */
  readonly outageMs: number;
}

/** A whole installation of its own: Microsoft, database, workers, and the wires between them. */
export interface World {
  readonly installation: Installation;
  readonly microsoft: ProxiedMicrosoft;
  readonly crew: Crew;
  /** Kills; resolves when what was killed for good is there again. Kills follow one another. */
  strike(kill: Kill): Promise<void>;
  close(): Promise<void>;
}

/** Starts everything and resolves when the workers work. */
export async function createWorld(workers: number): Promise<World> {
  const microsoft = await startProxiedMicrosoft();
  const server = await startOwnServer();
  const { multiTenantApp } = credentials;
  const installation = await createInstallation({ ...microsoft, multiTenantApp }, server);
  const wire = await startTcpProxy(() => Number(new URL(server.urls.worker).port));
  const throughWire = new URL(server.urls.worker);
  throughWire.port = String(wire.port);
  const env = { ...installation.workerEnv, DATABASE_URL: throughWire.href };
  const crew = await startCrew(env, workers);
  let last: Promise<void> = Promise.resolve();
  return {
    installation,
    microsoft,
    crew,
    strike(kill) {
      last = last.then(() => perform(kill, { crew, server, microsoft, wire }));
      return last;
    },
    async close() {
      await crew.close();
      await wire.close();
      await installation.close();
      await microsoft.close();
    },
  };
}

interface Targets {
  readonly crew: Crew;
  readonly server: OwnServer;
  readonly microsoft: ProxiedMicrosoft;
  readonly wire: { reset(outageMs: number): void };
}

async function perform(kill: Kill, { crew, server, microsoft, wire }: Targets): Promise<void> {
  switch (kill.kind) {
    case "worker":
      crew.kill(kill.worker);
      return;
    case "postgres":
      await server.crash();
      await server.restart();
      return;
    case "network-microsoft":
      microsoft.reset(kill.outageMs);
      return;
    case "network-database":
      wire.reset(kill.outageMs);
      return;
    default:
      return kill.kind satisfies never;
  }
}
