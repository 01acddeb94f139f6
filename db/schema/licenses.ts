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
  pgView,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { Source } from "#lib/domain/connection";
import type {
  ActivityCounts,
  AssignedCounts,
  Compliance,
  ContractPosition,
  Difference,
  Flag,
  LicenseStatus,
  LicenseType,
  RetiredReason,
} from "#lib/domain/license";
import type { Confidence, OpportunityKind } from "#lib/domain/opportunity";
import type { UnavailableReason } from "#lib/domain/quantity";
import { connections } from "./connections.ts";
import { instant, utcDay, workspaceId, workspacePolicy } from "./shared.ts";

/** The asset record. Its numbers are in the reconciliation its connection points to. */
export const licenses = pgTable(
  "licenses",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    source: text("source").$type<Source>().notNull(),
    tenantId: uuid("tenant_id").notNull(),
    externalId: text("external_id").notNull(),
    skuId: uuid("sku_id"),
    connectionId: uuid("connection_id").notNull(),
    partNumber: text("part_number"),
    productName: text("product_name").notNull(),
    type: text("type").$type<LicenseType>().notNull(),
    status: text("status").$type<LicenseStatus>().notNull(),
    retiredReason: text("retired_reason").$type<RetiredReason>(),
    retiredAt: instant("retired_at"),
    /** An admin's word on the pool: true = free pool, false = never, null = by the list. */
    freePoolDecision: boolean("free_pool_decision"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    unique("licenses_identity").on(t.workspaceId, t.source, t.tenantId, t.externalId),
    index("licenses_by_connection").on(t.workspaceId, t.connectionId),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }),
    workspacePolicy("licenses"),
  ],
);

/** One computation over one set of published snapshots. Readers see all of it or nothing of it. */
export const reconciliations = pgTable(
  "reconciliations",
  {
    workspaceId: workspaceId(),
    id: integer("id").generatedAlwaysAsIdentity(),
    connectionId: uuid("connection_id").notNull(),
    /** The reconciliation whose opportunities these are: itself, or the one of which only prices differ. */
    opportunitiesOf: integer("opportunities_of"),
    directorySnapshotId: bigint("directory_snapshot_id", { mode: "number" }),
    signInsSnapshotId: bigint("sign_ins_snapshot_id", { mode: "number" }),
    usageSnapshotId: bigint("usage_snapshot_id", { mode: "number" }),
    evaluatedOn: utcDay("evaluated_on").notNull(),
    /** Windows used. Days. */
    activityWindowDays: integer("activity_window_days").notNull(),
    graceDays: integer("grace_days").notNull(),
    /** Why sign-ins or usage gave no evidence; null = they did. */
    signInsUnavailable: text("sign_ins_unavailable").$type<UnavailableReason>(),
    usageUnavailable: text("usage_unavailable").$type<UnavailableReason>(),
    mailboxUnavailable: text("mailbox_unavailable").$type<UnavailableReason>(),
    cause: text("cause")
      .$type<"publish" | "purchases" | "prices" | "exclusions" | "settings" | "daily" | "status">()
      .notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("reconciliations_by_connection").on(t.workspaceId, t.connectionId, t.id),
    index("reconciliations_by_opportunities").on(t.workspaceId, t.opportunitiesOf),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("reconciliations"),
  ],
);

