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
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { LicenseResolution, TermProblem } from "#lib/domain/app-license";
import type { Dataset } from "#lib/domain/import";
import type { SnapshotFigures } from "#lib/import/ports";
import { connections } from "./connections.ts";
import { instant, utcDay, workspaceId, workspacePolicy } from "./shared.ts";

/** SKU ids of a workspace as small integers, for the keys of the big tables. */
export const skuNumbers = pgTable(
  "sku_numbers",
  {
    workspaceId: workspaceId(),
    no: integer("no").generatedAlwaysAsIdentity(),
    skuId: uuid("sku_id").notNull(),
    /** What an application calls it, where the id is a key of our own; null = Microsoft's id. */
    name: text("name"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.no] }),
    unique("sku_numbers_sku").on(t.workspaceId, t.skuId),
    workspacePolicy("sku_numbers"),
  ],
);

/** The rows of one dataset run. Immutable once published; `removing`: nobody can reach it, its rows go bit by bit. */
export const snapshots = pgTable(
  "snapshots",
  {
    workspaceId: workspaceId(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    connectionId: uuid("connection_id").notNull(),
    dataset: text("dataset").$type<Dataset>().notNull(),
    runId: uuid("run_id").notNull(),
    state: text("state")
      .$type<"building" | "held" | "published" | "retired" | "discarded" | "removing">()
      .notNull()
      .default("building"),
    /** When its reading began: what the numbers are "as of" (UTC). Moves when a later read finds the same content. */
    asOf: instant("as_of").notNull().defaultNow(),
    publishedAt: instant("published_at"),
    /** Content digest, to tell an unchanged snapshot. */
    digest: text("digest"),
    rows: integer("rows"),
    /** What a later read is judged against; set at publish. Null = published before it was kept. */
    figures: jsonb("figures").$type<SnapshotFigures>(),
    /** Of a directory: the sign-ins that were published when its reading began, which its accounts' rows note. Null = none. */
    signInsNotedId: bigint("sign_ins_noted_id", { mode: "number" }),
    /** The same of usage. */
    usageNotedId: bigint("usage_noted_id", { mode: "number" }),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("snapshots_by_connection").on(t.workspaceId, t.connectionId, t.dataset, t.id),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("snapshots"),
  ],
);

const snapshotId = () => bigint("snapshot_id", { mode: "number" }).notNull();

export const snapshotOrganizations = pgTable(
  "snapshot_organizations",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    tenantId: uuid("tenant_id").notNull(),
    displayName: text("display_name").notNull(),
    defaultDomain: text("default_domain"),
    countryCode: text("country_code"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId] }),
    workspacePolicy("snapshot_organizations"),
  ],
);

/** subscribedSkus as read before (1) and after (2) the users. Units are seats; null = Microsoft gave none. */
export const snapshotSkus = pgTable(
  "snapshot_skus",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    reading: smallint("reading").notNull(),
    skuNo: integer("sku_no").notNull(),
    partNumber: text("part_number"),
    appliesTo: text("applies_to").$type<"user" | "company">().notNull(),
    capabilityStatus: text("capability_status"),
    consumedUnits: integer("consumed_units"),
    /** False when prepaidUnits was missing or all null. */
    unitsReported: boolean("units_reported").notNull(),
    enabled: integer("enabled"),
    expiring: integer("expiring"),
    suspended: integer("suspended"),
    lockedOut: integer("locked_out"),
    subscriptionIds: text("subscription_ids").array().notNull(),
    servicePlanIds: uuid("service_plan_ids").array().notNull(),
    /** The application's own license (SaaS Management); null = the list names SKUs themselves. */
    externalId: text("external_id"),
    licenseName: text("license_name"),
    /** The SKU it stands for; null where that is not known. */
    licenseSkuId: uuid("license_sku_id"),
    resolution: text("resolution").$type<LicenseResolution>(),
    /** SKUs it could stand for while that is open. */
    candidateSkuIds: uuid("candidate_sku_ids").array(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.reading, t.skuNo] }),
    workspacePolicy("snapshot_skus"),
  ],
);

