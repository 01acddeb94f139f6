import { sql } from "drizzle-orm";
import { customType, pgPolicy, pgRole, timestamp, uuid } from "drizzle-orm/pg-core";

/** The roles programs connect as. Both are created by the first migration; neither owns a table. */
export const webRole = pgRole("seatledger_web").existing();
export const workerRole = pgRole("seatledger_worker").existing();

/** First column of every workspace table and of every key in it (DESIGN §3). */
export const workspaceId = () => uuid("workspace_id").notNull();

/** An instant, stored in UTC. */
export const instant = (name: string) =>
  timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

/** A UTC calendar day as `YYYY-MM-DD`. */
export const utcDay = customType<{ data: string; driverData: string }>({ dataType: () => "date" });

/** The wall around a workspace: without the transaction's setting nothing is visible. DESIGN §3. */
export const workspacePolicy = (table: string, column = "workspace_id") =>
  pgPolicy(`${table}_workspace`, {
    for: "all",
    to: [webRole, workerRole],
    using: sql.raw(`${column} = nullif(current_setting('app.workspace_id', true), '')::uuid`),
    withCheck: sql.raw(`${column} = nullif(current_setting('app.workspace_id', true), '')::uuid`),
  });
