import type { ConnectionItem } from "./connection-item.ts";
import type { Compliance, UtcDay } from "./license.ts";
import type { Money } from "./money.ts";

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
  /** Licenses of which nobody knows whether their seats are used: what is idle of them is in no figure. */
  readonly unknownUse: number;
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
