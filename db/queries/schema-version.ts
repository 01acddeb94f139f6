import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import journal from "../migrations/meta/_journal.json" with { type: "json" };

/** The migration this program was built with. */
const newest = journal.entries[journal.entries.length - 1];

/**
 * Whether the database has every migration of this program: "current" also when a newer program has migrated further.
 * Call outside any workspace.
 */
export async function isSchemaCurrent(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ version: string | null }>(
    sql`select max(created_at)::text as version from drizzle.__drizzle_migrations`,
  );
  return newest !== undefined && Number(row?.version ?? 0) >= newest.when;
}
