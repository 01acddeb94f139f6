import { randomInt, randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import type { SaasFault } from "#simulator/saas-management/organisation";
import { runImport } from "./api.ts";
import { type SimulatedTenant, simulator } from "./simulator.ts";
import { workerTime } from "./worker-time.ts";
import type { ConnectedTenant, TestWorkspace } from "./workspace.ts";

/** An organisation of the simulated SaaS Management, a test's own. */
export interface TestOrganisation {
  readonly orgId: string;
  readonly refreshToken: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Replaces its refresh token, what the application below has (part numbers) and its faults. */
  change(change: {
    readonly refreshToken?: string;
    readonly below?: readonly string[];
    readonly faults?: readonly SaasFault[];
  }): Promise<void>;
}

/** The number of an organisation's first application; the others follow in the order of its tenants. */
export const firstApplication = 4001;

/** An organisation that manages the Microsoft 365 of these tenants. */
export async function organisationOf(
  tenants: readonly SimulatedTenant[],
): Promise<TestOrganisation> {
  const own = randomUUID();
  const made = {
    orgId: String(randomInt(10_000_000, 99_999_999)),
    refreshToken: `refresh~${own}`,
    client: { id: `service-${own}`, secret: `secret~${own}` },
  };
  const put = (change: Parameters<TestOrganisation["change"]>[0]) => {
    const { orgId: id, refreshToken, client } = made;
    const tenantIds = tenants.map((tenant) => tenant.id);
    const { faults, below = [], ...rest } = change;
    const all = { id, tenantIds, refreshToken, client, below: [...below], ...rest };
    return simulator.putOrganisation(faults === undefined ? all : { ...all, faults: [...faults] });
  };
  await put({});
  return {
    ...made,
    change: async (change) => {
      await put(change);
    },
  };
}

/** Enters an organisation through the API and waits until it is verified. Returns its id here. */
export async function enterOrganisation(
  workspace: TestWorkspace,
  { orgId, refreshToken }: TestOrganisation,
): Promise<string> {
  const api = await workspace.setUp();
  const { id } = await api.post<{ id: string }>("/saas-organisations", {
    name: `Group ${orgId}`,
    region: "eu",
    orgId,
    credential: { kind: "refresh-token", refreshToken },
  });
  await expect
    .poll(async () => (await api.get<OrganisationItem>(`/saas-organisations/${id}`)).status, {
      message: "the organisation is verified",
      timeout: workerTime,
    })
    .toBe("ready");
  return id;
}

/** Connects a tenant through an organisation of its own, with these faults, and imports it, through the API. */
export async function connectThroughSaas(
  workspace: TestWorkspace,
  tenant: SimulatedTenant,
  faults: readonly SaasFault[] = [],
): Promise<ConnectedTenant & { readonly organisationId: string }> {
  const api = await workspace.setUp();
  const organisation = await organisationOf([tenant]);
  if (faults.length > 0) await organisation.change({ faults });
  const organisationId = await enterOrganisation(workspace, organisation);
  const { id: connectionId } = await api.post<{ id: string }>("/connections", {
    name: `Group ${organisation.orgId}`,
    source: "saas-management",
    tenantId: tenant.id,
    organisationId,
    managedAppId: String(firstApplication),
  });
  const { id: importId, state } = await runImport(api, connectionId);
  return { tenant, connectionId, importId, state, organisationId };
}
