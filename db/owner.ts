import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { type Database, transactionsOf } from "./client.ts";

/**
 * A client of the owner, for migrations, the CLI and tests. FORCE ROW LEVEL SECURITY binds the owner too;
 * `app.as_owner` opens the owner's own policy (db/walls/10-tables.sql).
 */
export function openOwner(url: string, options: { readonly max?: number } = {}): postgres.Sql {
  return postgres(url, {
    max: options.max ?? 1,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: "seatledger owner", "app.as_owner": "on", TimeZone: "UTC" },
  });
}

/** The owner with the programs' interface: for the commands that create workspaces, members and tokens. */
export function openOwnerDatabase(url: string): Database {
  const client = openOwner(url);
  return { ...transactionsOf(drizzle(client)), close: () => client.end({ timeout: 5 }) };
}
