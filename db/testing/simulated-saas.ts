import type { Dataset } from "#lib/domain/import";
import { createFetch } from "#lib/http/transport";
import { type RunOutcome, runDataset } from "#lib/import/run-dataset";
import { createHurriedClock, type SimulatorOrigins } from "#lib/microsoft/testing/simulated-tenant";
import { createSaasManagementClient } from "#lib/saas-management/client";
import { originsOfRegion } from "#lib/saas-management/regions";
import { createSkuNames } from "#lib/saas-management/sku-ids";
import { createSaasSource } from "#lib/saas-management/source";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { createImportStore } from "../queries/import-store.ts";
import { listProductIds } from "../queries/product-ids.ts";
import { listSkuMappings } from "../queries/sku-mappings.ts";
import { createTestConnection, createTestRun, type TestConnection } from "./import-fixtures.ts";
import type { TestDatabase } from "./test-database.ts";

/** A simulated tenant's managed application, connected and imported by the real pipeline. */
export interface SimulatedSaas {
  readonly connection: TestConnection;
  /** The application's number. */
  readonly appId: string;
  /** Changes what the organisation answers; what is not given is as at first. */
  set(change: Partial<OrganisationRequest>): Promise<void>;
  /** Begins a run of the dataset and works it to its end. */
  import(dataset?: Dataset): Promise<RunOutcome>;
}

let organisations = 50_000;

/** Gives a simulated tenant an organisation of its own and connects it by SaaS Management. */
export async function connectSimulatedSaas(
  db: TestDatabase,
  simulator: SimulatorOrigins,
  given: {
    readonly workspaceId: string;
    readonly tenantId: string;
    readonly organisation?: Partial<OrganisationRequest>;
  },
): Promise<SimulatedSaas> {
  organisations += 1;
  const orgId = String(organisations);
  const refreshToken = `refresh ${orgId}`;
  const { workspaceId, tenantId } = given;
  const set = async (change: Partial<OrganisationRequest>): Promise<void> => {
    const response = await fetch(
      `${simulator.loginOrigin}/_simulator/saas-management/organisations`,
      {
        method: "PUT",
        body: JSON.stringify({
          id: orgId,
          tenantIds: [tenantId],
          refreshToken,
          pageSize: 100,
          ...given.organisation,
          ...change,
        }),
      },
    );
    if (!response.ok) throw new Error(await response.text());
  };
  await set({});
  const appId = "4001";
  const source = "saas-management";
  const connection = await createTestConnection(db, { workspaceId, tenantId, source });
  const store = createImportStore(db.worker);
  const open = async () => {
    const rows = await db.worker.inWorkspace(workspaceId, (tx) => listSkuMappings(tx, connection));
    const of = (kind: "license" | "sku") =>
      new Map(rows.flatMap((row) => (row.kind === kind ? [[row.externalId, row.skuId]] : [])));
    const mappings = { licenses: of("license"), skus: of("sku") };
    const products = await db.worker.outside((tx) => listProductIds(tx));
    return createSaasSource({
      client: createSaasManagementClient({
        origins: originsOfRegion("na", simulator.loginOrigin),
        orgId,
        credential: { kind: "refresh-token", refreshToken },
        fetch: createFetch(),
        ...createHurriedClock(),
      }),
      tenantId,
      tenantName: null,
      appId,
      names: createSkuNames({ scope: `${orgId}/${appId}`, products, mappings }),
      mappings,
    });
  };
  return {
    connection,
    appId,
    set,
    async import(dataset = "directory") {
      const run = await store.begin(await createTestRun(db, connection, dataset));
      if (run === null) throw new Error("a queued run begins");
      const signal = new AbortController().signal;
      return runDataset({ source: await open(), store, now: () => new Date(), signal }, run);
    },
  };
}
