import { z } from "zod";
import { endOpenChecks } from "#db/queries/saas-checks";
import { listOrganisationConnections } from "#db/queries/saas-connections";
import { eraseSaasCredentials } from "#db/queries/saas-credentials";
import { lockOrganisation, recordOrganisationRemoved } from "#db/queries/saas-organisations";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { settleOrganisationExpiry } from "./settle-organisation.ts";

export const removeOrganisationInput = z.strictObject({ organisationId: guid });

/**
 * Takes an organisation out and erases its credential. Its connections are disconnected first, one by one, because that
 * retires licenses. Rights: manage-connections and manage-credentials.
 * @throws UseCaseError `not-found`; `conflict` with the id of a connection that still reads with it.
 */
export async function removeOrganisation(
  ctx: Ctx,
  input: z.input<typeof removeOrganisationInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { organisationId } = parseInput(removeOrganisationInput, input);
  const { workspaceId } = ctx;
  const key = { workspaceId, organisationId };
  await inWorkspace(ctx, async (tx) => {
    if ((await lockOrganisation(tx, key)) === undefined) throw notFound("organisation");
    const [first, ...others] = await listOrganisationConnections(tx, key);
    if (first !== undefined) {
      const all = others.length + 1;
      throw new UseCaseError(
        "conflict",
        `${all === 1 ? "A connection reads" : `${all} connections read`} with this credential. Disconnect ${all === 1 ? "it" : "them"} first.`,
        { existingId: first.id },
      );
    }
    await endOpenChecks(tx, key, { class: "system", code: "check-replaced" });
    const credentialsErased = await eraseSaasCredentials(tx, key);
    await recordOrganisationRemoved(tx, key);
    await settleOrganisationExpiry(tx, key);
    await auditChange(tx, ctx, {
      action: "organisation.removed",
      target: { kind: "organisation", id: organisationId },
      details: { credentialsErased },
    });
  });
}
