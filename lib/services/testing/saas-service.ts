import { createSimulator, type Simulator } from "#simulator/create-simulator";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import type { SaasGateway } from "../saas-gateway.ts";
import { createSaasGateway } from "../saas-gateway.ts";

/** SaaS Management in two regions, each a simulator of its own with the same tenants. */
export interface SaasService {
  /** Reaches North America (and Asia-Pacific) in the one, Europe in the other. */
  readonly gateway: SaasGateway;
  /** GUIDs of the simulated tenants, in the order of an organisation's applications. */
  readonly tenantIds: readonly string[];
  /** What an organisation is from now on in a region: its tenants, credentials and faults. */
  put(region: "na" | "eu", organisation: Partial<OrganisationRequest>): Promise<void>;
  close(): Promise<void>;
}

/** Number and credentials of the organisation unless a test says otherwise. */
export const simulatedOrganisation = {
  id: "28010",
  refreshToken: "canary~refresh-token",
  client: { id: "service", secret: "canary~s3cret" },
} as const;

export async function createSaasService(): Promise<SaasService> {
  const tenants = ["north", "south", "west"].map((seed) => tenantFromRequest({ seed, size: 60 }));
  const [na, eu] = await Promise.all([createSimulator({ tenants }), createSimulator({ tenants })]);
  const tenantIds = tenants.map(({ id }) => id);
  const at: Readonly<Record<"na" | "eu", Simulator>> = { na, eu };
  return {
    gateway: createSaasGateway({
      na: na.loginOrigin,
      eu: eu.loginOrigin,
      apac: na.loginOrigin,
    }),
    tenantIds,
    async put(region, organisation) {
      const url = `${at[region].loginOrigin}/_simulator/saas-management/organisations`;
      const body = { ...simulatedOrganisation, tenantIds, ...organisation };
      const response = await fetch(url, { method: "PUT", body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    },
    close: async () => {
      await Promise.all([na.close(), eu.close()]);
    },
  };
}
