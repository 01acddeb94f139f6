/**
 * What readers see: the shapes that use cases return, the API serialises and pages render. Quantities are seats and
 * null when unknown, with the reason in `unavailable`; instants are ISO 8601 UTC strings. Source: DESIGN §6.
 */

import type { AlertKind, AlertSeverity } from "./alert.ts";
import type { LicenseResolution, LicenseTerm, TermState } from "./app-license.ts";
import type { Cadence, Weekday } from "./cadence.ts";
import type { Cloud, ConnectionStatus, DisconnectReason, Method, Source } from "./connection.ts";
import type { ExpiryStage } from "./credential-expiry.ts";
import type { Failure } from "./failure.ts";
import type { BesideFigures, HoldReason } from "./hold.ts";
import type {
  Dataset,
  ImportState,
  ImportTrigger,
  RunState,
  Stream,
  StreamState,
} from "./import.ts";
import type { ServiceLimit } from "./import-wait.ts";
import type {
  Activity,
  ActivityCounts,
  AssignedCounts,
  Compliance,
  ContractPosition,
  Difference,
  Flag,
  LicenseStatus,
  LicenseType,
  RetiredReason,
  UtcDay,
} from "./license.ts";
import type { Money, MonthlyPrice } from "./money.ts";
import type { Confidence, OpportunityKind } from "./opportunity.ts";
import type { OverdueReason } from "./overdue.ts";
import type { UnavailableReason } from "./quantity.ts";
import type { Role } from "./role.ts";
import type {
  ListedApplication,
  OrganisationCheckState,
  OrganisationStatus,
  SaasCredentialKind,
  SaasRegion,
} from "./saas-organisation.ts";

/** A page of a list; `nextCursor` null at its end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** When each dataset behind a figure was read; null when it never was. */
export interface AsOf {
  readonly directory: string | null;
  readonly signIns: string | null;
  /** Report Refresh Date of the active-users report as a UTC day's start. */
  readonly usage: string | null;
}

/** A failure as people read it: what happened, what is not shown because of it, what to do. */
export interface ToldFailure extends Failure {
  readonly what: string;
  readonly hidden: string;
  readonly action: string;
}

/** Something a workspace has to know of, in words; an acknowledged one is in somebody's care. Instants ISO UTC. */
export interface AlertItem {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** Null for what concerns the installation. */
  readonly connectionId: string | null;
  readonly tenantId: string | null;
  /** What the tenant is called, else the connection. */
  readonly tenantName: string | null;
  readonly what: string;
  readonly hidden: string;
  readonly action: string;
  /** Path of the page on which something can be done about it. */
  readonly href: string;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly resolvedAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
}

