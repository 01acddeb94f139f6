import type { Source } from "./connection.ts";
import type { RetiredReason } from "./license.ts";

const ranks: Record<Source, number> = {
  "office-365-deprecated": 0,
  "microsoft-365": 1,
  "saas-management": 2,
};

/** Whether `a` stands above `b`: saas-management > microsoft-365 > office-365-deprecated. Source: DESIGN §2. */
export const takesPrecedence = (a: Source, b: Source): boolean => ranks[a] > ranks[b];

/**
 * One row that lets a source stand for others, made when it has completed its first full import and reconciliation.
 * `saas-management` stands for the whole workspace, except for tenants that were explicitly kept; `microsoft-365` for
 * one tenant. Source: DESIGN §5 Superseding.
 */
export type Supersession =
  | { readonly by: "saas-management"; readonly keptTenantIds: readonly string[] }
  | { readonly by: "microsoft-365"; readonly tenantId: string };

const covers = (
  supersession: Supersession,
  license: { readonly source: Source; readonly tenantId: string },
): boolean => {
  if (!takesPrecedence(supersession.by, license.source)) return false;
  const tenantId = license.tenantId.toLowerCase();
  switch (supersession.by) {
    case "saas-management":
      return !supersession.keptTenantIds.some((kept) => kept.toLowerCase() === tenantId);
    case "microsoft-365":
      return supersession.tenantId.toLowerCase() === tenantId;
    default:
      return supersession satisfies never;
  }
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
