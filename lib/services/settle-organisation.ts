import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import { listSaasCredentialFacts } from "#db/queries/saas-credentials";
import { findOrganisation, type OrganisationKey } from "#db/queries/saas-organisations";
import { expiryStage } from "#lib/domain/credential-expiry";
import { raiseAlert, resolveAlert } from "./raise-alert.ts";

/**
 * One alert while the credential an organisation uses is near its end or past it; none otherwise, nor where the end is
 * not known. The database's clock decides. To be called whenever the credential, or the time, may have changed it.
 */
export async function settleOrganisationExpiry(tx: Tx, key: OrganisationKey): Promise<void> {
  const { workspaceId, organisationId } = key;
  const kind = "organisation-credential-expiry";
  const organisation = await findOrganisation(tx, key);
  const credential = (await listSaasCredentialFacts(tx, workspaceId)).get(organisationId);
  const expiresAt = credential?.state === "active" ? credential.expiresAt : null;
  const stage = expiresAt === null ? null : expiryStage(expiresAt, await databaseNow(tx));
  if (!organisation || !credential || expiresAt === null || stage === null) {
    await resolveAlert(tx, workspaceId, { kind, subject: organisationId });
    return;
  }
  await raiseAlert(tx, workspaceId, {
    kind,
    organisationId,
    name: organisation.name,
    credential: credential.kind,
    expiresAt: expiresAt.toISOString(),
    stage,
  });
}