/** A credential that connections rest on. Instants ISO UTC. */
/** One check of an organisation's credential. Instants ISO UTC. */
export interface OrganisationCheckItem {
  readonly id: string;
  readonly state: OrganisationCheckState;
  readonly error: ToldFailure | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** A connection that reads one of an organisation's applications. */
export interface ApplicationConnection {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string | null;
  /** What another connection calls the tenant. */
  readonly tenantName: string | null;
  readonly status: ConnectionStatus;
  readonly managedAppId: string;
}

/** An organisation of SaaS Management as people see it. Instants ISO UTC. */
export interface OrganisationItem {
  readonly id: string;
  readonly name: string;
  readonly region: SaasRegion;
  /** Its number at SaaS Management. */
  readonly orgId: string;
  readonly status: OrganisationStatus;
  /** Why the credential in use does not work. */
  readonly problem: ToldFailure | null;
  readonly verifiedAt: string | null;
  /** The one in use, else the candidate. */
  readonly credential: {
    readonly kind: SaasCredentialKind;
    readonly state: "candidate" | "active";
    readonly version: number;
    /** Null = nobody has said. */
    readonly expiresAt: string | null;
  } | null;
  readonly check: OrganisationCheckItem | null;
  /** The Microsoft applications it listed when last verified, by name. */
  readonly applications: readonly (ListedApplication & {
    readonly connection: ApplicationConnection | null;
  })[];
  readonly connections: readonly ApplicationConnection[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null = never. */
  readonly workerSeenSecondsAgo: number | null;
}

export interface CredentialItem {
  /** The connection's or organisation's id, or the installation's cloud. */
  readonly id: string;
  readonly holder:
    | { readonly kind: "connection"; readonly name: string; readonly status: ConnectionStatus }
    | { readonly kind: "organisation"; readonly name: string; readonly connections: number }
    | { readonly kind: "installation"; readonly cloud: Cloud; readonly connections: number };
  readonly credential: "secret" | "certificate" | SaasCredentialKind;
  /** A candidate is used once it is verified. */
  readonly state: "active" | "candidate";
  /** Null = nobody has said. */
  readonly expiresAt: string | null;
  /** Null while more than 60 days are left, or the end is not known. */
  readonly stage: ExpiryStage | null;
  readonly verifiedAt: string | null;
}

export interface LicenseItem {
  readonly id: string;
  readonly connectionId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly source: Source;
  readonly skuId: string | null;
  readonly partNumber: string | null;
  readonly productName: string;
  readonly type: LicenseType;
  readonly status: LicenseStatus;
  readonly retiredReason: RetiredReason | null;
  readonly compliance: Compliance;
  readonly flags: readonly Flag[];
  readonly enabled: number | null;
  readonly expiring: number | null;
  readonly suspended: number | null;
  readonly lockedOut: number | null;
  readonly entitled: number | null;
  readonly reported: number | null;
  readonly consumed: number | null;
  readonly difference: Difference | null;
  readonly trial: number | null;
  readonly available: number | null;
  readonly shortfall: number | null;
  readonly purchased: number | null;
  readonly contract: ContractPosition;
  readonly assigned: AssignedCounts | null;
  readonly activity: ActivityCounts | null;
  readonly blocked: number | null;
  readonly guests: number | null;
  readonly unavailable: Readonly<Record<string, UnavailableReason>>;
  readonly asOf: AsOf;
  readonly evaluatedOn: UtcDay | null;
  readonly monthlyPrice: MonthlyPrice | null;
  /** Opportunity units of confidence high or medium (without unassigned). */
  readonly idleUnits: number;
  readonly lowConfidenceUnits: number;
  readonly unassignedUnits: number | null;
  /** Monthly money at stake, per DESIGN §5; null when unpriced. */
  readonly exposure: Money | null;
  readonly reassignableNow: Money | null;
  readonly reducibleAtRenewal: Money | null;
  readonly decisionDate: {
    readonly date: UtcDay;
    readonly source: "purchase-term" | "microsoft-lifecycle";
  } | null;
}

/** The license of a managed application behind a license: its own id, what it stands for, its terms. */
export interface LicenseApplication {
  readonly externalId: string;
  readonly name: string | null;
  readonly resolution: LicenseResolution;
  /** In the application's order; `no` counts from 1. */
  readonly terms: readonly (LicenseTerm & { readonly no: number; readonly state: TermState })[];
  /** Of the terms in force, per currency; null when one does not tell it. It is in no other sum of money. */
  readonly annualCost: readonly Money[] | null;
}

/** One license in full: its item, its import, its leavings-out and history. */
export interface LicenseDetail extends LicenseItem {
  /** SaaS Management only. */
  readonly application: LicenseApplication | null;
  readonly connectionName: string;
  readonly importId: string | null;
  readonly reconciliationId: number | null;
  readonly servicePlans: readonly { readonly id: string; readonly name: string }[];
  /** Assignments left out of opportunities, by why (`device-account`, `excluded`, `large-mailbox`). Seats. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly deletedUsersShowingIt: number | null;
  /** The same tenant and skuId as other sources have it. */
  readonly twins: readonly LicenseTwin[];
  readonly firstReading: number | null;
  readonly history: readonly {
    readonly day: UtcDay;
    readonly entitled: number | null;
    readonly consumed: number | null;
    readonly active: number | null;
  }[];
}

/** A license of the same tenant and skuId from another source. Seats. */
export interface LicenseTwin {
  readonly id: string;
  readonly source: Source;
  readonly status: LicenseStatus;
  readonly retiredReason: RetiredReason | null;
  readonly entitled: number | null;
  readonly consumed: number | null;
}

/** A person; null where the reader may not see people. */
export interface Person {
  readonly userId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}

export interface AssignmentItem {
  readonly id: string;
  readonly person: Person | null;
  readonly department: string | null;
  readonly country: string | null;
  readonly jobTitle: string | null;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly origin: "direct" | "group" | "both" | "unknown";
  readonly groups: readonly { readonly id: string; readonly name: string | null }[];
  readonly inError: boolean;
  readonly error: string | null;
  readonly assignedAt: string | null;
  readonly activity: Activity | null;
  readonly activityReason: UnavailableReason | null;
  /** The latest day with evidence of use. */
  readonly evidenceOn: UtcDay | null;
  readonly createdAt: string | null;
}

export interface SubscriptionItem {
  readonly id: string;
  readonly licenseId: string;
  readonly status: string | null;
  readonly totalUnits: number | null;
  readonly trial: boolean | null;
  readonly createdAt: string | null;
  readonly nextLifecycleAt: string | null;
  readonly partnerTenantId: string | null;
}

export interface OpportunityItem {
  readonly id: string;
  readonly connectionId: string;
  readonly tenantName: string;
  readonly licenseId: string;
  readonly productName: string;
  readonly skuId: string | null;
  readonly kind: OpportunityKind;
  readonly userId: string | null;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly department: string | null;
  /** One sentence with dates. */
  readonly reason: string;
  readonly since: UtcDay | null;
  readonly confidence: Confidence;
  readonly origin: "direct" | "group" | "both" | "unknown" | null;
  /** Seats: 1 per assignment, the block's size for `unassigned`. */
  readonly units: number;
  readonly monthlyPrice: MonthlyPrice | null;
}

/** Opportunities of one kind taken together. Money of high and medium confidence only, per currency. */
export interface OpportunityGroup {
  readonly kind: OpportunityKind;
  readonly units: number;
  readonly lowConfidenceUnits: number;
  readonly unpricedUnits: number;
  readonly exposure: readonly Money[];
}

export interface OpportunitySummary {
  readonly groups: readonly OpportunityGroup[];
  readonly exposure: readonly Money[];
  readonly reassignableNow: readonly Money[];
  readonly reducibleAtRenewal: readonly Money[];
  readonly unpricedUnits: number;
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface StreamItem {
  readonly name: Stream;
  readonly state: StreamState;
  readonly rows: number;
  readonly pages: number;
  readonly quarantined: number;
  /** Fields because of which rows were set aside, by name. */
  readonly quarantinedFields: readonly string[];
  /** Fields with values outside the documented ones, by name: kept or left empty, no fault. */
  readonly unexpectedFields: readonly string[];
  readonly retries: number;
  /** Microsoft wants to be left alone until then; only while the stream is read. */
  readonly limitedUntil: string | null;
  /** We wait until then, so as not to ask more than Microsoft allows; shown when it is long. */
  readonly pacedUntil: string | null;
  readonly reason: UnavailableReason | null;
  readonly error: ToldFailure | null;
}

export interface DatasetItem {
  readonly name: Dataset;
  readonly runId: string;
  readonly state: RunState;
  readonly adopted: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly publishedAt: string | null;
  readonly decidedBy: string | null;
  readonly error: ToldFailure | null;
  readonly hold: HoldItem | null;
  /** The connection's verification that has to end before this dataset is read; null = it does not wait for one. */
  readonly awaitsVerification: AwaitedVerification | null;
}

/** A verification under way, and when it is tried again while it waits for Microsoft. */
export interface AwaitedVerification {
  readonly state: "queued" | "running" | "waiting";
  readonly nextAttemptAt: string | null;
}

/** Before and after of a held read. Accounts, SKUs, seats. */
export interface HoldItem {
  readonly reasons: readonly HoldReason[];
  readonly before: HoldFigures | null;
  readonly after: HoldFigures;
  /** What another connector of the tenant counts; null where that is not why. */
  readonly beside: BesideFigures | null;
}
export interface HoldFigures {
  readonly rows: number;
  readonly skus: number;
  readonly consumed: number;
  readonly reported: number;
}

export interface ImportJoin {
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  readonly at: string;
}

export interface ImportItem {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly state: ImportState;
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  /** Who else asked while it was under way, and got it: people, and the schedule whose run was due. */
  readonly joinedBy: readonly ImportJoin[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly streams: readonly StreamItem[];
  readonly datasets: readonly DatasetItem[];
  /** SKUs read so far, shown before they are published. */
  readonly preview: readonly {
    readonly skuId: string;
    readonly productName: string;
    readonly enabled: number | null;
    readonly consumedUnits: number | null;
  }[];
  /** Expected number of users where known, to say "page 3 of about 4". */
  readonly expectedUsers: number | null;
  /** Seconds since a worker last showed itself; null = none ever. */
  readonly workerSeenSecondsAgo: number | null;
}

export interface ConnectionItem {
  readonly id: string;
  readonly name: string;
  /** The customer's own label of the enterprise its tenant belongs to; null = none. */
  readonly enterprise: string | null;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  readonly problem: ToldFailure | null;
  /** Names of permissions asked for since its consent, which its last verification did not find granted. */
  readonly newPermissions: readonly string[];
  readonly asOf: AsOf;
  readonly licenses: number;
  readonly atRisk: number;
  readonly idleUnits: number;
  readonly credential: {
    readonly kind: "secret" | "certificate";
    readonly expiresAt: string | null;
    readonly version: number;
    /** SHA-1 of the certificate in upper-case hex, as Microsoft's portal shows it; null for a secret. */
    readonly thumbprint: string | null;
  } | null;
  readonly lastImport: {
    readonly id: string;
    readonly state: ImportState;
    readonly createdAt: string;
    readonly finishedAt: string | null;
    /** What it waits for while it runs. */
    readonly limits: readonly ServiceLimit[];
  } | null;
  readonly heldImportId: string | null;
  /** Null before it was first ready, and once it is disconnected. */
  readonly schedule: ScheduleItem | null;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null while it is connected. */
  readonly disconnected: Disconnected | null;
}

/** How a connection ended; `at` ISO UTC. `by` names a member, a token, or an administrator of the tenant. */
export interface Disconnected {
  readonly at: string;
  readonly by: string | null;
  readonly because: DisconnectReason;
}

/** When a connection is imported by itself, whether that works, and what it last led to. */
export interface ScheduleItem {
  readonly cadence: Cadence;
  /** Null for daily. */
  readonly weekday: Weekday | null;
  /** `HH:MM` by the wall clock of the time zone. */
  readonly time: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly paused: boolean;
  /** Null while paused. */
  readonly nextRunAt: string | null;
  /** `joined`: the import was under way when the run was due. Runs missed while no worker ran are caught up by one. */
  readonly lastRun: {
    readonly dueAt: string;
    readonly at: string;
    readonly importId: string;
    readonly joined: boolean;
  } | null;
  /** The numbers are older than the schedule allows; null while it is kept. */
  readonly overdue: {
    readonly reason: OverdueReason;
    readonly dueAt: string;
    readonly what: string;
    readonly action: string;
  } | null;
  readonly changedAt: string;
  readonly changedBy: string;
}

export interface PermissionItem {
  readonly name: string;
  readonly mandatory: boolean;
  readonly granted: boolean;
  readonly gives: string;
  readonly without: string;
}

export interface EndpointItem {
  readonly endpoint: string;
  readonly permission: string | null;
  readonly mandatory: boolean;
  readonly outcome: "ok" | "missing-permission" | "not-licensed" | "not-offered" | "failed";
  readonly latencyMs: number | null;
  readonly error: ToldFailure | null;
}

export interface VerificationItem {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: "proof" | "credential" | "check";
  readonly state: "queued" | "running" | "waiting" | "succeeded" | "failed";
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly permissions: readonly PermissionItem[];
  readonly endpoints: readonly EndpointItem[];
  readonly error: ToldFailure | null;
  readonly workerSeenSecondsAgo: number | null;
}

/**
 * Totals over Active licenses; nothing is netted, and licenses compliance does not apply to (free pools, capacity) are in
 * no seat sum. Money per month and currency.
 */
export interface LicenseTotals {
  readonly active: number;
  readonly retired: number;
  readonly byCompliance: Readonly<Record<Compliance, number>>;
  readonly shortfall: number;
  readonly surplus: number;
  readonly unknownAvailability: number;
  readonly exposure: readonly Money[];
  readonly idleUnits: number;
  readonly unpricedIdleUnits: number;
}

export interface Attention {
  readonly kind:
    | "held-import"
    | "problem"
    | "credential-expiry"
    | "stale"
    | "failed-import"
    | "overdue"
    | "alert"
    | "new-permissions";
  /** Null for what concerns the installation. */
  readonly connectionId: string | null;
  readonly text: string;
  readonly href: string;
  readonly since: string | null;
}

export interface Overview {
  readonly totals: LicenseTotals;
  readonly nextDecision: {
    readonly date: UtcDay;
    readonly source: "purchase-term" | "microsoft-lifecycle";
    readonly licenseId: string;
    readonly productName: string;
    readonly tenantName: string;
    readonly units: number | null;
  } | null;
  readonly tenants: readonly ConnectionItem[];
  readonly trend: readonly {
    readonly day: UtcDay;
    readonly entitled: number | null;
    readonly consumed: number | null;
    readonly active: number | null;
  }[];
  readonly attention: readonly Attention[];
  /** Licenses whose count differs from Microsoft's beyond tolerance, and those that could be compared. */
  readonly trust: { readonly compared: number; readonly differing: number };
}

export interface MemberItem {
  readonly id: string;
  readonly name: string;
  readonly userPrincipalName: string | null;
  readonly tenantId: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly disabledAt: string | null;
}

/** A key pair a worker makes for a registered app, until it is used. Instants ISO UTC, thumbprints upper-case hex. */
export interface KeyPairItem {
  readonly connectionId: string;
  readonly credentialId: string;
  /** Null while no worker has made it. */
  readonly certificate: {
    readonly sha1: string;
    readonly sha256: string;
    readonly expiresAt: string;
  } | null;
  readonly workerSeenSecondsAgo: number | null;
}
