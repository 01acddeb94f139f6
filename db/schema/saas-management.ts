import { sql } from "drizzle-orm";
import {
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
import type { Failure } from "#lib/domain/failure";
import type {
  ListedApplication,
  OrganisationCheckState,
  SaasCredentialKind,
  SaasRegion,
} from "#lib/domain/saas-organisation";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";
import { workspaces } from "./workspaces.ts";

/** An organisation of SaaS Management: one credential, shared by the connections of its applications. */
export const saasOrganisations = pgTable(
  "saas_organisations",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    region: text("region").$type<SaasRegion>().notNull(),
    /** The organisation's number as SaaS Management gives it: digits. */
    orgId: text("org_id").notNull(),
    name: text("name").notNull(),
    /** Why its credential does not work; null = it does, or has yet to be verified. */
    problem: jsonb("problem").$type<Failure>(),
    /** When its credential last worked; null = never. */
    verifiedAt: instant("verified_at"),
    /** The Microsoft applications it listed then. */
    applications: jsonb("applications").$type<readonly ListedApplication[]>().notNull().default([]),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    removedAt: instant("removed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("saas_organisations_org")
      .on(t.workspaceId, t.region, t.orgId)
      .where(sql`removed_at is null`),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    workspacePolicy("saas_organisations"),
  ],
);

/** A sealed credential of an organisation (JWE). Only the worker can open it. */
export const saasCredentials = pgTable(
  "saas_credentials",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    organisationId: uuid("organisation_id").notNull(),
    version: integer("version").notNull(),
    kind: text("kind").$type<SaasCredentialKind>().notNull(),
    state: text("state").$type<"candidate" | "active" | "retired">().notNull(),
    /** Null once erased. */
    sealed: text("sealed"),
    /** Key id of the seal, to know what a key rotation still has to do. */
    kid: text("kid").notNull(),
    /** Null = not known: the service does not tell it. */
    expiresAt: instant("expires_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    activatedAt: instant("activated_at"),
    retiredAt: instant("retired_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("saas_credentials_version").on(t.workspaceId, t.organisationId, t.version),
    uniqueIndex("saas_credentials_one_active")
      .on(t.workspaceId, t.organisationId)
      .where(sql`state = 'active'`),
    foreignKey({
      columns: [t.workspaceId, t.organisationId],
      foreignColumns: [saasOrganisations.workspaceId, saasOrganisations.id],
    }).onDelete("cascade"),
    workspacePolicy("saas_credentials"),
  ],
);

/** One check of an organisation by the worker: token, then its applications. */
export const saasChecks = pgTable(
  "saas_checks",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    organisationId: uuid("organisation_id").notNull(),
    /** The candidate it tries; null = the credential in use, once more. */
    credentialId: uuid("credential_id"),
    state: text("state").$type<OrganisationCheckState>().notNull().default("queued"),
    /** Fences the checks: only the newest holder may write. */
    attempts: integer("attempts").notNull().default(0),
    failure: jsonb("failure").$type<Failure>(),
    requestedBy: text("requested_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("saas_checks_by_organisation").on(t.workspaceId, t.organisationId, t.createdAt.desc()),
    uniqueIndex("saas_checks_one_active")
      .on(t.workspaceId, t.organisationId)
      .where(sql`state in ('queued', 'running')`),
    foreignKey({
      columns: [t.workspaceId, t.organisationId],
      foreignColumns: [saasOrganisations.workspaceId, saasOrganisations.id],
    }).onDelete("cascade"),
    workspacePolicy("saas_checks"),
  ],
);
