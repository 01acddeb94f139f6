import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { SupersedingSource } from "#lib/domain/precedence";
import type { SwitchObstacle } from "#lib/domain/switching";
import { instant, utcDay, workspaceId, workspacePolicy } from "./shared.ts";
import { workspaces } from "./workspaces.ts";

/** Price book: one monthly price per SKU and workspace, filled with list prices and editable. */
export const prices = pgTable(
  "prices",
  {
    workspaceId: workspaceId(),
    skuId: uuid("sku_id").notNull(),
    amount: numeric("amount", { precision: 14, scale: 4 }).notNull(),
    currency: text("currency").notNull(),
    source: text("source").$type<"list" | "entered">().notNull(),
    /** As the price's source dates it (`2026-07-01`, `2026`); null = undated. */
    asOf: text("as_of"),
    /** Public origin of a list price. */
    origin: text("origin"),
    updatedBy: text("updated_by"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.skuId] }),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("prices"),
  ],
);

/** What the contract says was bought. */
export const purchases = pgTable(
  "purchases",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    reference: text("reference").notNull(),
    validFrom: utcDay("valid_from").notNull(),
    /** Last day it is valid; null = open end. */
    validTo: utcDay("valid_to"),
    /** Day a decision is due (notice or anniversary). */
    decisionOn: utcDay("decision_on"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("purchases"),
  ],
);

/** A purchase's seats given to a tenant and SKU, independent of source. */
export const purchaseAllocations = pgTable(
  "purchase_allocations",
  {
    workspaceId: workspaceId(),
    purchaseId: uuid("purchase_id").notNull(),
    tenantId: uuid("tenant_id").notNull(),
    skuId: uuid("sku_id").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.purchaseId, t.tenantId, t.skuId] }),
    foreignKey({
      columns: [t.workspaceId, t.purchaseId],
      foreignColumns: [purchases.workspaceId, purchases.id],
    }).onDelete("cascade"),
    workspacePolicy("purchase_allocations"),
  ],
);

/** Accounts that are never proposed for reclaiming. */
export const exclusions = pgTable(
  "exclusions",
  {
    workspaceId: workspaceId(),
    tenantId: uuid("tenant_id").notNull(),
    userId: uuid("user_id").notNull(),
    reason: text("reason").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.tenantId, t.userId] }),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("exclusions"),
  ],
);

const scopeOf = sql`coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')`;

/** A source that retires others' licenses in its scope. Deleting the row undoes it. DESIGN §5 Superseding. */
export const supersessions = pgTable(
  "supersessions",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    bySource: text("by_source").$type<SupersedingSource>().notNull(),
    /** Null = every tenant of the workspace but the kept ones. */
    tenantId: uuid("tenant_id"),
    /** Tenants without a successor that were explicitly left as they are. */
    keptTenantIds: uuid("kept_tenant_ids").array().notNull().default(sql`'{}'`),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("supersessions_scope").on(t.workspaceId, t.bySource, scopeOf),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("supersessions"),
  ],
);

/** A switch that was asked for N days ahead: until then the higher source is shown and not counted. */
export const parallelRuns = pgTable(
  "parallel_runs",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    bySource: text("by_source").$type<SupersedingSource>().notNull(),
    /** Null = every tenant of the workspace but the kept ones. */
    tenantId: uuid("tenant_id"),
    /** What was decided about tenants without a successor. */
    keptTenantIds: uuid("kept_tenant_ids").array().notNull().default(sql`'{}'`),
    retiredTenantIds: uuid("retired_tenant_ids").array().notNull().default(sql`'{}'`),
    days: integer("days").notNull(),
    startedBy: text("started_by").notNull(),
    startedAt: instant("started_at").notNull().defaultNow(),
    switchAt: instant("switch_at").notNull(),
    /** Why the switch could not be made when it was due; null = it was not due, or nothing stood in its way. */
    obstacle: jsonb("obstacle").$type<SwitchObstacle>(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("parallel_runs_scope").on(t.workspaceId, t.bySource, scopeOf),
    index("parallel_runs_due").on(t.switchAt),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("parallel_runs"),
  ],
);
