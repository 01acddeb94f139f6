import { z } from "zod";
import { findOpenCheck } from "#db/queries/saas-checks";
import { findSaasCandidate } from "#db/queries/saas-credentials";
import { lockOrganisation } from "#db/queries/saas-organisations";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";
import { requestCheck } from "./save-organisation-candidate.ts";

export const startOrganisationCheckInput = z.strictObject({ organisationId: guid });

/**
 * Asks the worker to check an organisation's credential and to list its applications anew; a candidate is what is
 * checked, if there is one. A check that is under way is the answer. Right: manage-connections.
 * @throws UseCaseError `not-found`, `rate-limited`.
 */
export async function startOrganisationCheck(
  ctx: Ctx,
  input: z.input<typeof startOrganisationCheckInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "manage-connections");
  const { organisationId } = parseInput(startOrganisationCheckInput, input);
  const key = { workspaceId: ctx.workspaceId, organisationId };
  return inWorkspace(ctx, async (tx) => {
    if ((await lockOrganisation(tx, key)) === undefined) throw notFound("organisation");
    const open = await findOpenCheck(tx, key);
    if (open !== undefined) return { id: open };
    await requireRate(tx, ctx, "organisation", organisationId);
    const id = await requestCheck(tx, ctx, key, (await findSaasCandidate(tx, key)) ?? null);
    await auditChange(tx, ctx, {
      action: "organisation.check-started",
      target: { kind: "organisation", id: organisationId },
      details: { checkId: id },
    });
    return { id };
  });
}
