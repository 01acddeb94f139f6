import { foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { Cloud } from "#lib/domain/connection";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/** When a connection is checked by itself: every night, from the moment it was first verified. */
export const nightlyChecks = pgTable(
  "nightly_checks",
  {
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    /** Taken as soon as the database's clock has passed it and the connection is in use. */
    nextCheckAt: instant("next_check_at").notNull(),
    /** When a worker last asked for one. */
    lastAskedAt: instant("last_asked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connectionId] }),
    index("nightly_checks_due").on(t.nextCheckAt),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("nightly_checks"),
  ],
);

/**
 * The credential of the installation's own multi-tenant app in each cloud, as the workers know it: its kind and end,
 * nothing more. Not workspace data; written through `app.record_app_credential`.
 */
export const appCredentials = pgTable("app_credentials", {
  cloud: text("cloud").$type<Cloud>().primaryKey(),
  kind: text("kind").$type<"secret" | "certificate">().notNull(),
  /** Null = nobody has said. */
  expiresAt: instant("expires_at"),
  /** A worker that has it showed itself. */
  seenAt: instant("seen_at").notNull().defaultNow(),
});
