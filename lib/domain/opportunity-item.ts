import type { UtcDay } from "./license.ts";
import type { Money, MonthlyPrice } from "./money.ts";
import type { Confidence, OpportunityKind } from "./opportunity.ts";

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
