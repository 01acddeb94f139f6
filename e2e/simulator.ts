import { randomUUID } from "node:crypto";
import type { FaultInput } from "#simulator/faults/types";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import type { TenantRequest } from "#simulator/specs";
import type { Knobs } from "#simulator/store/tenant";
import type { truthOf } from "#simulator/store/truth";
import type { AppRegistration, Person, PersonRole } from "#simulator/types";
import { installation } from "./installation.ts";

/** A tenant as the control API tells it. */
export interface SimulatedTenant {
  readonly id: string;
  readonly name: string;
  readonly domains: readonly string[];
  readonly people: readonly Person[];
  readonly apps: readonly AppRegistration[];
}

/** An application in a tenant as the control API tells it. */
interface Principal {
  readonly clientId: string;
  readonly permissions: readonly string[];
  readonly enabled: boolean;
}

/** What an importer must find in a tenant. Seats. */
export type Truth = Awaited<ReturnType<typeof truthOf>>;

/** The simulator's control API. Throws when it refuses. */
export const simulator = {
  /** A tenant of its own: every part not asked for follows from a fresh seed. */
  createTenant: (request: Partial<TenantRequest> = {}) =>
    control<SimulatedTenant>("POST", "/tenants", { seed: `e2e ${randomUUID()}`, ...request }),
  deleteTenant: (id: string) => control<void>("DELETE", `/tenants/${id}`),
  /** Replaces the faults of a tenant; none = it works again. */
  setFaults: (id: string, faults: readonly FaultInput[]) =>
    control<unknown>("PUT", `/tenants/${id}/faults`, faults),
  setKnobs: (id: string, knobs: Partial<Knobs>) =>
    control<unknown>("PATCH", `/tenants/${id}/knobs`, knobs),
  changeApp: (clientId: string, change: Partial<AppRegistration>) =>
    control<AppRegistration>("PATCH", `/apps/${clientId}`, change),
  /** The application in the tenant: its permissions and whether it is enabled. */
  principal: async (id: string, clientId: string): Promise<Principal> => {
    const { servicePrincipals } = await control<{ servicePrincipals: readonly Principal[] }>(
      "GET",
      `/tenants/${id}`,
    );
    const found = servicePrincipals.find((principal) => principal.clientId === clientId);
    if (found === undefined) throw new Error(`${clientId} is not consented.`);
    return found;
  },
  changePrincipal: (id: string, clientId: string, change: Partial<Omit<Principal, "clientId">>) =>
    control<unknown>("PATCH", `/tenants/${id}/apps/${clientId}`, change),
  /** Takes one permission away in the tenant's Enterprise applications. */
  withdraw: async (id: string, clientId: string, permission: string) => {
    const { permissions } = await simulator.principal(id, clientId);
    return simulator.changePrincipal(id, clientId, {
      permissions: permissions.filter((name) => name !== permission),
    });
  },
  /** Deletes the enterprise application, as an administrator who withdraws a consent does. */
  revokeConsent: (id: string, clientId: string) =>
    control<void>("DELETE", `/tenants/${id}/apps/${clientId}`),
  revokeTokens: (id: string) => control<void>("POST", `/tenants/${id}/revoke-tokens`),
  /** What an organisation of SaaS Management is from now on: its tenants, what it lets in, its faults. */
  putOrganisation: (organisation: OrganisationRequest) =>
    control<unknown>("PUT", "/saas-management/organisations", organisation),
  truth: (id: string) => control<Truth>("GET", `/tenants/${id}/truth`),
};

/** The person of a tenant with that role. */
export function personOf(tenant: SimulatedTenant, role: PersonRole): Person {
  const person = tenant.people.find((each) => each.role === role);
  if (person === undefined) throw new Error(`${tenant.name} has no ${role}.`);
  return person;
}

/** The tenant's own registered app with its first secret. */
export function registeredAppOf(tenant: SimulatedTenant) {
  const [app] = tenant.apps;
  const [secret] = app?.secrets ?? [];
  if (app === undefined || secret === undefined) throw new Error(`${tenant.name} has no app.`);
  return { clientId: app.clientId, secret };
}

/** The answer's shape is the simulator's own promise (simulator/README.md). */
async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${installation.simulatorUrl}/_simulator${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ControlError(response.status, `${method} ${path}: ${text}`);
  return text === "" ? (undefined as T) : JSON.parse(text);
}

/** A refusal of the control API. */
export class ControlError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(`${status} ${message}`);
    this.status = status;
  }
}
