import { afterAll, beforeAll } from "vitest";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { createTestWeb, type TestWeb } from "./web.ts";

/** A database, the web program's platform and a simulator without tenants, there while a file's tests run. */
export interface SimulatedWorld {
  readonly db: TestDatabase;
  readonly web: TestWeb;
  readonly simulator: Simulator;
  /** A seed no other test of the file has. */
  seed(): string;
}

/** To be called once at the top of a file of tests, and destructured inside them only. */
export function simulatedWorld(name: string): SimulatedWorld {
  let started: Omit<SimulatedWorld, "seed"> | undefined;
  let serial = 0;
  beforeAll(async () => {
    const db = await createTestDatabase();
    started = {
      db,
      web: await createTestWeb(db),
      simulator: await createSimulator({ tenants: [] }),
    };
  });
  afterAll(async () => {
    await started?.web.close();
    await started?.simulator.close();
    await started?.db.close();
  });
  const running = () => {
    if (started === undefined) throw new Error("the world begins with the first test");
    return started;
  };
  return {
    get db() {
      return running().db;
    },
    get web() {
      return running().web;
    },
    get simulator() {
      return running().simulator;
    },
    seed: () => {
      serial += 1;
      return `${name} ${serial}`;
    },
  };
}
