import type { Database } from "#db/client";
import { locateDatabase } from "#db/locate";
import { openOwnerDatabase } from "#db/owner";
import type { AuditActor } from "#db/queries/audit";
import { findWorkspaceBySlug, type Workspace } from "#db/queries/workspaces";
import { cliEnv } from "#lib/env";
import { CommandError } from "./command.ts";

/** How the audit log names what is done by `seatledger`. */
export const commandLineActor: AuditActor = { kind: "system", id: null, name: "Command line" };

/** Runs work on the owner's database: MIGRATION_DATABASE_URL, or the embedded one (started, migrated, left again). */
export async function withOwnerDatabase<T>(
  work: (db: Database, ownerUrl: string) => Promise<T>,
): Promise<T> {
  const located = await locateDatabase(cliEnv().ownerDatabase, "owner");
  const db = openOwnerDatabase(located.url);
  try {
    return await work(db, located.url);
  } finally {
    await db.close();
    await located.release();
  }
}

/** The workspace of a slug. Throws CommandError when there is none. */
export async function getWorkspace(db: Database, slug: string): Promise<Workspace> {
  const workspace = await db.outside((tx) => findWorkspaceBySlug(tx, slug));
  if (workspace === undefined) throw new CommandError(`There is no workspace "${slug}".`);
  return workspace;
}
