import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Tx } from "#db/client";
import { findOrganisationByNumber, insertOrganisation } from "#db/queries/saas-organisations";
import type { SaasRegion } from "#lib/domain/saas-organisation";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { parseInput } from "./input.ts";
import {
  organisationCredential,
  organisationName,
  organisationNumber,
  organisationRegion,
} from "./organisation-input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { saveOrganisationCandidate } from "./save-organisation-candidate.ts";

export const createOrganisationInput = z.strictObject({
  name: organisationName,
  region: organisationRegion,
  orgId: organisationNumber,
  credential: organisationCredential,
});

/**
 * Enters an organisation of SaaS Management with its credential, which all its connections share. The worker verifies it
 * before it is used: nothing is connected yet. Source: DESIGN §7 step 3c. Rights: manage-connections and
 * manage-credentials.
 * @throws UseCaseError `invalid` per field; `conflict` with the id of the organisation this workspace already has;
 * `rate-limited`.
 */
export async function createOrganisation(
  ctx: Ctx,
  input: z.input<typeof createOrganisationInput>,
): Promise<{ readonly id: string; readonly checkId: string }> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { name, region, orgId, credential } = parseInput(createOrganisationInput, input);
  const { workspaceId, actor } = ctx;
  const organisationId = randomUUID();
  return inWorkspace(ctx, async (tx) => {
    await requireRate(tx, ctx, "organisation", "new");
    const asked = { workspaceId, organisationId, name, region, orgId };
    if (!(await insertOrganisation(tx, { ...asked, createdBy: actor.name }))) {
      throw await organisationThereAlready(tx, ctx, { region, orgId });
    }
    const { checkId } = await saveOrganisationCandidate(tx, ctx, organisationId, credential);
    await auditChange(tx, ctx, {
      action: "organisation.created",
      target: { kind: "organisation", id: organisationId },
      details: { region, orgId, credential: credential.kind },
    });
    return { id: organisationId, checkId };
  });
}

/** The refusal of a second entry of one organisation, naming the first. */
export async function organisationThereAlready(
  tx: Tx,
  { workspaceId }: Pick<Ctx, "workspaceId">,
  organisation: { readonly region: SaasRegion; readonly orgId: string },
): Promise<UseCaseError> {
  const existingId = await findOrganisationByNumber(tx, { workspaceId, ...organisation });
  return new UseCaseError("conflict", "This organisation is there already.", {
    ...(existingId === undefined ? {} : { existingId }),
    fields: { orgId: "This workspace already has this organisation." },
  });
}
