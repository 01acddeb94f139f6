import { z } from "zod";
import type { Tx } from "#db/client";
import { findOrganisation, type OrganisationKey } from "#db/queries/saas-organisations";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { toOrganisationItems } from "./organisation-view.ts";
import { inSnapshot } from "./read-list.ts";

export const getOrganisationInput = z.strictObject({ organisationId: guid });

/** One SaaS Management organisation. Right: read. @throws UseCaseError `not-found`. */
export async function getOrganisation(
  ctx: Ctx,
  input: z.input<typeof getOrganisationInput>,
): Promise<OrganisationItem> {
  requireRight(ctx, "read");
  const { organisationId } = parseInput(getOrganisationInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, (tx) => readOrganisation(tx, { workspaceId, organisationId }));
}

/** One organisation in the transaction of a caller that has checked the right. @throws UseCaseError `not-found`. */
export async function readOrganisation(tx: Tx, key: OrganisationKey): Promise<OrganisationItem> {
  const row = await findOrganisation(tx, key);
  const [item] = row === undefined ? [] : await toOrganisationItems(tx, key.workspaceId, [row]);
  if (item === undefined) throw notFound("organisation");
  return item;
}
