import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import journal from "../migrations/meta/_journal.json" with { type: "json" };
import { secondsSinceWorkerSeen } from "./workers.ts";

/** What this program needs of the database. */
export interface Readiness {
  /** Every migration this program knows has run. */
  readonly migrationsCurrent: boolean;
  readonly queueInstalled: boolean;
  readonly workerSeenSecondsAgo: number | null;
}

const newest = Math.max(...journal.entries.map((entry) => entry.when));

/** Looks at migrations, queue and workers. Call outside any workspace. */
export async function readReadiness(tx: Tx): Promise<Readiness> {
  const [row] = await tx.execute<{ migrated: string | null; queue: boolean }>(sql`
    select (select max(created_at)::text from drizzle.__drizzle_migrations) as migrated,
      to_regclass('pgboss.job') is not null as queue`);
  return {
    migrationsCurrent: Number(row?.migrated ?? 0) >= newest,
    queueInstalled: row?.queue ?? false,
    workerSeenSecondsAgo: await secondsSinceWorkerSeen(tx),
  };
}
