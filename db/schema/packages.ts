import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { PackageFault, PackageKind, PackageState } from "#lib/domain/package";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** What was uploaded to a connection of the deprecated connector: one export package, or a pair of old CSV files. */
export const packages = pgTable(
  "packages",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    connectionId: uuid("connection_id").notNull(),
    kind: text("kind").$type<PackageKind>().notNull(),
    state: text("state").$type<PackageState>().notNull().default("receiving"),
    fileName: text("file_name").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** Old CSV files: the first so many bytes are the account SKUs, the rest the users. Null for a package. */
    skuBytes: bigint("sku_bytes", { mode: "number" }),
    /** SHA-256 of all bytes, hex; computed when they are checked. */
    sha256: text("sha256"),
    /** When the data was read from Microsoft: the package's own word, or for old CSV files the uploader's. */
    collectedAt: instant("collected_at"),
    collectorVersion: text("collector_version"),
    /** Whether it brings last sign-ins. */
    hasSignIns: boolean("has_sign_ins").notNull().default(false),
    skus: integer("skus"),
    users: integer("users"),
    fault: jsonb("fault").$type<PackageFault>(),
    /** The import that reads it, once there is one. */
    importId: uuid("import_id"),
    uploadedBy: text("uploaded_by").notNull(),
    /** The upload token it came with; null when a member uploaded it. */
    tokenId: uuid("token_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Last bytes that came in. */
    progressAt: instant("progress_at").notNull().defaultNow(),
    receivedAt: instant("received_at"),
    /** Fences the checks: only the newest may write. */
    attempt: integer("attempt").notNull().default(0),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** When its bytes were removed: they are kept no longer than they are needed. */
    emptiedAt: instant("emptied_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("packages_by_connection").on(t.workspaceId, t.connectionId, t.createdAt.desc()),
    index("packages_with_bytes").on(t.progressAt).where(sql`emptied_at is null`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("packages"),
  ],
);

/** The bytes of a package in order; every chunk but the last has the same size. */
export const packageChunks = pgTable(
  "package_chunks",
  {
    workspaceId: workspaceId(),
    packageId: uuid("package_id").notNull(),
    /** From 0. */
    no: integer("no").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.packageId, t.no] }),
    foreignKey({
      columns: [t.workspaceId, t.packageId],
      foreignColumns: [packages.workspaceId, packages.id],
    }).onDelete("cascade"),
    workspacePolicy("package_chunks"),
  ],
);

/** Tokens that may upload packages to one connection and nothing else: only the SHA-256 of the token is kept. */
export const uploadTokens = pgTable(
  "upload_tokens",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    connectionId: uuid("connection_id").notNull(),
    name: text("name").notNull(),
    tokenHash: text("token_hash").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("upload_tokens_hash").on(t.tokenHash),
    index("upload_tokens_by_connection").on(t.workspaceId, t.connectionId, t.createdAt.desc()),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("upload_tokens"),
  ],
);
