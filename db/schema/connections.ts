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
import type {
  Cloud,
  ConnectionStatus,
  DisconnectReason,
  Method,
  Source,
} from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import { saasOrganisations } from "./saas-management.ts";
import { instant, workspaceId, workspacePolicy } from "./shared.ts";
import { members, workspaces } from "./workspaces.ts";

/** The link between a workspace and one tenant for one source. */
export const connections = pgTable(
  "connections",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    name: text("name").notNull(),
    /** The enterprise its tenant belongs to, in the customer's words: groups the list. */
    enterprise: text("enterprise"),
    source: text("source").$type<Source>().notNull(),
    method: text("method").$type<Method>(),
    cloud: text("cloud").$type<Cloud>().notNull().default("global"),
    /** Null in a draft whose administrator has yet to prove the tenant. */
    tenantId: uuid("tenant_id"),
    /** What Microsoft calls the tenant (organization), once verified. */
    tenantName: text("tenant_name"),
    tenantDomain: text("tenant_domain"),
    /** GUID or domain typed in the wizard; a hint for the consent page only. */
    tenantHint: text("tenant_hint"),
    /** Application id of a registered app; null for the multi-tenant app. */
    clientId: uuid("client_id"),
    /** Source `saas-management` only: whose credential reads which of its applications. */
    organisationId: uuid("organisation_id"),
    managedAppId: text("managed_app_id"),
    status: text("status").$type<ConnectionStatus>().notNull().default("draft"),
    /** Why the status is `action-needed`. */
    problem: jsonb("problem").$type<Failure>(),
    /** Whose first import starts with the verification that completes connecting, as the wizard said; null = none. */
    firstImportBy: text("first_import_by"),
    consentedAt: instant("consented_at"),
    provenAt: instant("proven_at"),
    verifiedAt: instant("verified_at"),
    /** Optional permissions the administrator did not grant when last verified: expected absences. */
    declinedPermissions: jsonb("declined_permissions")
      .$type<readonly string[]>()
      .notNull()
      .default([]),
    /** What the proven consent was asked for; null for other methods. */
    askedPermissions: jsonb("asked_permissions").$type<readonly string[]>(),
    /** The reconciliation every reader goes through; null until the first publish. */
    reconciliationId: integer("reconciliation_id"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    disconnectedAt: instant("disconnected_at"),
    disconnectedBy: text("disconnected_by"),
    disconnectedBecause: text("disconnected_because").$type<DisconnectReason>(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("connections_tenant_source")
      .on(t.workspaceId, t.tenantId, t.source)
      .where(sql`tenant_id is not null and status <> 'disconnected'`),
    uniqueIndex("connections_managed_app")
      .on(t.workspaceId, t.organisationId, t.managedAppId)
      .where(sql`managed_app_id is not null and status <> 'disconnected'`),
    foreignKey({ columns: [t.workspaceId], foreignColumns: [workspaces.id] }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.organisationId],
      foreignColumns: [saasOrganisations.workspaceId, saasOrganisations.id],
    }),
    workspacePolicy("connections"),
  ],
);

/**
 * Which workspace owns a (tenant, source) of this installation. Taken only by a completed proof, through
 * `app.claim_tenant`; programs have no right to the table itself.
 */
export const tenantClaims = pgTable(
  "tenant_claims",
  {
    tenantId: uuid("tenant_id").notNull(),
    source: text("source").$type<Source>().notNull(),
    workspaceId: workspaceId(),
    connectionId: uuid("connection_id").notNull(),
    claimedAt: instant("claimed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.source] }),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("tenant_claims"),
  ],
);

/** A sealed credential (JWE). Only the worker can open it. */
export const credentials = pgTable(
  "credentials",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    connectionId: uuid("connection_id").notNull(),
    version: integer("version").notNull(),
    kind: text("kind").$type<"secret" | "certificate">().notNull(),
    /** The app it belongs to, when the connection is to change to another one; null = the connection's. */
    clientId: uuid("client_id"),
    /** `prepared`: a key pair the worker makes, or made, whose certificate has yet to be registered at Microsoft. */
    state: text("state").$type<"prepared" | "candidate" | "active" | "retired">().notNull(),
    /** Null once erased, and while a key pair is being made. */
    sealed: text("sealed"),
    /** The public certificate (PEM) of a certificate credential; null for secrets and while a key pair is being made. */
    certificate: text("certificate"),
    /** Key id of the seal, to know what a key rotation still has to do. */
    kid: text("kid").notNull(),
    expiresAt: instant("expires_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    activatedAt: instant("activated_at"),
    retiredAt: instant("retired_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("credentials_version").on(t.workspaceId, t.connectionId, t.version),
    uniqueIndex("credentials_one_active")
      .on(t.workspaceId, t.connectionId)
      .where(sql`state = 'active'`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("credentials"),
  ],
);

/** A link for an administrator who is no member: single use, 72 hours, bound to nobody until it is opened. */
export const handOffs = pgTable(
  "hand_offs",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    connectionId: uuid("connection_id").notNull(),
    /** Who asks. */
    memberId: uuid("member_id").notNull(),
    /** SHA-256 of the token in the link, hex. */
    tokenHash: text("token_hash").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    /** The administrator came back from both legs. Null again when their sign-in proved nothing. */
    usedAt: instant("used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("hand_offs_token").on(t.tokenHash),
    index("hand_offs_by_connection").on(t.workspaceId, t.connectionId, t.createdAt),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.memberId],
      foreignColumns: [members.workspaceId, members.id],
    }).onDelete("cascade"),
    workspacePolicy("hand_offs"),
  ],
);

