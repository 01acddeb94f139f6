import { randomUUID } from "node:crypto";
import { createFaultEngine } from "../faults/engine.ts";
import { createQuotas } from "../faults/quotas.ts";
import type { Fault, FaultInput } from "../faults/types.ts";
import type { DayNumber } from "../seed/days.ts";
import { type SeedTenant, seedTenant } from "../seed/tenant.ts";
import { type Totals, totalsOf } from "../seed/totals.ts";
import { type SeatHolder, seatHolderAt } from "../seed/user.ts";
import type { Stream, TenantSpec } from "../types.ts";
import { createUserList } from "./listing.ts";
import { createRequestLog } from "./request-log.ts";

/** An application in a tenant: what consent creates and an administrator can change. */
export type ServicePrincipal = {
  objectId: string;
  clientId: string;
  permissions: Set<string>;
  enabled: boolean;
  /** Token calls that will still be answered without roles (replication after consent). */
  tokensWithoutRoles: number;
};

/** Per-tenant settings that can be changed while the simulator runs. */
export type Knobs = {
  premium: boolean;
  concealedNames: boolean;
  /** Microsoft has closed the tenant: no app gets a token for it (5000224). */
  blocked: boolean;
  /** Age of the usage reports in days. */
  refreshDaysAgo: number;
  /** Time from a Graph request to its answer in milliseconds, whatever the answer costs to compute. */
  latencyMs: number;
  /** The same for single streams, instead of `latencyMs`; `token` and `usage` here also slow the token endpoint and the downloads. */
  streamLatencyMs: Partial<Record<Stream, number>>;
  /** How many times faster than real time Retry-After and the windows of quotas pass. */
  clockScale: number;
  tokenLifetimeSeconds: number;
  /** Token calls without roles after each consent. */
  consentReplicationTokens: number;
  /** Usage-report requests allowed per report and 10 minutes; null = unlimited (Microsoft: 14, reference §4.2). */
  reportLimit: number | null;
  /** Requests for sign-in activity allowed per 10 seconds; null = unlimited (Microsoft: 5). */
  reportingLimit: number | null;
  /** Requests for sign-in activity allowed per minute; null = unlimited (seen at Microsoft: 10). */
  signInLimit: number | null;
  /** Seconds after which a page token is refused with Directory_ExpiredPageToken; null = never. */
  pageTokenLifetimeSeconds: number | null;
};

/** A running tenant. */
export type Tenant = ReturnType<typeof createTenant>;

/** Creates a tenant from its specification. `today` gives the UTC day all dates are relative to. */
export function createTenant(spec: TenantSpec, today: () => DayNumber) {
  const knobs: Knobs = {
    premium: spec.premium,
    concealedNames: spec.concealedNames,
    blocked: false,
    refreshDaysAgo: 2,
    latencyMs: 0,
    streamLatencyMs: {},
    clockScale: 1,
    tokenLifetimeSeconds: 3599,
    consentReplicationTokens: 0,
    reportLimit: null,
    reportingLimit: null,
    signInLimit: null,
    pageTokenLifetimeSeconds: null,
  };
  const clockScale = () => knobs.clockScale;
  const faults = createFaultEngine({ seed: spec.seed, clockScale });
  const quotas = createQuotas(clockScale);
  const log = createRequestLog();
  const servicePrincipals = new Map<string, ServicePrincipal>();
  const removedPrincipals = new Set<string>();
  const totalsCache = new Map<string | null, Promise<Totals>>();

  let skuReads = 0;
  let seed = seedTenant(spec, today());
  function currentSeed(): SeedTenant {
    if (seed.today !== today()) seed = seedTenant(spec, today());
    return seed;
  }

  const list = createUserList(spec, faults, currentSeed);

  function remember(key: string | null, compute: () => Promise<Totals>): Promise<Totals> {
    const known = totalsCache.get(key);
    if (known) return known;
    if (totalsCache.size > 8) totalsCache.clear();
    const computed = compute();
    totalsCache.set(key, computed);
    return computed;
  }

  function* seedHolders(): Generator<SeatHolder> {
    const tenant = currentSeed();
    for (let i = 0; i < spec.size; i += 1) yield seatHolderAt(tenant, i);
  }

  /** Counts over the seed's users. */
  const fullTotals = (): Promise<Totals> => remember(null, () => totalsOf(seedHolders()));

  return {
    spec,
    knobs,
    faults,
    /** Replaces all faults of the tenant; returns them with their defaults. */
    setFaults(inputs: readonly FaultInput[]): Fault[] {
      const set = faults.set(inputs);
      skuReads = 0;
      return set;
    },
    churn: list.churn,
    log,
    /** The two links of the fault `link-loop` in its shape `alternate`, by query. */
    loopLinks: new Map<string, string>(),
    /** What was used of Microsoft's limits, where the knobs switch them on. */
    quotas,
    /** Milliseconds a request of this stream takes by the knobs. */
    latencyOf: (stream: Stream): number => knobs.streamLatencyMs[stream] ?? knobs.latencyMs,
    servicePrincipals,
    /** Applications whose service principal an administrator deleted (token error 7000229). */
    removedPrincipals,
    /** Whether `/token` calls were revoked up to this serial number (see identity/tokens). */
    revokedUpTo: { serial: 0 },
    /** Counts reads of subscribedSkus under the fault `moving-consumed`: 1 for the first. */
    nextSkuRead: (): number => {
      skuReads += 1;
      return skuReads;
    },
    seed: currentSeed,
    listing: list.listing,
    users: list.users,
    consumers: list.consumers,
    consumersFrom: list.consumersFrom,
    numberedSeatHolders: list.numberedSeatHolders,
    /** The same for the same users and licenses; null = those of the seed. */
    viewKey: (): string | null => list.view().key,
    /** Number of users in the list. */
    userCount: (): number => {
      const current = list.view();
      return current.size - current.gone.size + current.created;
    },
    listedAndDeleted: list.listedAndDeleted,
    /** Indices of the users a fault took out of the list; they are in deletedItems. */
    vanished: (): ReadonlySet<number> => list.view().gone,
    /** Counts over the consumers, as faults of the tenant left them. */
    totals(): Promise<Totals> {
      const { key } = list.view();
      return key === null ? fullTotals() : remember(key, () => totalsOf(list.seatHolders()));
    },
    /** Counts over the seed's users: what subscriptions were bought for. */
    fullTotals,
    /** Records consent: creates the application in the tenant or widens its permissions. */
    grant(clientId: string, permissions: readonly string[]): ServicePrincipal {
      const existing = servicePrincipals.get(clientId);
      const principal: ServicePrincipal = existing ?? {
        objectId: randomUUID(),
        clientId,
        permissions: new Set(),
        enabled: true,
        tokensWithoutRoles: 0,
      };
      for (const permission of permissions) principal.permissions.add(permission);
      principal.tokensWithoutRoles = knobs.consentReplicationTokens;
      servicePrincipals.set(clientId, principal);
      removedPrincipals.delete(clientId);
      return principal;
    },
    /** Deletes the enterprise application: consent is gone. */
    revokeConsent(clientId: string): void {
      if (servicePrincipals.delete(clientId)) removedPrincipals.add(clientId);
    },
  };
}
