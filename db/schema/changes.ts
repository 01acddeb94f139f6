import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { DepartmentChange } from "#lib/domain/change";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/** What one publish of a directory changed, against the directory published before it. */
export const changeSets = pgTable(
  "change_sets",
  {
    workspaceId: workspaceId(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    connectionId: uuid("connection_id").notNull(),
    runId: uuid("run_id").notNull(),
    /**
     * `proposed`: of a held read; it has a sample of the rows, and goes when the hold is decided. `comparing`: published,
     * and its two directories are still to be compared; it has no rows and no counts yet.
     */
    state: text("state").$type<"proposed" | "comparing" | "published">().notNull(),
    /** Nothing was published before: totals only, no row per assignment. */
    first: boolean("first").notNull(),
    /** When the two directories were read (UTC). */
    previousAsOf: instant("previous_as_of"),
    asOf: instant("as_of").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** What is to be compared, and is kept until then; null otherwise. */
    beforeSnapshotId: bigint("before_snapshot_id", { mode: "number" }),
    afterSnapshotId: bigint("after_snapshot_id", { mode: "number" }),
    /** Before and after per department, the most changed first; of a proposed set only. */
    departments: jsonb("departments").$type<readonly DepartmentChange[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    unique("change_sets_run").on(t.workspaceId, t.runId),
    index("change_sets_by_connection").on(t.workspaceId, t.connectionId, t.id),
    index("change_sets_to_compare").on(t.workspaceId, t.id).where(sql`state = 'comparing'`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("change_sets"),
  ],
);

/** How many changes of a kind a SKU has in a set; `kind` is the position in `changeKinds`. */
export const changeCounts = pgTable(
  "change_counts",
  {
    workspaceId: workspaceId(),
    changeSetId: bigint("change_set_id", { mode: "number" }).notNull(),
    kind: smallint("kind").notNull(),
    skuNo: integer("sku_no").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.changeSetId, t.kind, t.skuNo] }),
    index("change_counts_by_sku").on(t.workspaceId, t.skuNo, t.changeSetId),
    foreignKey({
      columns: [t.workspaceId, t.changeSetId],
      foreignColumns: [changeSets.workspaceId, changeSets.id],
    }).onDelete("cascade"),
    workspacePolicy("change_counts"),
  ],
);

/**
 * One change of a license, of a person's seat (`user_id`) or of its units (user id of zeros, `before` and `after` in
 * seats). Without a foreign key, as the tables of snapshots: a set may have a row per seat of the tenant.
 */
export const changes = pgTable(
  "changes",
  {
    workspaceId: workspaceId(),
    changeSetId: bigint("change_set_id", { mode: "number" }).notNull(),
    kind: smallint("kind").notNull(),
    skuNo: integer("sku_no").notNull(),
    userId: uuid("user_id").notNull(),
    /** Seats; null = Microsoft reported none. */
    before: integer("before"),
    after: integer("after"),
    /** Of accounts that were deleted or not read, whom the later directory does not name. */
    displayName: text("display_name"),
    userPrincipalName: text("user_principal_name"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.changeSetId, t.kind, t.skuNo, t.userId] }),
    index("changes_by_user")
      .on(t.workspaceId, t.userId, t.changeSetId)
      .where(sql`user_id <> '00000000-0000-0000-0000-000000000000'`),
    workspacePolicy("changes"),
  ],
);
