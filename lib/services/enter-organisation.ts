import type { z } from "zod";
import { correctOrganisation, lockOrganisation } from "#db/queries/saas-organisations";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { createOrganisationInput, organisationThereAlready } from "./create-organisation.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { saveOrganisationCandidate } from "./save-organisation-candidate.ts";

export const enterOrganisationInput = createOrganisationInput.extend({ organisationId: guid });

/**
 * The wizard's answers for an organisation that was never verified, entered anew: another region, number or credential.
 * Once a credential has worked, `replaceOrganisationCredential` changes that alone. Rights: manage-connections and
 * manage-credentials.
 * @throws UseCaseError `invalid` per field, `not-found`, `conflict`, `rate-limited`.
 */
export async function enterOrganisation(
  ctx: Ctx,
  input: z.input<typeof enterOrganisationInput>,
): Promise<{ readonly id: string; readonly checkId: string }> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { credential, organisationId, ...asked } = parseInput(enterOrganisationInput, input);
  const key = { workspaceId: ctx.workspaceId, organisationId };
  return inWorkspace(ctx, async (tx) => {
    const organisation = await lockOrganisation(tx, key);
    if (organisation === undefined) throw notFound("organisation");
    if (organisation.verifiedAt !== null) {
      throw new UseCaseError(
        "conflict",
        "This organisation is verified already. Replace its credential in Settings, Integrations.",
      );
    }
    await requireRate(tx, ctx, "organisation", organisationId);
    if (!(await correctOrganisation(tx, { ...key, ...asked }))) {
      throw await organisationThereAlready(tx, ctx, asked);
    }
    const saved = await saveOrganisationCandidate(tx, ctx, organisationId, credential);
    const { region, orgId } = asked;
    await auditChange(tx, ctx, {
      action: "organisation.corrected",
      target: { kind: "organisation", id: organisationId },
      details: { region, orgId, credential: credential.kind, version: saved.version },
    });
    return { id: organisationId, checkId: saved.checkId };
  });
}
