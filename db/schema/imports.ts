import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Failure } from "#lib/domain/failure";
import type { Dataset, ImportTrigger, Read, RunState } from "#lib/domain/import";
import type { UnavailableReason } from "#lib/domain/quantity";
import type { Hold, WaitKind } from "#lib/import/ports";
import { connections } from "./connections.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";

/** One request to read a connection. Its state is derived from its runs. */
export const imports = pgTable(
  "imports",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    connectionId: uuid("connection_id").notNull(),
    trigger: text("trigger").$type<ImportTrigger>().notNull(),
    idempotencyKey: text("idempotency_key"),
    requestedBy: text("requested_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    unique("imports_idempotency").on(t.workspaceId, t.idempotencyKey),
    index("imports_by_connection").on(t.workspaceId, t.connectionId, t.createdAt.desc()),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("imports"),
  ],
);

/** Who else asked for an import while it was under way, and got it. One row for everybody, however often they asked. */
export const importJoins = pgTable(
  "import_joins",
  {
    workspaceId: workspaceId(),
    importId: uuid("import_id").notNull(),
    trigger: text("trigger").$type<ImportTrigger>().notNull(),
    requestedBy: text("requested_by").notNull(),
    joinedAt: instant("joined_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.importId, t.trigger, t.requestedBy] }),
    foreignKey({
      columns: [t.workspaceId, t.importId],
      foreignColumns: [imports.workspaceId, imports.id],
    }).onDelete("cascade"),
    workspacePolicy("import_joins"),
  ],
);

/**
 * The fence of (connection, dataset): never restarts, rises when a worker takes a run, on cancel and on
 * disconnect. A write that carries an older epoch changes nothing. DESIGN §4.2.
 */
export const datasetEpochs = pgTable(
  "dataset_epochs",
  {
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    dataset: text("dataset").$type<Dataset>().notNull(),
    epoch: integer("epoch").notNull().default(0),
    /** The published snapshot. */
    snapshotId: bigint("snapshot_id", { mode: "number" }),
    publishedAt: instant("published_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connectionId, t.dataset] }),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("dataset_epochs"),
  ],
);

/** One dataset being read. A unique index allows one active run per (connection, dataset). */
export const datasetRuns = pgTable(
  "dataset_runs",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    connectionId: uuid("connection_id").notNull(),
    dataset: text("dataset").$type<Dataset>().notNull(),
    state: text("state").$type<RunState>().notNull().default("queued"),
    epoch: integer("epoch"),
    snapshotId: bigint("snapshot_id", { mode: "number" }),
    hold: jsonb("hold").$type<Hold>(),
    failure: jsonb("failure").$type<Failure>(),
    /** Who cancelled, published or discarded it. */
    decidedBy: text("decided_by"),
    createdAt: instant("created_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    /** Last committed page or other sign of progress (database time). */
    progressAt: instant("progress_at").notNull().defaultNow(),
    finishedAt: instant("finished_at"),
    publishedAt: instant("published_at"),
    /** When a waiting run comes to its turn among all workspaces' runs; earlier goes first. docs/adr/0009. */
    turnAt: instant("turn_at").notNull().defaultNow(),
    /** Left alone until then, since Microsoft or a verification wants a long wait: no worker has it. */
    pausedUntil: instant("paused_until"),
    /** The verification that had to end before anything was read; how it ended is this run's matter. */
    verificationId: uuid("verification_id"),
    /** The uploaded package that is read; null where Microsoft is asked. */
    packageId: uuid("package_id"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("dataset_runs_one_active")
      .on(t.workspaceId, t.connectionId, t.dataset)
      .where(sql`state in ('queued', 'running')`),
    index("dataset_runs_by_connection").on(t.workspaceId, t.connectionId, t.createdAt.desc()),
    index("dataset_runs_active").on(t.progressAt).where(sql`state in ('queued', 'running')`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("dataset_runs"),
  ],
);

/** Which runs an import is made of; `adopted` ones were running already. */
export const importRuns = pgTable(
  "import_runs",
  {
    workspaceId: workspaceId(),
    importId: uuid("import_id").notNull(),
    runId: uuid("run_id").notNull(),
    adopted: boolean("adopted").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.importId, t.runId] }),
    index("import_runs_by_run").on(t.workspaceId, t.runId),
    foreignKey({
      columns: [t.workspaceId, t.importId],
      foreignColumns: [imports.workspaceId, imports.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.runId],
      foreignColumns: [datasetRuns.workspaceId, datasetRuns.id],
    }).onDelete("cascade"),
    workspacePolicy("import_runs"),
  ],
);

/** Where each read of a run stands; advanced in the transaction that stores the page. */
export const readCheckpoints = pgTable(
  "read_checkpoints",
  {
    workspaceId: workspaceId(),
    runId: uuid("run_id").notNull(),
    read: text("read").$type<Read>().notNull(),
    state: text("state")
      .$type<"queued" | "running" | "complete" | "unavailable" | "failed">()
      .notNull()
      .default("queued"),
    attempt: integer("attempt").notNull().default(1),
    pageNo: integer("page_no").notNull().default(0),
    nextLink: text("next_link"),
    rows: integer("rows").notNull().default(0),
    duplicates: integer("duplicates").notNull().default(0),
    quarantined: integer("quarantined").notNull().default(0),
    /** Sum of the hashes of all stored rows of a long read; null = to be summed from the rows. docs/adr/0008. */
    digest: numeric("digest"),
    /** Seats of the stored accounts by SKU number and traits (queries/seat-traits); null = to be counted from the rows. */
    held: jsonb("held").$type<Record<string, number>>(),
    retries: integer("retries").notNull().default(0),
    waitKind: text("wait_kind").$type<WaitKind>(),
    waitUntil: instant("wait_until"),
    /** Fields seen outside the documented set, and the fields of quarantined rows with their problem and count. */
    unexpected: jsonb("unexpected").$type<readonly string[]>().notNull().default([]),
    problems: jsonb("problems").$type<Record<string, number>>().notNull().default({}),
    reason: text("reason").$type<UnavailableReason>(),
    failure: jsonb("failure").$type<Failure>(),
    /** Report facts. */
    refreshedOn: text("refreshed_on"),
    concealed: boolean("concealed"),
    startedAt: instant("started_at"),
    committedAt: instant("committed_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId, t.read] }),
    foreignKey({
      columns: [t.workspaceId, t.runId],
      foreignColumns: [datasetRuns.workspaceId, datasetRuns.id],
    }).onDelete("cascade"),
    workspacePolicy("read_checkpoints"),
  ],
);

/** When a worker last showed itself; tells "no worker seen". Not workspace data. */
export const workers = pgTable("workers", {
  id: uuid("id").primaryKey(),
  startedAt: instant("started_at").notNull().defaultNow(),
  seenAt: instant("seen_at").notNull().defaultNow(),
});
