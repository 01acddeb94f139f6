import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/**
 * What Microsoft lets us ask of one tenant, shared by all workers: one row per service and operation that is counted by
 * itself. The service as a whole has the empty operation. Source: DESIGN §4.4, reference/microsoft-graph.md §4.2.
 */
export const serviceBudgets = pgTable(
  "service_budgets",
  {
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    service: text("service").notNull(),
    operation: text("operation").notNull(),
    /** When the latest requests were let go or will be, oldest first; as many as the budget has. */
    slots: timestamp("slots", { withTimezone: true, precision: 3 })
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Microsoft asked for silence until then; on the service's own row. */
    limitedUntil: instant("limited_until"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connectionId, t.service, t.operation] }),
    index("service_budgets_limited").on(t.limitedUntil).where(sql`limited_until is not null`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("service_budgets"),
  ],
);
