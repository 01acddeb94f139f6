import type { ChangedLink, LicenseResolution, LicenseTerm } from "#lib/domain/app-license";
import type { Failure } from "#lib/domain/failure";
import type { BesideFigures, HoldReason } from "#lib/domain/hold";
import type { Dataset, Read, UsageReport } from "#lib/domain/import";
import type { UnavailableReason } from "#lib/domain/quantity";

/** The tenant itself. Source: reference/microsoft-graph.md §3.2. */
export interface OrganizationRow {
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomain: string | null;
  readonly countryCode: string | null;
}

/** Units of one SKU. Each may be null on its own; all null or the object missing means "not reported". */
export interface PrepaidUnits {
  readonly enabled: number | null;
  readonly expiring: number | null;
  readonly suspended: number | null;
  readonly lockedOut: number | null;
}

/** The license of an application behind a row of the list. Source: DESIGN §2 License. */
export interface AppLicenseRow {
  /** What the application identifies it by. */
  readonly externalId: string;
  readonly name: string | null;
  /** The SKU it stands for; null where that is not known: the row's own skuId is then a key made of names. */
  readonly skuId: string | null;
  readonly resolution: LicenseResolution;
  /** SKUs it could stand for while that is open. */
  readonly candidates: readonly string[];
  readonly terms: readonly LicenseTerm[];
}

/** A SKU that active accounts of an application hold. */
export interface ApplicationSku {
  readonly appId: string;
  /** As an AssignmentRow has it. */
  readonly skuId: string;
}

/** One row of subscribedSkus. GUIDs are lower case. */
export interface SkuRow {
  readonly skuId: string;
  readonly partNumber: string | null;
  readonly appliesTo: "user" | "company";
  readonly capabilityStatus: string | null;
  readonly consumedUnits: number | null;
  readonly prepaidUnits: PrepaidUnits | null;
  readonly subscriptionIds: readonly string[];
  readonly servicePlanIds: readonly string[];
  /** Sources that have licenses of their own only. */
  readonly license?: AppLicenseRow;
}

/** One commercial subscription (companySubscription). Instants are ISO 8601 UTC. */
export interface SubscriptionRow {
  readonly subscriptionId: string;
  readonly commerceSubscriptionId: string | null;
  readonly skuId: string | null;
  readonly partNumber: string | null;
  readonly status: string | null;
  readonly totalUnits: number | null;
  readonly trial: boolean | null;
  readonly createdAt: string | null;
  readonly nextLifecycleAt: string | null;
  readonly partnerTenantId: string | null;
}

/**
 * One user's relation to one SKU. `holds` comes from assignedLicenses alone; origin and errors from
 * licenseAssignmentStates (rows in state Error or Disabled give no origin). A row with `holds: false` exists only to
 * carry an error. Source: DESIGN §5 `assigned`.
 */
export interface AssignmentRow {
  readonly skuId: string;
  readonly holds: boolean;
  readonly direct: boolean;
  readonly groupIds: readonly string[];
  readonly inError: boolean;
  /** Microsoft's error word of the row in error, for display. */
  readonly error: string | null;
  /** Earliest lastUpdatedDateTime of the working rows, ISO UTC; null = none known (counts as old). */
  readonly assignedAt: string | null;
  readonly disabledPlanIds: readonly string[];
}

/** One account. Strings are clean (no NUL, no lone surrogates); GUIDs lower case; instants ISO UTC. */
export interface UserRow {
  readonly userId: string;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly mail: string | null;
  /** null when Microsoft gave none: counts as not blocked. */
  readonly accountEnabled: boolean | null;
  readonly userType: string | null;
  readonly createdAt: string | null;
  readonly usageLocation: string | null;
  readonly country: string | null;
  readonly city: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly companyName: string | null;
  readonly officeLocation: string | null;
  readonly employeeId: string | null;
  readonly employeeType: string | null;
  readonly onPremisesSynced: boolean | null;
  readonly assignments: readonly AssignmentRow[];
}

export interface GroupRow {
  readonly groupId: string;
  readonly displayName: string | null;
}

export interface DeletedUserRow {
  readonly userId: string;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly deletedAt: string | null;
  readonly skuIds: readonly string[];
}

/** signInActivity of one account; absent dates (`""`, null, year 0001) are null. ISO UTC. */
export interface SignInRow {
  readonly userId: string;
  readonly lastSuccessfulAt: string | null;
  readonly lastInteractiveAt: string | null;
  readonly lastNonInteractiveAt: string | null;
}

/** Whether usage reports conceal names (admin/reportSettings). */
export interface ReportSettingsRow {
  readonly concealed: boolean;
}

/** One row of a usage report. `userPrincipalName` as in the file; `(Unknown)` and deleted rows are already left out. */
export interface UsageRow {
  readonly userPrincipalName: string;
  /** The latest of the row's last-activity dates, `YYYY-MM-DD`; null when it has none. */
  readonly lastActivityOn: string | null;
  /** Mailbox report only. */
  readonly storageBytes: number | null;
  readonly hasArchive: boolean | null;
}

