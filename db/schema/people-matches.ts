import {
  bigint,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { NoMatchReason } from "#lib/domain/people-matching";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/**
 * A managed application's directory matched with another source's: one row per pair of snapshots, there when the whole pair
 * is. Counts are accounts. docs/adr/0020.
 */
export const peopleMatches = pgTable(
  "people_matches",
  {
    workspaceId: workspaceId(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    /** Of the application. */
    connectionId: uuid("connection_id").notNull(),
    ownSnapshotId: bigint("own_snapshot_id", { mode: "number" }).notNull(),
    otherSnapshotId: bigint("other_snapshot_id", { mode: "number" }).notNull(),
    byObjectId: integer("by_object_id").notNull(),
    byUserPrincipalName: integer("by_user_principal_name").notNull(),
    byMail: integer("by_mail").notNull(),
    unmatched: integer("unmatched").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    unique("people_matches_pair").on(t.workspaceId, t.ownSnapshotId, t.otherSnapshotId),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("people_matches"),
  ],
);

/**
 * Active accounts of the application that are nobody's in the other directory, with what a page shows of them. Without a
 * foreign key, as the tables of snapshots: it may be everybody.
 */
export const peopleNotFound = pgTable(
  "people_not_found",
  {
    workspaceId: workspaceId(),
    matchId: bigint("match_id", { mode: "number" }).notNull(),
    /** In the order they were read. */
    userNo: integer("user_no").notNull(),
    userId: uuid("user_id").notNull(),
    displayName: text("display_name"),
    userPrincipalName: text("user_principal_name"),
    mail: text("mail"),
    /** SKUs it holds. */
    seats: integer("seats").notNull(),
    reason: text("reason").$type<NoMatchReason>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.matchId, t.userNo] }),
    workspacePolicy("people_not_found"),
  ],
);
