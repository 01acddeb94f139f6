import { boolean, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { Cadence, Weekday } from "#lib/domain/cadence";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/**
 * When a connection is imported by itself. Every connection has one from the moment it is first ready. Whether it is
 * paused is the connection's status and stands nowhere else (docs/adr/0010).
 */
export const importSchedules = pgTable(
  "import_schedules",
  {
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    cadence: text("cadence").$type<Cadence>().notNull(),
    /** Null for daily. */
    weekday: text("weekday").$type<Weekday>(),
    /** `HH:MM` by the wall clock of the time zone. */
    localTime: text("local_time").notNull(),
    /** IANA name. */
    timeZone: text("time_zone").notNull(),
    /** Taken as soon as the database's clock has passed it and the connection may be imported. */
    nextRunAt: instant("next_run_at").notNull(),
    /** Runs count as missed from here on: set when the timing changes and when a pause ends. */
    inForceSince: instant("in_force_since").notNull().defaultNow(),
    /** The last run: when it was due, when a worker took it, and the import it got. Null before the first. */
    lastDueAt: instant("last_due_at"),
    lastRunAt: instant("last_run_at"),
    lastImportId: uuid("last_import_id"),
    /** That import was under way already. */
    lastJoined: boolean("last_joined").notNull().default(false),
    changedBy: text("changed_by").notNull(),
    changedAt: instant("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connectionId] }),
    index("import_schedules_due").on(t.nextRunAt),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("import_schedules"),
  ],
);
