import type { Source } from "./connection.ts";
import type { Flag, LicenseType, RetiredReason } from "./license.ts";
import { leftOutOf, type Supersession, type TenantSources } from "./precedence.ts";

/** A license as its connection's current reconciliation has it. Seats; null = unknown. */
export interface SwitchLicense {
  readonly licenseId: string;
  readonly connectionId: string;
  readonly source: Source;
  readonly tenantId: string;
  readonly skuId: string | null;
  readonly productName: string;
  readonly partNumber: string | null;
  readonly type: LicenseType;
  readonly retiredReason: RetiredReason | null;
  readonly flags: readonly Flag[];
  readonly entitled: number | null;
  readonly consumed: number | null;
  readonly available: number | null;
  readonly reported: number | null;
}

/** A connection that has published a directory and is not disconnected. */
export interface SwitchConnection {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly source: Source;
  /** When the directory behind its numbers was read, ISO UTC. */
  readonly directoryAsOf: string | null;
}

export interface SwitchFacts {
  readonly connections: readonly SwitchConnection[];
  readonly licenses: readonly SwitchLicense[];
  readonly supersessions: readonly Supersession[];
}

/** The part of the facts that is one tenant's. */
export interface TenantFacts extends SwitchFacts {
  readonly tenantId: string;
}

/** The sources of a tenant as such supersessions rank them. */
export const tenantSources = (
  tenant: Pick<TenantFacts, "tenantId" | "connections">,
  supersessions: readonly Supersession[],
): TenantSources => ({
  tenantId: tenant.tenantId,
  present: tenant.connections.map((connection) => connection.source),
  supersessions,
});

const ownReasons: readonly (RetiredReason | null)[] = ["disconnected", "manual"];

/**
 * Why the license is left out once the sources of its tenant stand like this; null = it counts. Neither listed nor held
 * follows from the figures: 0 units, nobody, and no count by Microsoft.
 */
export const reasonAmong = (
  license: SwitchLicense,
  tenant: TenantSources,
): RetiredReason | null => {
  if (ownReasons.includes(license.retiredReason)) return license.retiredReason;
  const leftOut = leftOutOf(license.source, tenant);
  if (leftOut !== null) return leftOut;
  const gone =
    license.retiredReason === "no-longer-reported" ||
    (license.retiredReason !== null &&
      license.entitled === 0 &&
      license.consumed === 0 &&
      license.reported === null);
  return gone ? "no-longer-reported" : null;
};

/** Connections with a license that is not as the rule has it, after a source of the tenant went away. */
export const unsettledConnections = (facts: SwitchFacts): readonly string[] => [
  ...new Set(
    facts.licenses
      .filter((license) => {
        const tenant = tenantSources(
          {
            tenantId: license.tenantId,
            connections: facts.connections.filter((one) => one.tenantId === license.tenantId),
          },
          facts.supersessions,
        );
        return reasonAmong(license, tenant) !== license.retiredReason;
      })
      .map(({ connectionId }) => connectionId),
  ),
];
