import { integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./shared.ts";

/** Revisions of Microsoft's product table that were loaded; the newest is in use. Reference data, no workspace. */
export const productRevisions = pgTable("product_revisions", {
  revision: text("revision").primaryKey(),
  products: integer("products").notNull(),
  loadedAt: instant("loaded_at").notNull().defaultNow(),
});

/** Microsoft's product names by skuId. © Microsoft, see db/data/README.md. */
export const products = pgTable("products", {
  skuId: uuid("sku_id").primaryKey(),
  partNumber: text("part_number").notNull(),
  displayName: text("display_name").notNull(),
});

export const servicePlans = pgTable("service_plans", {
  servicePlanId: uuid("service_plan_id").primaryKey(),
  name: text("name").notNull(),
  friendlyName: text("friendly_name").notNull(),
});

export const productServicePlans = pgTable(
  "product_service_plans",
  {
    skuId: uuid("sku_id").notNull(),
    servicePlanId: uuid("service_plan_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.skuId, t.servicePlanId] })],
);

/** List prices as shipped, copied into a workspace's price book when it is created. */
export const listPrices = pgTable("list_prices", {
  skuId: uuid("sku_id").primaryKey(),
  partNumber: text("part_number").notNull(),
  /** US dollars per user and month. */
  usdPerUserMonth: text("usd_per_user_month").notNull(),
  origin: text("origin").notNull(),
  asOf: text("as_of"),
});