/** Terms of a snapshot's licenses in their order (SaaS Management). Units are seats; null = not told. */
export const snapshotTerms = pgTable(
  "snapshot_terms",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    skuNo: integer("sku_no").notNull(),
    place: smallint("place").notNull(),
    type: text("type"),
    units: integer("units"),
    /** For a year, exact. */
    annualCost: numeric("annual_cost", { precision: 19, scale: 4 }),
    currency: text("currency"),
    startsOn: utcDay("starts_on"),
    /** Last day it is valid. */
    endsOn: utcDay("ends_on"),
    /** Why its units are not told; null = they are. */
    problem: text("problem").$type<TermProblem>(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.skuNo, t.place] }),
    workspacePolicy("snapshot_terms"),
  ],
);

/** SKUs that active accounts of an application hold (SaaS Management): what licenses without a telling id are linked by. */
export const snapshotAppSkus = pgTable(
  "snapshot_app_skus",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    /** The application's number. */
    appId: text("app_id").notNull(),
    skuNo: integer("sku_no").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.appId, t.skuNo] }),
    workspacePolicy("snapshot_app_skus"),
  ],
);

export const snapshotSubscriptions = pgTable(
  "snapshot_subscriptions",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    subscriptionId: text("subscription_id").notNull(),
    commerceSubscriptionId: text("commerce_subscription_id"),
    skuId: uuid("sku_id"),
    partNumber: text("part_number"),
    status: text("status"),
    totalUnits: integer("total_units"),
    trial: boolean("trial"),
    createdAt: instant("created_at"),
    nextLifecycleAt: instant("next_lifecycle_at"),
    partnerTenantId: text("partner_tenant_id"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.subscriptionId] }),
    workspacePolicy("snapshot_subscriptions"),
  ],
);

/**
 * What an account is called where people are listed: its display name, else its UPN. A CASE, because row-level security
 * keeps a condition on coalesce() out of an index. The index has this very expression.
 */
export const shownName = `case when display_name is not null then display_name
  when user_principal_name is not null then user_principal_name else '' end`;

/** Accounts. `userNo` counts within the snapshot and is what assignments refer to. */
export const snapshotUsers = pgTable(
  "snapshot_users",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    userNo: integer("user_no").notNull(),
    pageNo: integer("page_no").notNull(),
    userId: uuid("user_id").notNull(),
    userPrincipalName: text("user_principal_name"),
    displayName: text("display_name"),
    mail: text("mail"),
    accountEnabled: boolean("account_enabled"),
    userType: text("user_type"),
    createdAt: instant("created_at"),
    usageLocation: text("usage_location"),
    country: text("country"),
    city: text("city"),
    department: text("department"),
    jobTitle: text("job_title"),
    companyName: text("company_name"),
    officeLocation: text("office_location"),
    employeeId: text("employee_id"),
    employeeType: text("employee_type"),
    onPremisesSynced: boolean("on_premises_synced"),
    /** In deletedItems as well: counts as deleted, consumes nothing. Set before publishing. */
    deleted: boolean("deleted").notNull().default(false),
    /** Of all of the account but `deleted`, and of its assignments. Null = stored before it was kept. docs/adr/0008. */
    contentHash: bigint("content_hash", { mode: "bigint" }),
    /** What the sign-ins that the snapshot names (`signInsNotedId`) tell of it: day of evidence, and whether they have it. */
    signInOn: utcDay("sign_in_on"),
    signInTold: boolean("sign_in_told"),
    /** What the usage that the snapshot names (`usageNotedId`) tells of it. */
    usageOn: utcDay("usage_on"),
    mailboxBytes: bigint("mailbox_bytes", { mode: "number" }),
    mailboxArchive: boolean("mailbox_archive"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.userNo] }),
    uniqueIndex("snapshot_users_by_id").on(t.workspaceId, t.snapshotId, t.userId),
    index("snapshot_users_by_name").on(
      t.workspaceId,
      t.snapshotId,
      sql.raw(`((${shownName}) collate "und-x-icu")`),
      t.userNo,
    ),
    workspacePolicy("snapshot_users"),
  ],
);

