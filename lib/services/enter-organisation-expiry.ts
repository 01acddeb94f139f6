import { z } from "zod";
import { listSaasCredentialFacts, recordSaasExpiry } from "#db/queries/saas-credentials";
import { lockOrganisation } from "#db/queries/saas-organisations";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { settleOrganisationExpiry } from "./settle-organisation.ts";

export const enterOrganisationExpiryInput = z.strictObject({
  organisationId: guid,
  /** It counts as over when that UTC day begins. */
  expiresOn: z.iso.date("Enter a day, such as 2027-05-31."),
});

/**
 * Enters when the credential an organisation uses ends, so that it can be warned of in time. Right: manage-credentials.
 * @throws UseCaseError `not-found`, `invalid`; `conflict` while none is in use.
 */
export async function enterOrganisationExpiry(
  ctx: Ctx,
  input: z.input<typeof enterOrganisationExpiryInput>,
): Promise<void> {
  requireRight(ctx, "manage-credentials");
  const { organisationId, expiresOn } = parseInput(enterOrganisationExpiryInput, input);
  const { workspaceId } = ctx;
  const key = { workspaceId, organisationId };
  await inWorkspace(ctx, async (tx) => {
    if ((await lockOrganisation(tx, key)) === undefined) throw notFound("organisation");
    const credential = (await listSaasCredentialFacts(tx, workspaceId)).get(organisationId);
    if (credential?.state !== "active") {
      throw new UseCaseError("conflict", "This organisation has no credential in use.");
    }
    const expiresAt = new Date(expiresOn);
    if (credential.expiresAt?.getTime() === expiresAt.getTime()) return;
    await recordSaasExpiry(tx, key, expiresAt);
    await settleOrganisationExpiry(tx, key);
    await auditChange(tx, ctx, {
      action: "organisation.expiry-entered",
      target: { kind: "organisation", id: organisationId },
      details: { from: credential.expiresAt?.toISOString() ?? null, to: expiresAt.toISOString() },
    });
  });
}
