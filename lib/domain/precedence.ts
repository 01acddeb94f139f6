import type { Source } from "./connection.ts";
import type { RetiredReason } from "./license.ts";

const ranks: Record<Source, number> = {
  "office-365-deprecated": 0,
  "microsoft-365": 1,
  "saas-management": 2,
};

/** Whether `a` stands above `b`: saas-management > microsoft-365 > office-365-deprecated. Source: DESIGN §2. */
export const takesPrecedence = (a: Source, b: Source): boolean => ranks[a] > ranks[b];

/** The sources that can stand for others. */
export const supersedingSources = ["microsoft-365", "saas-management"] as const;
export type SupersedingSource = (typeof supersedingSources)[number];

/**
 * One row that lets a source stand for those below it, made when it has completed its first full import and
 * reconciliation: for one tenant, or (SaaS Management) for the whole workspace except for tenants that were explicitly
 * kept. Source: DESIGN §5 Superseding.
 */
export type Supersession =
  | { readonly by: "saas-management"; readonly keptTenantIds: readonly string[] }
  | { readonly by: SupersedingSource; readonly tenantId: string };

const covers = (
  supersession: Supersession,
  license: { readonly source: Source; readonly tenantId: string },
): boolean => {
  if (!takesPrecedence(supersession.by, license.source)) return false;
  const tenantId = license.tenantId.toLowerCase();
  return "tenantId" in supersession
    ? supersession.tenantId.toLowerCase() === tenantId
    : !supersession.keptTenantIds.some((kept) => kept.toLowerCase() === tenantId);
};

/**
 * Why a license, existing or created later, is Retired by another source; null when none stands for it. Of several the
 * source of highest precedence is named. Taking a row away brings everything back as it was.
 * Source: DESIGN §5 Superseding, fault-catalogue B44.
 */
export const retirementOf = (
  license: { readonly source: Source; readonly tenantId: string },
  supersessions: readonly Supersession[],
): RetiredReason | null => {
  const by = supersessions
    .filter((supersession) => covers(supersession, license))
    .map((supersession) => supersession.by)
    .sort((a, b) => ranks[b] - ranks[a])[0];
  return by === undefined ? null : `superseded-by-${by}`;
};

/** What is known of one tenant's sources. */
export interface TenantSources {
  readonly tenantId: string;
  /** Sources with a connection that is not disconnected and has published a directory. */
  readonly present: readonly Source[];
  readonly supersessions: readonly Supersession[];
}

/**
 * The one source whose licenses count in a tenant: of those nobody supersedes the lowest, because a source that comes in
 * above another is only shown until somebody switches. Null when every source there is superseded. So a product is
 * never in a total twice. Source: DESIGN §5 Superseding.
 */
export const countingSource = ({
  tenantId,
  present,
  supersessions,
}: TenantSources): Source | null =>
  present
    .filter((source) => retirementOf({ source, tenantId }, supersessions) === null)
    .sort((a, b) => ranks[a] - ranks[b])[0] ?? null;

/**
 * Why all licenses of a source in a tenant are left out of every total: another source stands for it, or one below it
 * still counts (`parallel-run`: shown, not counted). Null when they count. Source: DESIGN §5 Superseding.
 */
export const leftOutOf = (source: Source, tenant: TenantSources): RetiredReason | null => {
  const superseded = retirementOf({ source, tenantId: tenant.tenantId }, tenant.supersessions);
  if (superseded !== null) return superseded;
  const present = tenant.present.includes(source) ? tenant.present : [...tenant.present, source];
  return countingSource({ ...tenant, present }) === source ? null : "parallel-run";
};

/**
 * The source that has to be told to stand for a source which publishes its first directory: one of higher precedence
 * counts there already, and goes on doing so. Null when none does. Source: DESIGN §5 ("existing or created later").
 */
export const supersededOnArrival = (
  source: Source,
  others: TenantSources,
): SupersedingSource | null => {
  if (retirementOf({ source, tenantId: others.tenantId }, others.supersessions) !== null)
    return null;
  const counting = countingSource(others);
  if (counting === null || counting === "office-365-deprecated") return null;
  return takesPrecedence(counting, source) ? counting : null;
};

/** How a connection stands among the sources of its tenant. */
export type Standing =
  /** Its licenses count; `to` = a source above it that is connected too, or could be moved to. */
  | { readonly kind: "counts"; readonly to: SupersedingSource | null }
  /** Shown, not counted: `counting` still counts, and this source can be switched to. */
  | {
      readonly kind: "parallel-run";
      readonly counting: Source | null;
      readonly to: SupersedingSource;
    }
  /** Retired; `counting` null = the source that stands for it is not connected any more. */
  | {
      readonly kind: "superseded";
      readonly by: SupersedingSource;
      readonly counting: Source | null;
      /** The switch is the whole workspace's. */
      readonly wide: boolean;
    };