/** Facts of a report file as a whole; told with its first page. */
export interface ReportFacts {
  /** Report Refresh Date, `YYYY-MM-DD`; null for a file without rows. */
  readonly refreshedOn: string | null;
  /** Names are concealed by the look of them. */
  readonly concealed: boolean;
}

/** The row type of each read. */
export type RowOf<R extends Read> = R extends "organization"
  ? OrganizationRow
  : R extends "subscribed-skus-first" | "subscribed-skus-second"
    ? SkuRow
    : R extends "company-subscriptions"
      ? SubscriptionRow
      : R extends "users"
        ? UserRow
        : R extends "groups"
          ? GroupRow
          : R extends "deleted-users"
            ? DeletedUserRow
            : R extends "sign-ins"
              ? SignInRow
              : R extends "report-settings"
                ? ReportSettingsRow
                : R extends `report:${UsageReport}`
                  ? UsageRow
                  : never;

/** A row that could not be accepted: which field, why. No personal data but the id. */
export interface QuarantinedRow {
  readonly field: string;
  readonly problem: string;
  /** The account it is of, where that much could be understood: what it held when it was last read stays. docs/adr/0021. */
  readonly userId?: string;
}

/** One page of a read. */
export interface SourcePage<Row> {
  readonly rows: readonly Row[];
  readonly quarantined: readonly QuarantinedRow[];
  /** Where to go on after this page; null when the read cannot be resumed there (a report file) or this is the last page. */
  readonly next: string | null;
  readonly last: boolean;
  /** Fields seen with values outside the documented set: information, no fault. */
  readonly unexpected?: readonly string[];
  readonly report?: ReportFacts;
  /** What the source calls SKUs whose ids on this page are keys made of names. */
  readonly skuNames?: ReadonlyMap<string, string>;
  /** Accounts that earlier pages brought keep what they hold: this page tells of more. */
  readonly adds?: true;
  /** The application whose accounts these are, where licenses are told by it. */
  readonly appId?: string;
}

/**
 * Why a read waits. `limited`: Microsoft said not before. `pacing`: we keep to what Microsoft allows a tenant and service.
 * `retry`: the next attempt after an upstream fault.
 */
export type WaitKind = "limited" | "pacing" | "retry";

/** A wait the person may see. */
export interface SourceWait {
  readonly kind: WaitKind;
  /** The attempt that failed; 0 when nothing was asked yet. */
  readonly attempt: number;
  readonly until: Date;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly onWait: (wait: SourceWait) => void;
  /** A limit of this many milliseconds or more is not sat out: the read ends with ReadPaused. Never by default. */
  readonly pauseFromMs?: number;
  /** What the run's accounts hold, by application, as far as it was read. None by default. */
  readonly held?: () => Promise<readonly ApplicationSku[]>;
}

/**
 * Where data comes from. `pages` starts at `cursor` (null = the beginning) and ends after the page with `last: true`.
 * It throws a ReadError: it never ends early and never turns a failure into an empty page.
 */
export interface ImportSource {
  pages<R extends Read>(
    read: R,
    cursor: string | null,
    options: ReadOptions,
  ): AsyncIterable<SourcePage<RowOf<R>>>;
}

