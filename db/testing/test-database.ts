import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import { inject } from "vitest";
import { type Database, openDatabase } from "../client.ts";
import type { DatabaseUrls } from "../embedded/acquire.ts";
import { openOwner } from "../owner.ts";
import { withDatabase } from "./urls.ts";

/** A migrated database of a test's own, under the programs' real roles. */
export interface TestDatabase {
  readonly web: Database;
  readonly worker: Database;
  readonly urls: DatabaseUrls;
  /** The owner, for arranging and for looking behind the walls. */
  readonly ownerSql: postgres.Sql;
  /** Closes everything and drops the database. */
  close(): Promise<void>;
}

/** Clones the template database of the run (db/testing/global-setup.ts). Close it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject("database");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const templateName = new URL(template.owner).pathname.slice(1);
  await onServer(
    withDatabase(template, "postgres").owner,
    (sql) => sql`create database ${sql(name)} template ${sql(templateName)}`,
  );
  const urls = withDatabase(template, name);
  const [web, worker] = await Promise.all([
    openDatabase({ url: urls.web, role: "web", applicationName: "test web", max: 5 }),
    openDatabase({ url: urls.worker, role: "worker", applicationName: "test worker", max: 5 }),
  ]);
  const ownerSql = openOwner(urls.owner, { max: 2 });
  return {
    web,
    worker,
    urls,
    ownerSql,
    async close() {
      await Promise.all([web.close(), worker.close(), ownerSql.end({ timeout: 5 })]);
      await dropDatabase(name);
    },
  };
}

/** A program killed by its test, or autovacuum, may still be connected: only the superuser may end those. */
export const dropDatabase = (name: string): Promise<void> =>
  onServer(inject("superuserUrl"), (sql) => sql`drop database ${sql(name)} with (force)`);

/** A database cannot be cloned or dropped from within: that is done from `postgres`. */
async function onServer(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = openOwner(url);
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
