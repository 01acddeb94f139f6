import { sql } from "drizzle-orm";
import {
  bigint,
  foreignKey,
  index,
  inet,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Role } from "#lib/domain/role";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/** Windows and thresholds a workspace may change. Days. */
export interface WorkspaceSettings {
  readonly activityWindowDays: number;
  readonly graceDays: number;
}

export const workspaces = pgTable(
  "workspaces",
  {
    id: uuid("id").primaryKey(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    /** The Entra tenant whose app role `owner` may make the first owner; null = any tenant allowed to sign in. */
    ownerTenantId: uuid("owner_tenant_id"),
    settings: jsonb("settings")
      .$type<WorkspaceSettings>()
      .notNull()
      .default({ activityWindowDays: 90, graceDays: 30 }),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  () => [workspacePolicy("workspaces", "id")],
);

export const members = pgTable(
  "members",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    /** People are (tid, oid), never an e-mail address. */
    tenantId: uuid("tenant_id").notNull(),
    objectId: uuid("object_id").notNull(),
    name: text("name").notNull(),
    userPrincipalName: text("user_principal_name"),
    role: text("role").$type<Role>().notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastSeenAt: instant("last_seen_at"),
    disabledAt: instant("disabled_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    unique("members_person").on(t.workspaceId, t.tenantId, t.objectId),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    index("members_by_person").on(t.tenantId, t.objectId),
    workspacePolicy("members"),
  ],
);

/** One signed-in browser. Looked up on every request; revoking the row ends it. */
export const sessions = pgTable(
  "sessions",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    memberId: uuid("member_id").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("sessions_id").on(t.id),
    foreignKey({
      columns: [t.workspaceId, t.memberId],
      foreignColumns: [members.workspaceId, members.id],
    }).onDelete("cascade"),
    workspacePolicy("sessions"),
  ],
);

/** API tokens: only the SHA-256 of the token is kept. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    name: text("name").notNull(),
    role: text("role").$type<Role>().notNull(),
    tokenHash: text("token_hash").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("api_tokens_hash").on(t.tokenHash),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("api_tokens"),
  ],
);

/** Who changed what, when. Append only: programs may insert and read, never change. */
export const auditEvents = pgTable(
  "audit_events",
  {
    workspaceId: workspaceId(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    actorKind: text("actor_kind").$type<"member" | "token" | "system" | "visitor">().notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    /** Verb of the vocabulary, such as `connection.created`, `import.published`, `consent.refused`. */
    action: text("action").notNull(),
    targetKind: text("target_kind"),
    targetId: text("target_id"),
    details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
    address: inet("address"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("audit_events_by_time").on(t.workspaceId, t.at.desc()),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("audit_events"),
  ],
);
