import { sql } from "drizzle-orm";
import { foreignKey, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { MappedKind } from "#lib/domain/app-license";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/**
 * What a person said a license, or a SKU people hold, of a managed application stands for. Counts from the next import
 * on. One license at most stands for a SKU: nobody could tell which of two a person holds.
 */
export const skuMappings = pgTable(
  "sku_mappings",
  {
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    kind: text("kind").$type<MappedKind>().notNull(),
    /** The application's license id, or its name of the SKU in upper case. */
    externalId: text("external_id").notNull(),
    skuId: uuid("sku_id").notNull(),
    mappedBy: text("mapped_by").notNull(),
    mappedAt: instant("mapped_at").notNull().defaultNow(),
    /** The former connection of the application it was taken over from; null once it was decided here. */
    takenFrom: uuid("taken_from"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connectionId, t.kind, t.externalId] }),
    uniqueIndex("sku_mappings_license")
      .on(t.workspaceId, t.connectionId, t.skuId)
      .where(sql`kind = 'license'`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "sku_mappings_taken_from_fk",
      columns: [t.workspaceId, t.takenFrom],
      foreignColumns: [connections.workspaceId, connections.id],
    }),
    workspacePolicy("sku_mappings"),
  ],
);