/**
 * Accounts of the list whose licenses could not be read. Where the directory before had them, they are in `snapshot_users`
 * as it had them, and `seatsAsOf` says as of when; null = never read, what they hold is not known. docs/adr/0021.
 */
export const snapshotUnreadUsers = pgTable(
  "snapshot_unread_users",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    userId: uuid("user_id").notNull(),
    seatsAsOf: instant("seats_as_of"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.userId] }),
    workspacePolicy("snapshot_unread_users"),
  ],
);

/** One user and one SKU. `holds` by assignedLicenses; origin and error by licenseAssignmentStates. */
export const snapshotAssignments = pgTable(
  "snapshot_assignments",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    skuNo: integer("sku_no").notNull(),
    userNo: integer("user_no").notNull(),
    holds: boolean("holds").notNull(),
    direct: boolean("direct").notNull(),
    groupIds: uuid("group_ids").array(),
    inError: boolean("in_error").notNull(),
    error: text("error"),
    assignedAt: instant("assigned_at"),
    disabledPlanIds: uuid("disabled_plan_ids").array(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.skuNo, t.userNo] }),
    index("snapshot_assignments_by_user").on(t.workspaceId, t.snapshotId, t.userNo),
    workspacePolicy("snapshot_assignments"),
  ],
);

export const snapshotGroups = pgTable(
  "snapshot_groups",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    groupId: uuid("group_id").notNull(),
    displayName: text("display_name"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.groupId] }),
    workspacePolicy("snapshot_groups"),
  ],
);

export const snapshotDeletedUsers = pgTable(
  "snapshot_deleted_users",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    userId: uuid("user_id").notNull(),
    userPrincipalName: text("user_principal_name"),
    displayName: text("display_name"),
    deletedAt: instant("deleted_at"),
    skuIds: uuid("sku_ids").array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.userId] }),
    workspacePolicy("snapshot_deleted_users"),
  ],
);

export const snapshotSignIns = pgTable(
  "snapshot_sign_ins",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    userId: uuid("user_id").notNull(),
    lastSuccessfulAt: instant("last_successful_at"),
    lastInteractiveAt: instant("last_interactive_at"),
    lastNonInteractiveAt: instant("last_non_interactive_at"),
    /** The day that counts as evidence of use, by the rule of DESIGN §5; null = none. */
    evidenceOn: utcDay("evidence_on"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.userId] }),
    workspacePolicy("snapshot_sign_ins"),
  ],
);

/** Usage reports by UPN in lower case; `report` is the position in `usageReports`. */
export const snapshotUsage = pgTable(
  "snapshot_usage",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    upnKey: text("upn_key").notNull(),
    report: smallint("report").notNull(),
    lastActivityOn: utcDay("last_activity_on"),
    storageBytes: bigint("storage_bytes", { mode: "number" }),
    hasArchive: boolean("has_archive"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.upnKey, t.report] }),
    workspacePolicy("snapshot_usage"),
  ],
);

/** What the reports of a usage snapshot say of an account, per UPN in lower case: `snapshot_usage` summed up once. */
export const snapshotUsageEvidence = pgTable(
  "snapshot_usage_evidence",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    upnKey: text("upn_key").notNull(),
    /** The latest day any report tells of use; null = none does. */
    evidenceOn: utcDay("evidence_on"),
    /** Of the mailbox report; null = it does not say. */
    storageBytes: bigint("storage_bytes", { mode: "number" }),
    hasArchive: boolean("has_archive"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.upnKey] }),
    workspacePolicy("snapshot_usage_evidence"),
  ],
);

/** How each report of a usage snapshot was read. */
export const snapshotReports = pgTable(
  "snapshot_reports",
  {
    workspaceId: workspaceId(),
    snapshotId: snapshotId(),
    report: text("report").notNull(),
    state: text("state").$type<"read" | "unavailable" | "failed">().notNull(),
    reason: text("reason"),
    refreshedOn: utcDay("refreshed_on"),
    concealed: boolean("concealed").notNull().default(false),
    rows: integer("rows").notNull().default(0),
    facts: jsonb("facts").$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.snapshotId, t.report] }),
    workspacePolicy("snapshot_reports"),
  ],
);
