import { type Readiness, readReadiness } from "#db/queries/readiness";
import type { Platform } from "./context.ts";

/** Whether this process can serve. `workers` is information: pages work without one, imports do not. */
export interface Ready {
  readonly ready: boolean;
  readonly database: "ok" | "unreachable";
  readonly migrations: "current" | "behind" | "unknown";
  readonly queue: "ok" | "missing" | "unknown";
  /** Seconds since a worker last showed itself; null = none ever, or not known. */
  readonly workerSeenSecondsAgo: number | null;
}

/** Looks at database, migrations and queue. Never throws: what cannot be reached is not ready. */
export async function checkReady(platform: Pick<Platform, "db">): Promise<Ready> {
  const found = await platform.db.outside(readReadiness).catch((): null => null);
  return found === null ? unreachable : judge(found);
}

/** When not even the database answers. */
export const unreachable: Ready = {
  ready: false,
  database: "unreachable",
  migrations: "unknown",
  queue: "unknown",
  workerSeenSecondsAgo: null,
};

const judge = (found: Readiness): Ready => ({
  ready: found.migrationsCurrent && found.queueInstalled,
  database: "ok",
  migrations: found.migrationsCurrent ? "current" : "behind",
  queue: found.queueInstalled ? "ok" : "missing",
  workerSeenSecondsAgo: found.workerSeenSecondsAgo,
});
