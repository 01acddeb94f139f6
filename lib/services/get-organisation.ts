import { z } from "zod";
import { findOrganisation } from "#db/queries/saas-organisations";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { toOrganisationItems } from "./organisation-view.ts";
import { inWorkspace } from "./read-list.ts";

export const getOrganisationInput = z.strictObject({ organisationId: guid });

/** One SaaS Management organisation. Right: read. @throws UseCaseError `not-found`. */
export async function getOrganisation(
  ctx: Ctx,
  input: z.input<typeof getOrganisationInput>,
): Promise<OrganisationItem> {
  requireRight(ctx, "read");
  const { organisationId } = parseInput(getOrganisationInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const row = await findOrganisation(tx, { workspaceId, organisationId });
    const [item] = row === undefined ? [] : await toOrganisationItems(tx, workspaceId, [row]);
    if (item === undefined) throw notFound("organisation");
    return item;
  });
}
