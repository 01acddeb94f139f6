import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { AlertFacts, AlertKind, AlertSeverity } from "#lib/domain/alert";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";
import { workspaces } from "./workspaces.ts";

/** What a workspace has to know of. A unique index allows one open alert per (kind, subject). */
export const alerts = pgTable(
  "alerts",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    kind: text("kind").$type<AlertKind>().notNull(),
    /** What it is about, as `alertKey` writes it. */
    subject: text("subject").notNull(),
    /** Null for what concerns the installation. */
    connectionId: uuid("connection_id"),
    severity: text("severity").$type<AlertSeverity>().notNull(),
    facts: jsonb("facts").$type<AlertFacts>().notNull(),
    openedAt: instant("opened_at").notNull().defaultNow(),
    /** When it was last found to be so. */
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    resolvedAt: instant("resolved_at"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedBy: text("acknowledged_by"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("alerts_one_open")
      .on(t.workspaceId, t.kind, t.subject)
      .where(sql`resolved_at is null`),
    index("alerts_by_opened").on(t.workspaceId, t.openedAt),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("alerts"),
  ],
);
