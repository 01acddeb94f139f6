import { doublePrecision, foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";
import { workspaces } from "./workspaces.ts";

/** Token buckets: what may be done so many times an hour. Source: reference/fault-catalogue.md §4. */
export const rateBuckets = pgTable(
  "rate_buckets",
  {
    workspaceId: workspaceId(),
    /** What is limited and for whom, such as `import:<connection id>`. */
    bucket: text("bucket").notNull(),
    tokens: doublePrecision("tokens").notNull(),
    refilledAt: instant("refilled_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.bucket] }),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("rate_buckets"),
  ],
);

/** Token buckets of visitors before any workspace is known, through `app.take_visitor_token` alone. */
export const visitorBuckets = pgTable("visitor_buckets", {
  /** SHA-256 of what is limited and of the visitor's address, hex. */
  visitor: text("visitor").primaryKey(),
  tokens: doublePrecision("tokens").notNull(),
  refilledAt: instant("refilled_at").notNull(),
});
