import type { Tx } from "#db/client";
import { listProductIds } from "#db/queries/product-ids";
import { listSkuMappings } from "#db/queries/sku-mappings";
import { findTenantName } from "#db/queries/tenant-name";
import type { ImportSource, RunHandle } from "#lib/import/ports";
import { createSkuNames, type SkuMappings } from "#lib/saas-management/sku-ids";
import { createSaasSource } from "#lib/saas-management/source";
import type { WorkerPlatform } from "./context.ts";
import { openSaasClient } from "./open-saas-client.ts";

/** A run over a connection of SaaS Management, and the application that stands for its tenant. */
export interface SaasRun extends RunHandle {
  readonly tenantId: string;
  readonly organisationId: string;
  readonly managedAppId: string;
}

/**
 * The source of a run that reads a managed application, with what its names were mapped to as the run begins.
 * @throws FailureError class `credential` when the organisation has none that works.
 */
export async function openSaasSource(
  platform: WorkerPlatform,
  run: SaasRun,
  signal: AbortSignal,
): Promise<ImportSource> {
  const { workspaceId, tenantId, organisationId, managedAppId } = run;
  const client = await openSaasClient(platform, { workspaceId, organisationId }, signal);
  const products = await platform.db.outside((tx: Tx) => listProductIds(tx));
  const { mappings, tenantName } = await platform.db.inWorkspace(workspaceId, async (tx) => ({
    mappings: await findMappings(tx, run),
    tenantName: await findTenantName(tx, { workspaceId, tenantId }),
  }));
  const scope = `${organisationId}/${managedAppId}`;
  return createSaasSource({
    client,
    tenantId,
    tenantName,
    appId: managedAppId,
    names: createSkuNames({ scope, products, mappings }),
    mappings,
  });
}

async function findMappings(tx: Tx, run: SaasRun): Promise<SkuMappings> {
  const rows = await listSkuMappings(tx, run);
  const of = (kind: (typeof rows)[number]["kind"]) =>
    new Map(rows.flatMap((row) => (row.kind === kind ? [[row.externalId, row.skuId]] : [])));
  return { licenses: of("license"), skus: of("sku") };
}
