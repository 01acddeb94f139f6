import { type CloudName, cloudFacts, cloudNames, knowEachOther } from "../clouds.ts";
import { createKeyRing, type KeyRing } from "../identity/keys.ts";
import { createSealer, type Sealer } from "../identity/sealer.ts";
import { type DayNumber, dayOf } from "../seed/days.ts";
import type { AppRegistration, Person, TenantSpec } from "../types.ts";
import { createTenant, type Tenant } from "./tenant.ts";

/** A sign-in that waits for its code to be redeemed. */
export type PendingCode = {
  clientId: string;
  /** Tenant of the authority the sign-in used (issuer), and of the account that signed in. */
  authority: string;
  tenantId: string;
  person: Person;
  redirectUri: string;
  nonce: string | null;
  challenge: string | null;
  scope: string;
  expiresAt: number;
  redeemed: boolean;
};

/** Origins of a cloud's servers, without a trailing slash. Report downloads are the Global cloud's alone. */
export type Origins = { login: string; graph: string; reports: string };

/** Origins by cloud; L4 and L5 name the same login. */
export type OriginsByCloud = { global: Origins } & Partial<Record<CloudName, Origins>>;

/** Every cloud that is played. */
export type World = {
  clouds: ReadonlyMap<CloudName, Store>;
  /** Throws for a cloud that is not played. */
  storeOf: (cloud: CloudName) => Store;
  /** By GUID or verified domain, in whatever cloud. */
  findTenant: (idOrDomain: string) => Tenant | undefined;
  /** The store whose registrations have this client id. */
  storeOfApp: (clientId: string) => Store | undefined;
};

/** Everything one cloud remembers; those with one login share all but Graph. Users are not in here: they are computed. */
export type Store = {
  cloud: CloudName;
  world: World;
  origins: Origins;
  tenants: Map<string, Tenant>;
  apps: Map<string, AppRegistration>;
  codes: Map<string, PendingCode>;
  keys: KeyRing;
  sealer: Sealer;
  /** The UTC day that dates are relative to. */
  today: () => DayNumber;
  /** Delay of every Graph answer in milliseconds. */
  latencyMs: number;
  /** Access tokens are numbered, so that those issued before a moment can be revoked. */
  nextTokenSerial: () => number;
  addTenant: (spec: TenantSpec) => Tenant;
  addApp: (app: AppRegistration) => void;
  /** Of this login. By GUID or verified domain, without regard to case. */
  findTenant: (idOrDomain: string) => Tenant | undefined;
  /** A tenant of another cloud that this login knows to be there. */
  findElsewhere: (idOrDomain: string) => Tenant | undefined;
};

/** Creates the clouds of `origins`. `now` fixes the day for tests; by default it is the current UTC day. */
export async function createWorld(options: {
  origins: OriginsByCloud;
  now?: Date;
  latencyMs?: number;
}): Promise<World> {
  const clouds = new Map<CloudName, Store>();
  let tokenSerial = 0;
  const today = () => dayOf(options.now ?? new Date());
  const all = () => [...clouds.values()];
  const world: World = {
    clouds,
    storeOf(cloud) {
      const store = clouds.get(cloud);
      if (!store) throw new Error(`The cloud ${cloud} is not played.`);
      return store;
    },
    findTenant: (idOrDomain) =>
      all()
        .map((store) => store.findTenant(idOrDomain))
        .find((tenant) => tenant !== undefined),
    storeOfApp: (clientId) => all().find((store) => store.apps.has(clientId)),
  };

  async function createStore(cloud: CloudName, origins: Origins): Promise<Store> {
    const { login } = cloudFacts[cloud];
    const twin = all().find((store) => cloudFacts[store.cloud].login === login);
    if (twin) return { ...twin, cloud, origins };
    const tenants = new Map<string, Tenant>();
    const apps = new Map<string, AppRegistration>();
    return {
      cloud,
      world,
      origins,
      tenants,
      apps,
      codes: new Map(),
      keys: await createKeyRing(),
      sealer: createSealer(),
      today,
      latencyMs: options.latencyMs ?? 0,
      nextTokenSerial: () => {
        tokenSerial += 1;
        return tokenSerial;
      },
      addTenant(spec) {
        const tenant = createTenant(spec, today);
        tenants.set(spec.id.toLowerCase(), tenant);
        for (const app of spec.apps) apps.set(app.clientId, app);
        for (const consent of spec.consents) tenant.grant(consent.clientId, consent.permissions);
        return tenant;
      },
      addApp: (app) => void apps.set(app.clientId, app),
      findTenant: (idOrDomain) => findAmong(tenants, idOrDomain),
      findElsewhere: (idOrDomain) => {
        const found = world.findTenant(idOrDomain);
        const place = found && cloudFacts[cloudOf(found)].login;
        return place && place !== login && knowEachOther(place, login) ? found : undefined;
      },
    };
  }

  for (const cloud of cloudNames) {
    const origins = options.origins[cloud];
    if (origins) clouds.set(cloud, await createStore(cloud, origins));
  }
  return world;
}

/** The cloud a tenant lives in. */
export const cloudOf = (tenant: Tenant): CloudName => tenant.spec.cloud ?? "global";

function findAmong(tenants: ReadonlyMap<string, Tenant>, idOrDomain: string): Tenant | undefined {
  const wanted = idOrDomain.toLowerCase();
  return (
    tenants.get(wanted) ??
    [...tenants.values()].find((tenant) =>
      tenant.spec.domains.some((domain) => domain.toLowerCase() === wanted),
    )
  );
}
