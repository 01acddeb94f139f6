import { randomUUID } from "node:crypto";
import { createFaultEngine } from "../faults/engine.ts";
import type { Fault, FaultInput } from "../faults/types.ts";
import type { DayNumber } from "../seed/days.ts";
import type { HeldLicense } from "../seed/licenses.ts";
import { type Sku, UNKNOWN_SKU_ID } from "../seed/skus.ts";
import { type SeedTenant, seedTenant } from "../seed/tenant.ts";
import { type Totals, totalsOf } from "../seed/totals.ts";
import { type SeatHolder, type SeedUser, seatHolderAt, userAt } from "../seed/user.ts";
import type { TenantSpec } from "../types.ts";
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
  /** Age of the usage reports in days. */
  refreshDaysAgo: number;
  /** Delay of each Graph answer. */
  latencyMs: number;
  tokenLifetimeSeconds: number;
  /** Token calls without roles after each consent. */
  consentReplicationTokens: number;
  /** Usage-report requests allowed per report and 10 minutes; null = unlimited (Microsoft: 14). */
  reportLimit: number | null;
};

/** A running tenant. */
export type Tenant = ReturnType<typeof createTenant>;

/** Which users exist for a reader: the seed's, less those a fault removed. */
type View = { size: number; gone: ReadonlySet<number>; unknownSku: number; key: string };

/** Creates a tenant from its specification. `today` gives the UTC day all dates are relative to. */
export function createTenant(spec: TenantSpec, today: () => DayNumber) {
  const knobs: Knobs = {
    premium: spec.premium,
    concealedNames: spec.concealedNames,
    refreshDaysAgo: 2,
    latencyMs: 0,
    tokenLifetimeSeconds: 3599,
    consentReplicationTokens: 0,
    reportLimit: null,
  };
  const faults = createFaultEngine();
  const log = createRequestLog();
  const servicePrincipals = new Map<string, ServicePrincipal>();
  const removedPrincipals = new Set<string>();
  const totalsCache = new Map<string, Promise<Totals>>();

  let skuReads = 0;
  let seed = seedTenant(spec, today());
  function currentSeed(): SeedTenant {
    if (seed.today !== today()) seed = seedTenant(spec, today());
    return seed;
  }

  function view(): View {
    const drop = faults.state("mass-drop");
    const size = drop ? Math.ceil(spec.size * drop.keep) : spec.size;
    const gone = new Set<number>();
    for (const count of [faults.state("vanishing-user")?.count ?? 0]) {
      for (let i = 0; i < count; i += 1) gone.add(size - 1 - i);
    }
    const unknownSku = faults.state("unknown-sku")?.count ?? 0;
    return {
      size,
      gone,
      unknownSku,
      key: `${size}/${[...gone].join()}/${unknownSku}/${listedAndDeleted().size}`,
    };
  }

  /** Indices that are in the list of users and in deletedItems at once; they count as deleted. */
  function listedAndDeleted(): Set<number> {
    const count = faults.state("listed-and-deleted")?.count ?? 0;
    return new Set(
      Array.from({ length: count }, (_, i) => spec.people.length + i).filter((i) => i < spec.size),
    );
  }

  /** Whether the fault `unknown-sku` gives this account its SKU. */
  const holdsUnknown = (index: number, current: View): boolean =>
    index >= spec.people.length && index < spec.people.length + current.unknownSku;

  function userOf(index: number, current: View): SeedUser {
    const tenant = currentSeed();
    const user = userAt(tenant, index);
    if (!holdsUnknown(index, current)) return user;
    return { ...user, licenses: withUnknownSku(user.licenses, user.created) };
  }

  /** The list of users as it is now: which accounts are in it, and each of them, computed when it is asked for. */
  function listing() {
    const current = view();
    return {
      *indices(from = 0): Generator<number> {
        for (let i = from; i < current.size; i += 1) if (!current.gone.has(i)) yield i;
      },
      user: (index: number): SeedUser => userOf(index, current),
    };
  }

  /** Users from `index` on, in order. They are computed while they are read. */
  function* users(index = 0): Generator<SeedUser> {
    const list = listing();
    for (const i of list.indices(index)) yield list.user(i);
  }

  function* consumers(): Generator<SeedUser> {
    const deleted = listedAndDeleted();
    for (const user of users()) if (!deleted.has(user.index)) yield user;
  }

  /** What counting needs of the consumers. */
  function* seatHolders(): Generator<SeatHolder> {
    const tenant = currentSeed();
    const current = view();
    const deleted = listedAndDeleted();
    for (let i = 0; i < current.size; i += 1) {
      if (current.gone.has(i) || deleted.has(i)) continue;
      const holder = seatHolderAt(tenant, i);
      yield holdsUnknown(i, current)
        ? { ...holder, licenses: withUnknownSku(holder.licenses, tenant.today) }
        : holder;
    }
  }

  function remember(key: string, compute: () => Promise<Totals>): Promise<Totals> {
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

  return {
    spec,
    knobs,
    faults,
    /** Replaces all faults of the tenant; returns them with their defaults. */
    setFaults(inputs: readonly FaultInput[]): Fault[] {
      skuReads = 0;
      return faults.set(inputs);
    },
    log,
    /** The two links of the fault `link-loop` in its shape `alternate`, by query. */
    loopLinks: new Map<string, string>(),
    /** Times of the CSV report calls by report, in milliseconds (for `knobs.reportLimit`). */
    reportCalls: new Map<string, number[]>(),
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
    listing,
    users,
    /** Users that hold their licenses for Microsoft: listed and not deleted. */
    consumers,
    /** Number of users in the list. */
    userCount: (): number => {
      const current = view();
      return current.size - current.gone.size;
    },
    listedAndDeleted,
    /** Indices of the users a fault took out of the list; they are in deletedItems. */
    vanished: (): ReadonlySet<number> => view().gone,
    /** Counts over the consumers, as faults of the tenant left them. */
    totals: (): Promise<Totals> => remember(view().key, () => totalsOf(seatHolders())),
    /** Counts over the seed's users: what subscriptions were bought for. */
    fullTotals: (): Promise<Totals> => remember("full", () => totalsOf(seedHolders())),
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

const unknownSku: Sku = {
  key: "",
  skuId: UNKNOWN_SKU_ID,
  partNumber: "",
  productName: "",
  appliesTo: "User",
  plans: [],
  workloads: {
    exchange: false,
    teams: false,
    sharePoint: false,
    apps: false,
    yammer: false,
    copilot: false,
  },
};

function withUnknownSku(licenses: readonly HeldLicense[], updated: DayNumber): HeldLicense[] {
  const row = { sku: unknownSku, group: null, state: "Active", error: "None", updated } as const;
  return [...licenses, { sku: unknownSku, disabledPlans: [], rows: [row] }];
}
