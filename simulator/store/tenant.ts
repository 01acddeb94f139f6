import { randomUUID } from "node:crypto";
import { createFaultEngine } from "../faults/engine.ts";
import { createQuotas } from "../faults/quotas.ts";
import type { Fault, FaultInput } from "../faults/types.ts";
import type { DayNumber } from "../seed/days.ts";
import type { HeldLicense } from "../seed/licenses.ts";
import { type Sku, UNKNOWN_SKU_ID } from "../seed/skus.ts";
import { type SeedTenant, seedTenant } from "../seed/tenant.ts";
import { type Totals, totalsOf } from "../seed/totals.ts";
import { type SeatHolder, type SeedUser, seatHolderAt, userAt } from "../seed/user.ts";
import type { Stream, TenantSpec } from "../types.ts";
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

/** Which users exist for a reader: the seed's, less those a fault removed, and those it added. */
type View = {
  size: number;
  gone: ReadonlySet<number>;
  renamed: ReadonlySet<number>;
  /** Indices of accounts created meanwhile, `createdFrom` on: behind those of deletedItems. */
  created: number;
  createdFrom: number;
  unknownSku: number;
  key: string;
};

/** Creates a tenant from its specification. `today` gives the UTC day all dates are relative to. */
export function createTenant(spec: TenantSpec, today: () => DayNumber) {
  const knobs: Knobs = {
    premium: spec.premium,
    concealedNames: spec.concealedNames,
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
  const totalsCache = new Map<string, Promise<Totals>>();

  let skuReads = 0;
  let churned = false;
  let seed = seedTenant(spec, today());
  function currentSeed(): SeedTenant {
    if (seed.today !== today()) seed = seedTenant(spec, today());
    return seed;
  }

  function view(): View {
    const drop = faults.state("mass-drop");
    const size = drop ? Math.ceil(spec.size * drop.keep) : spec.size;
    const vanishing = faults.state("vanishing-user")?.count ?? 0;
    const gone = new Set(Array.from({ length: vanishing }, (_, i) => size - 1 - i));
    const renamed = new Set<number>();
    const churn = churned ? faults.state("churn") : undefined;
    if (churn) {
      // Half of the changes are to accounts at the start of the list, half to accounts at its end.
      const edges = bothEnds(spec.people.length, size - vanishing);
      for (const index of edges(churn.deleted, 0)) gone.add(index);
      for (const index of edges(churn.renamed, churn.deleted)) renamed.add(index);
    }
    const unknownSku = faults.state("unknown-sku")?.count ?? 0;
    const created = churn?.created ?? 0;
    const createdFrom = spec.size + deletedInSeed(spec.size);
    const key = `${size}/${vanishing}/${churned}/${unknownSku}/${listedAndDeleted().size}`;
    return { size, gone, renamed, created, createdFrom, unknownSku, key };
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
    if (current.renamed.has(index)) user.displayName = `${user.displayName} (renamed)`;
    if (!holdsUnknown(index, current)) return user;
    return { ...user, licenses: withUnknownSku(user.licenses, user.created) };
  }

  /** The list of users as it is now: which accounts are in it, and each of them, computed when it is asked for. */
  function listing() {
    const current = view();
    return {
      indices: (from = 0): Generator<number> => indicesOf(current, from),
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
    for (const i of indicesOf(current)) {
      if (deleted.has(i)) continue;
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
      const set = faults.set(inputs);
      skuReads = 0;
      churned = false;
      return set;
    },
    /** Lets the changes of the fault `churn` happen, when it is set: from now on they are true. */
    churn(): void {
      churned = faults.state("churn") !== undefined;
    },
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
    listing,
    users,
    /** Users that hold their licenses for Microsoft: listed and not deleted. */
    consumers,
    /** Number of users in the list. */
    userCount: (): number => {
      const current = view();
      return current.size - current.gone.size + current.created;
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

/** The indices of a view's users from `from` on, in the order of the list. */
function* indicesOf(view: View, from = 0): Generator<number> {
  for (let i = from; i < view.size; i += 1) if (!view.gone.has(i)) yield i;
  const end = view.createdFrom + view.created;
  for (let i = Math.max(from, view.createdFrom); i < end; i += 1) yield i;
}

/** Indices at both ends of a range, `count` in all, after leaving out `skipped` of them the same way. */
function bothEnds(start: number, end: number): (count: number, skipped: number) => number[] {
  return (count, skipped) => {
    const first = start + Math.ceil(skipped / 2);
    const last = end - 1 - Math.floor(skipped / 2);
    return Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? first + i / 2 : last - (i - 1) / 2,
    );
  };
}

/** Number of soft-deleted accounts of the seed: half a percent of the tenant. Their indices follow those of the list. */
export function deletedInSeed(size: number): number {
  return Math.max(1, Math.round(size * 0.005));
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
