import { type SaasRegion, saasRegions } from "#lib/domain/saas-organisation";
import { createFetch } from "#lib/http/transport";
import { createSaasManagementClient, type SaasManagementClient } from "#lib/saas-management/client";
import { originsOfRegion } from "#lib/saas-management/regions";
import type { SaasCredential } from "#lib/saas-management/token";

/** An organisation in a region with what it proves itself with, opened. */
export interface SaasAccess {
  readonly region: SaasRegion;
  /** The organisation's number. */
  readonly orgId: string;
  readonly credential: SaasCredential;
  /** Longest time one request may take with all its waits, ms; the client's own by default. */
  readonly deadlineMs?: number;
}

/** How the worker reaches SaaS Management. Whether that is the service or a simulator is decided by origins alone. */
export interface SaasGateway {
  client(access: SaasAccess): SaasManagementClient;
  /** The regions that are somewhere else than this one. */
  elsewhere(region: SaasRegion): readonly SaasRegion[];
}

/** `replacement` stands for the origins of every region, or of those it names; null = nothing is replaced. */
export function createSaasGateway(
  replacement: string | Readonly<Partial<Record<SaasRegion, string>>> | null,
): SaasGateway {
  const fetch = createFetch();
  const originsOf = (region: SaasRegion) =>
    originsOfRegion(
      region,
      typeof replacement === "string" ? replacement : (replacement?.[region] ?? null),
    );
  return {
    client: ({ region, ...access }) =>
      createSaasManagementClient({ ...access, origins: originsOf(region), fetch }),
    elsewhere: (region) =>
      saasRegions.filter((other) => originsOf(other).login !== originsOf(region).login),
  };
}
