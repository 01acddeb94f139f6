import { listKnownTenants as readKnownTenants } from "#db/queries/saas-connections";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { inWorkspace } from "./read-list.ts";

/** A tenant to choose, by what people call it. */
export interface KnownTenantItem {
  readonly tenantId: string;
  readonly name: string;
  readonly domain: string | null;
}

/** The tenants that connections of the other sources know, by name: what an application may stand for. Right: read. */
export async function listKnownTenants(ctx: Ctx): Promise<readonly KnownTenantItem[]> {
  requireRight(ctx, "read");
  const { workspaceId } = ctx;
  const tenants = await inWorkspace(ctx, (tx) => readKnownTenants(tx, { workspaceId }));
  return tenants
    .map(({ tenantId, tenantName, tenantDomain, connectionName }) => ({
      tenantId,
      name: tenantName ?? connectionName,
      domain: tenantDomain,
    }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
