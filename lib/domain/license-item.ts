import type { LicenseResolution, LicenseTerm, TermState } from "./app-license.ts";
import type { Source } from "./connection.ts";
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
  UtcDay,
} from "./license.ts";
import type { Money, MonthlyPrice } from "./money.ts";
import type { UnavailableReason } from "./quantity.ts";
import type { AsOf } from "./read-models.ts";

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
  /** Who mapped it to its SKU, and when; null where that is not why. */
  readonly mapped: { readonly by: string; readonly at: string } | null;
  /** Names of the products it could stand for while that is open. */
  readonly candidates: readonly string[];
  /** In the application's order; `no` counts from 1. */
  readonly terms: readonly (LicenseTerm & { readonly no: number; readonly state: TermState })[];
  /** Of the terms in force, per currency; null when one does not tell it. It is in no other sum of money. */
  readonly annualCost: readonly Money[] | null;
  /** Why its entitled seats are unknown, in words; null where they are known. */
  readonly entitledUnknown: string | null;
}

/** What accounts hold whose licenses could not be read the last time. docs/adr/0021. */
export interface UnreadSeats {
  /** Seats of this license that are counted as an earlier directory had them. */
  readonly carried: number;
  /** When the oldest of them was read; null = there are none. */
  readonly carriedAsOf: string | null;
  /** Accounts of the tenant that were never read: each may hold one seat more. */
  readonly unknownAccounts: number;
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
  readonly unread: UnreadSeats;
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
