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

/** Origins of the three servers, without a trailing slash. */
export type Origins = { login: string; graph: string; reports: string };

/** Everything the simulator remembers. Users are not in here: they are computed. */
export type Store = {
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
  /** By GUID or verified domain, without regard to case. */
  findTenant: (idOrDomain: string) => Tenant | undefined;
};

/** Creates a store. `now` fixes the day for tests; by default it is the current UTC day. */
export async function createStore(options: {
  origins: Origins;
  now?: Date;
  latencyMs?: number;
}): Promise<Store> {
  const tenants = new Map<string, Tenant>();
  const apps = new Map<string, AppRegistration>();
  let tokenSerial = 0;
  const today = () => dayOf(options.now ?? new Date());

  function findTenant(idOrDomain: string): Tenant | undefined {
    const wanted = idOrDomain.toLowerCase();
    return (
      tenants.get(wanted) ??
      [...tenants.values()].find((tenant) =>
        tenant.spec.domains.some((domain) => domain.toLowerCase() === wanted),
      )
    );
  }

  return {
    origins: options.origins,
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
    findTenant,
  };
}
