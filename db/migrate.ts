import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type postgres from "postgres";
import { openOwner } from "./owner.ts";
import { installQueues } from "./queue.ts";
import { loadShippedReference } from "./reference/shipped.ts";

const migrationsFolder = join(import.meta.dirname, "migrations");
const wallsFolder = join(import.meta.dirname, "walls");

/** One number for every installation: "seat" in ASCII. */
const lockKey = 0x73656174;

/**
 * Brings a database up to date as its owner: tables, walls (row-level security, rights, functions of schema app), the
 * queue's schema and the reference data. Any number may run at once; repeatable. Throws when a table of a workspace
 * is left without its wall. Source: DESIGN §3, reference/stack-notes.md §6.
 */
export async function migrateDatabase(ownerUrl: string): Promise<void> {
  // The lock belongs to the one connection of `locked`: drizzle's migrator takes none, and changes its client.
  const locked = openOwner(ownerUrl);
  const sql = openOwner(ownerUrl);
  try {
    await locked`select pg_advisory_lock(${lockKey})`;
    await migrate(drizzle(locked), { migrationsFolder });
    await applyWalls(sql);
    await installQueues(ownerUrl);
    await checkWalls(sql);
    await loadShippedReference(sql);
  } finally {
    await sql.end({ timeout: 5 });
    await locked.end({ timeout: 5 });
  }
}

/** All files of db/walls in the order of their names, in one transaction: never half a wall. */
async function applyWalls(sql: postgres.Sql): Promise<void> {
  const names = (await readdir(wallsFolder)).filter((name) => name.endsWith(".sql")).sort();
  const files = await Promise.all(names.map((name) => readFile(join(wallsFolder, name), "utf8")));
  await sql.begin(async (tx) => {
    for (const text of files) await tx.unsafe(text);
  });
}

/**
 * Every table that holds a workspace's rows has forced row-level security and a policy for the programs; a view of such
 * rows asks for them with the rights of its reader.
 */
async function checkWalls(sql: postgres.Sql): Promise<void> {
  const open = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = 'workspaces' or exists (
        select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
      ))
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (
        select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_workspace'
      ))
    union all
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
      and not coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on}'`;
  if (open.length > 0) {
    throw new Error(
      `Tables without row-level security: ${open.map((table) => table.name).join(", ")}. ` +
        "Give each one workspacePolicy(...) in db/schema, a view security_invoker.",
    );
  }
}