/** One leg (consent or proof) of an administrator's way to Microsoft and back. Single use, ten minutes. */
export const consentAttempts = pgTable(
  "consent_attempts",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    leg: text("leg").$type<"consent" | "proof">().notNull(),
    connectionId: uuid("connection_id").notNull(),
    memberId: uuid("member_id"),
    sessionId: uuid("session_id"),
    /** Set when it was begun with a link, by somebody without a session. */
    handOffId: uuid("hand_off_id"),
    /** SHA-256 of the state and of the browser's cookie, hex. */
    stateHash: text("state_hash").notNull(),
    browserHash: text("browser_hash").notNull(),
    /** Proof leg: the tenant named by the consent redirect. A hint until proven. */
    expectedTenantId: uuid("expected_tenant_id"),
    /** What the administrator is asked for. */
    askedPermissions: jsonb("asked_permissions").$type<readonly string[]>(),
    nonce: text("nonce"),
    pkceVerifier: text("pkce_verifier"),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    outcome: text("outcome"),
    /** With what Microsoft sent back instead of what was asked for: AADSTS number, and the id its support finds it by. */
    errorNumber: integer("error_number"),
    correlationId: uuid("correlation_id"),
    /** Proof leg: the person it proved took the tenant's claim from the workspace that has it. */
    moveConfirmedAt: instant("move_confirmed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex("consent_attempts_state").on(t.stateHash),
    index("consent_attempts_by_connection").on(t.workspaceId, t.connectionId, t.createdAt),
    index("consent_attempts_by_hand_off")
      .on(t.workspaceId, t.handOffId, t.createdAt)
      .where(sql`hand_off_id is not null`),
    index("consent_attempts_by_browser")
      .on(t.browserHash, t.createdAt)
      .where(sql`hand_off_id is not null`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [t.workspaceId, t.handOffId],
      foreignColumns: [handOffs.workspaceId, handOffs.id],
    }).onDelete("cascade"),
    workspacePolicy("consent_attempts"),
  ],
);

/** What one endpoint answered to a verification. */
export interface EndpointCheck {
  readonly endpoint: string;
  readonly permission: string | null;
  readonly mandatory: boolean;
  readonly outcome: "ok" | "missing-permission" | "not-licensed" | "not-offered" | "failed";
  readonly latencyMs: number | null;
  readonly failure?: Failure;
}

/** What a verification found; permissions as the token's roles name them. */
export interface VerificationResult {
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly permissions: readonly {
    readonly name: string;
    readonly mandatory: boolean;
    readonly granted: boolean;
  }[];
  readonly endpoints: readonly EndpointCheck[];
}

export type VerificationState = "queued" | "running" | "waiting" | "succeeded" | "failed";

/** One check of a connection by the worker; `proof` also redeems the administrator's code. */
export const verifications = pgTable(
  "verifications",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    connectionId: uuid("connection_id").notNull(),
    kind: text("kind").$type<"proof" | "credential" | "check">().notNull(),
    state: text("state").$type<VerificationState>().notNull().default("queued"),
    consentAttemptId: uuid("consent_attempt_id"),
    credentialId: uuid("credential_id"),
    /** The authorisation code of the proof leg, sealed; erased after use. */
    sealedCode: text("sealed_code"),
    attempts: integer("attempts").notNull().default(0),
    /** While `waiting` (consent still propagating): when it is tried again. */
    nextAttemptAt: instant("next_attempt_at"),
    result: jsonb("result").$type<VerificationResult>(),
    failure: jsonb("failure").$type<Failure>(),
    requestedBy: text("requested_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index("verifications_by_connection").on(t.workspaceId, t.connectionId, t.createdAt.desc()),
    uniqueIndex("verifications_one_active")
      .on(t.workspaceId, t.connectionId)
      .where(sql`state in ('queued', 'running', 'waiting')`),
    foreignKey({
      columns: [t.workspaceId, t.connectionId],
      foreignColumns: [connections.workspaceId, connections.id],
    }).onDelete("cascade"),
    workspacePolicy("verifications"),
  ],
);
