import { z } from "zod";
import { lockOrganisation } from "#db/queries/saas-organisations";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { organisationCredential } from "./organisation-input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { saveOrganisationCandidate } from "./save-organisation-candidate.ts";

export const replaceOrganisationCredentialInput = z.strictObject({
  organisationId: guid,
  credential: organisationCredential,
});

/**
 * Saves an organisation's new credential as a candidate and has it verified; the imports of all its connections go on
 * with the one in use until then. Right: manage-credentials.
 * @throws UseCaseError `invalid` per field, `not-found`, `rate-limited`.
 */
export async function replaceOrganisationCredential(
  ctx: Ctx,
  input: z.input<typeof replaceOrganisationCredentialInput>,
): Promise<{ readonly checkId: string }> {
  requireRight(ctx, "manage-credentials");
  const { organisationId, credential } = parseInput(replaceOrganisationCredentialInput, input);
  const key = { workspaceId: ctx.workspaceId, organisationId };
  return inWorkspace(ctx, async (tx) => {
    if ((await lockOrganisation(tx, key)) === undefined) throw notFound("organisation");
    await requireRate(tx, ctx, "organisation", organisationId);
    const { checkId, version } = await saveOrganisationCandidate(
      tx,
      ctx,
      organisationId,
      credential,
    );
    await auditChange(tx, ctx, {
      action: "organisation.credential-replaced",
      target: { kind: "organisation", id: organisationId },
      details: { kind: credential.kind, version },
    });
    return { checkId };
  });
}
