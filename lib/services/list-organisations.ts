import { listOrganisationRows } from "#db/queries/saas-organisations";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { toOrganisationItems } from "./organisation-view.ts";
import { inSnapshot } from "./read-list.ts";

/** Every SaaS Management organisation of the workspace, by name. Right: read. */
export async function listOrganisations(ctx: Ctx): Promise<readonly OrganisationItem[]> {
  requireRight(ctx, "read");
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) =>
    toOrganisationItems(tx, workspaceId, await listOrganisationRows(tx, workspaceId)),
  );
}
