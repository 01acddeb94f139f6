import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import journal from "../migrations/meta/_journal.json" with { type: "json" };

/** When the newest migration this program was built with was made. */
const newest = Math.max(...journal.entries.map((entry) => entry.when));

/** Where the database stands beside this program: it lacks migrations, has them all, or has some we do not know. */
export type SchemaState = "behind" | "current" | "ahead";

/** Compares the newest migration that ran with the newest this program knows. Call outside any workspace. */
export async function findSchemaState(tx: Tx): Promise<SchemaState> {
  const [row] = await tx.execute<{ version: string | null }>(
    sql`select max(created_at)::text as version from drizzle.__drizzle_migrations`,
  );
  const version = Number(row?.version ?? 0);
  if (version === newest) return "current";
  return version < newest ? "behind" : "ahead";
}

/**
 * Whether the database has every migration of this program: "current" also when a newer program has migrated further.
 * Call outside any workspace.
 */
export async function isSchemaCurrent(tx: Tx): Promise<boolean> {
  return (await findSchemaState(tx)) !== "behind";
}
