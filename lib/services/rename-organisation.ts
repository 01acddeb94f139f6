import { z } from "zod";
import { lockOrganisation, recordOrganisationName } from "#db/queries/saas-organisations";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { readOrganisation } from "./get-organisation.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { organisationName } from "./organisation-input.ts";
import { inWorkspace } from "./read-list.ts";
import { settleOrganisationExpiry } from "./settle-organisation.ts";

export const renameOrganisationInput = z.strictObject({
  organisationId: guid,
  name: organisationName,
});

/**
 * Renames an organisation, verified or not; nothing else of it changes. Its number tells organisations apart, so that two
 * may have one name, as when they are entered. The name it has already changes nothing. Right: manage-connections.
 * @throws UseCaseError `invalid`, `not-found`.
 */
export async function renameOrganisation(
  ctx: Ctx,
  input: z.input<typeof renameOrganisationInput>,
): Promise<OrganisationItem> {
  requireRight(ctx, "manage-connections");
  const { organisationId, name } = parseInput(renameOrganisationInput, input);
  const key = { workspaceId: ctx.workspaceId, organisationId };
  return inWorkspace(ctx, async (tx) => {
    const organisation = await lockOrganisation(tx, key);
    if (organisation === undefined) throw notFound("organisation");
    if (organisation.name !== name) {
      await recordOrganisationName(tx, key, name);
      // An open alert names the organisation.
      await settleOrganisationExpiry(tx, key);
      await auditChange(tx, ctx, {
        action: "organisation.renamed",
        target: { kind: "organisation", id: organisationId },
        details: { from: organisation.name, to: name },
      });
    }
    return readOrganisation(tx, key);
  });
}