/** A license's position in a reconciliation (DESIGN §5). Seats; null with its reason in `unavailable`. */
export const licensePositions = pgTable(
  "license_positions",
  {
    workspaceId: workspaceId(),
    reconciliationId: integer("reconciliation_id").notNull(),
    licenseId: uuid("license_id").notNull(),
    skuNo: integer("sku_no"),
    status: text("status").$type<LicenseStatus>().notNull(),
    retiredReason: text("retired_reason").$type<RetiredReason>(),
    compliance: text("compliance").$type<Compliance>().notNull(),
    flags: text("flags").array().$type<Flag[]>().notNull(),
    enabled: integer("enabled"),
    expiring: integer("expiring"),
    suspended: integer("suspended"),
    lockedOut: integer("locked_out"),
    entitled: integer("entitled"),
    reported: integer("reported"),
    consumed: integer("consumed"),
    difference: jsonb("difference").$type<Difference>(),
    trial: integer("trial"),
    available: integer("available"),
    shortfall: integer("shortfall"),
    purchased: integer("purchased"),
    contract: jsonb("contract").$type<ContractPosition>().notNull(),
    assigned: jsonb("assigned").$type<AssignedCounts>(),
    activity: jsonb("activity").$type<ActivityCounts>(),
    blocked: integer("blocked"),
    guests: integer("guests"),
    unavailable: jsonb("unavailable").$type<Record<string, UnavailableReason>>().notNull(),
    /** Opportunity units by confidence, for lists and totals. Seats. */
    idleUnits: integer("idle_units").notNull().default(0),
    lowConfidenceUnits: integer("low_confidence_units").notNull().default(0),
    directIdleUnits: integer("direct_idle_units").notNull().default(0),
    unassignedUnits: integer("unassigned_units"),
    /** Assignments left out of opportunities, by why. Seats. */
    leftOut: jsonb("left_out").$type<Record<string, number>>().notNull().default({}),
    priceAmount: numeric("price_amount", { precision: 14, scale: 4 }),
    priceCurrency: text("price_currency"),
    priceSource: text("price_source").$type<"list" | "entered">(),
    priceAsOf: text("price_as_of"),
    decisionOn: utcDay("decision_on"),
    decisionSource: text("decision_source").$type<"purchase-term" | "microsoft-lifecycle">(),
    /** Paid units that reach a decision on that day. Seats. */
    decisionUnits: integer("decision_units"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.reconciliationId, t.licenseId] }),
    foreignKey({
      columns: [t.workspaceId, t.reconciliationId],
      foreignColumns: [reconciliations.workspaceId, reconciliations.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.licenseId],
      foreignColumns: [licenses.workspaceId, licenses.id],
    }).onDelete("cascade"),
    workspacePolicy("license_positions"),
  ],
);

/** The last position of each license on each day. */
export const licenseHistory = pgTable(
  "license_history",
  {
    workspaceId: workspaceId(),
    licenseId: uuid("license_id").notNull(),
    day: utcDay("day").notNull(),
    entitled: integer("entitled"),
    consumed: integer("consumed"),
    active: integer("active"),
    available: integer("available"),
    compliance: text("compliance").$type<Compliance>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.licenseId, t.day] }),
    foreignKey({
      columns: [t.workspaceId, t.licenseId],
      foreignColumns: [licenses.workspaceId, licenses.id],
    }).onDelete("cascade"),
    workspacePolicy("license_history"),
  ],
);

/**
 * Opportunities alike in everything but the account and the day, of the reconciliations whose `opportunities_of` they
 * have. A row per assignment would be most of what a publish writes (docs/adr/0017). Readers ask the view below.
 */
export const opportunityGroups = pgTable(
  "opportunity_groups",
  {
    workspaceId: workspaceId(),
    reconciliationId: integer("reconciliation_id").notNull(),
    licenseId: uuid("license_id").notNull(),
    /** Counts within the license. */
    no: integer("no").notNull(),
    kind: text("kind").$type<OpportunityKind>().notNull(),
    confidence: text("confidence").$type<Confidence>().notNull(),
    /** Why the confidence is low, such as `mailbox-size-unknown`, `mailbox-archive`. */
    caution: text("caution"),
    direct: boolean("direct").notNull(),
    /** Seats of the group. */
    units: integer("units").notNull(),
    /** Accounts; null for `unassigned`, which is one opportunity. */
    userNos: integer("user_nos").array(),
    /** Of each account the day the reason began. */
    sinces: utcDay("sinces").array(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.reconciliationId, t.licenseId, t.no] }),
    workspacePolicy("opportunity_groups"),
  ],
);

/** One reclaimable assignment, or one block of unassigned units: `opportunity_groups`, taken apart. */
export const opportunities = pgView("opportunities", {
  workspaceId: workspaceId(),
  reconciliationId: integer("reconciliation_id").notNull(),
  licenseId: uuid("license_id").notNull(),
  /** 0 for `unassigned`. */
  userNo: integer("user_no").notNull(),
  kind: text("kind").$type<OpportunityKind>().notNull(),
  confidence: text("confidence").$type<Confidence>().notNull(),
  /** The day the reason began: last evidence, or account creation for never used; null when not known. */
  since: utcDay("since"),
  caution: text("caution"),
  direct: boolean("direct").notNull(),
  units: integer("units").notNull(),
}).existing();
