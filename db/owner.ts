import postgres from "postgres";

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