/** How a read ended without its rows. */
export type ReadEnd =
  /** The collection must be read from its beginning (page token expired). */
  | { readonly kind: "restart" }
  /** It is not to be had: told with its reason. `permission` names what is missing. */
  | {
      readonly kind: "unavailable";
      readonly reason: UnavailableReason;
      readonly failure: Failure;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Thrown by ImportSource.pages. */
export class ReadError extends Error {
  readonly end: ReadEnd;
  constructor(end: ReadEnd, options?: ErrorOptions) {
    super(end.kind === "restart" ? "restart" : `${end.kind}: ${end.failure.code}`, options);
    this.name = "ReadError";
    this.end = end;
  }
}

/** Thrown by ImportSource.pages: Microsoft wants to be left alone for long. The read goes on from its checkpoint then. */
export class ReadPaused extends Error {
  readonly until: Date;
  /** What is told when nobody wants to wait any longer. */
  readonly failure: Failure;
  constructor(until: Date, failure: Failure, options?: ErrorOptions) {
    super(`paused: ${failure.code}`, options);
    this.name = "ReadPaused";
    this.until = until;
    this.failure = failure;
  }
}

/** A dataset run as the worker holds it. `snapshotId` is where its rows go; every write carries the epoch. */
export interface RunHandle {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly runId: string;
  readonly dataset: Dataset;
  readonly epoch: number;
  readonly snapshotId: number;
}

/** Where a read stands. */
export interface Checkpoint {
  readonly read: Read;
  readonly state: "queued" | "running" | "complete" | "unavailable" | "failed";
  readonly attempt: number;
  /** Pages committed in this attempt. */
  readonly pageNo: number;
  readonly next: string | null;
  readonly rows: number;
  readonly quarantined: number;
  /** When the last page was committed (database time). */
  readonly committedAt: Date | null;
}

/** Which page of its read a page is. */
export interface PagePlace {
  readonly attempt: number;
  /** 1 for the first page of the attempt. */
  readonly pageNo: number;
  /** Waits since the last write of this read that told of them. */
  readonly retries: number;
}

/** Commits a prepared page: rows and checkpoint in one transaction. */
export type CommitPage = (place: PagePlace) => Promise<WriteResult>;

/** `applied` also when the COMMIT's answer had been lost and the page is there already. */
export type WriteResult = "applied" | "superseded";

/** What a complete read looks like beside the published one, for validation. Accounts and seats. Source: DESIGN §4.5. */
export interface RunFacts {
  /** Rows counted in the tables against rows counted while writing, per read. A difference is a lost row. */
  readonly reads: readonly {
    readonly read: Read;
    readonly manifestRows: number;
    readonly storedRows: number;
    /** Rows given up because the same id came again: manifest = stored + duplicates. */
    readonly duplicates: number;
    readonly quarantined: number;
    /** Report Refresh Date, `YYYY-MM-DD`; null for other reads and for a file without rows. */
    readonly refreshedOn: string | null;
  }[];
  readonly current: SnapshotFigures;
  /** Null before the first publish. */
  readonly published: SnapshotFigures | null;
  /** SKUs held by a user and missing from the second subscribedSkus read. */
  readonly heldButUnlisted: number;
  /** Another source's count of the same seats; null or left out = nothing to compare with. */
  readonly beside?: BesideFigures | null;
  /** Licenses that lost the SKU they stood for, or have another one; left out = none. */
  readonly links?: readonly ChangedLink[];
}

/** The figures a hold is decided on and told with. */
export interface SnapshotFigures {
  /** Accounts (directory, sign-ins); for usage rows of the reports that both the run and the published snapshot have. */
  readonly rows: number;
  /** SKUs in subscribedSkus; 0 for other datasets. */
  readonly skus: number;
  /** Ids of those SKUs, lower case. */
  readonly skuIds: readonly string[];
  /** Σ distinct holders over user SKUs. */
  readonly consumed: number;
  /** Σ Microsoft's consumedUnits over user SKUs, nulls left out; null where none is told. */
  readonly reported: number | null;
}

/** Why a complete read is held. Source: DESIGN §4.5. */
export interface Hold {
  readonly reasons: readonly HoldReason[];
  readonly before: SnapshotFigures | null;
  readonly after: SnapshotFigures;
  /** Where another source's count is why. */
  readonly beside?: BesideFigures;
  /** Where licenses that stand for something else are why. */
  readonly links?: readonly ChangedLink[];
}

/**
 * Where data goes. Each write is one transaction and is refused (`superseded`) when the run's epoch is no
 * longer the connection's for that dataset, or the run was cancelled.
 */
export interface ImportStore {
  /** Takes the next epoch for a queued or running run; null when the run is over or its connection disconnected. */
  begin(run: { workspaceId: string; runId: string }): Promise<RunHandle | null>;
  checkpoints(run: RunHandle): Promise<readonly Checkpoint[]>;
  /**
   * Makes a page ready, possibly while the one before is being written: whatever does not depend on it. Of the page itself
   * nothing is kept. Changes nothing of the run; the fence is the commit's.
   */
  preparePage<R extends Read>(
    run: RunHandle,
    read: R,
    page: SourcePage<RowOf<R>>,
  ): Promise<CommitPage>;
  /** Discards the read's rows and starts its next attempt. */
  restartRead(run: RunHandle, read: Read): Promise<WriteResult>;
  /** SKUs that accounts of the run hold, by application; a read whose pages name no application has none. */
  heldByApplication(run: RunHandle): Promise<readonly ApplicationSku[]>;
  endRead(
    run: RunHandle,
    read: Read,
    end: Exclude<ReadEnd, { kind: "restart" }>,
  ): Promise<WriteResult>;
  /** Shows a wait, until the first page after it; `retries` as in PageWrite. Waits under a second need no telling. */
  noteWait(run: RunHandle, read: Read, wait: SourceWait, retries: number): Promise<WriteResult>;
  /**
   * Counts what was stored and what is published, after removing older copies of ids that came twice, and after taking over
   * from the published directory what accounts held that were set aside now (counted in `current`, in no `reads`). Safe to
   * repeat.
   */
  facts(run: RunHandle): Promise<RunFacts | "superseded">;
  /** Publishes: pointer, licenses, reconciliation, history in one transaction. Source: DESIGN §4.6. */
  publish(run: RunHandle): Promise<"published" | "unchanged" | "superseded">;
  hold(run: RunHandle, hold: Hold): Promise<WriteResult>;
  fail(run: RunHandle, failure: Failure): Promise<WriteResult>;
}
