import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { endOpenChecks, requestCheckUnlessOpen } from "#db/queries/saas-checks";
import { insertSaasCandidate, nextSaasCredentialVersion } from "#db/queries/saas-credentials";
import type { OrganisationKey } from "#db/queries/saas-organisations";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import type { OrganisationCredential } from "./organisation-input.ts";
import { saasCredentialBinding } from "./sealing.ts";

/** The end of a credential as entered. @throws UseCaseError `invalid` when that is over already. */
export function endOf(credential: OrganisationCredential, now: Date): Date | null {
  if (credential.expiresAt === undefined) return null;
  const expiresAt = new Date(credential.expiresAt);
  if (expiresAt > now) return expiresAt;
  throw new UseCaseError("invalid", "The credential cannot be used.", {
    fields: { "credential.expiresAt": "This credential has expired already." },
  });
}

/**
 * Seals a credential as the organisation's next candidate and asks for its check, job included, in the transaction of a
 * caller that has locked the organisation. The active credential goes on until the candidate is verified.
 */
export async function saveOrganisationCandidate(
  tx: Tx,
  ctx: Ctx,
  organisationId: string,
  credential: OrganisationCredential,
): Promise<{ readonly checkId: string; readonly version: number }> {
  const { workspaceId, actor } = ctx;
  const { sealer, now } = ctx.platform;
  const key = { workspaceId, organisationId };
  const { kind } = credential;
  const expiresAt = endOf(credential, now());
  const version = await nextSaasCredentialVersion(tx, key);
  const id = randomUUID();
  const binding = saasCredentialBinding({ organisationId, credentialId: id, kind, version });
  await insertSaasCandidate(tx, {
    ...key,
    id,
    version,
    kind,
    sealed: await sealer.seal(plaintextOf(credential), binding),
    kid: sealer.kid,
    expiresAt,
    createdBy: actor.name,
  });
  await endOpenChecks(tx, key, { class: "system", code: "check-replaced" });
  return { checkId: await requestCheck(tx, ctx, key, id), version };
}

/** As lib/services/open-saas-client.ts opens it. */
function plaintextOf(credential: OrganisationCredential): string {
  switch (credential.kind) {
    case "refresh-token":
      return credential.refreshToken;
    case "service-account": {
      const { clientId, clientSecret } = credential;
      return JSON.stringify({ clientId, clientSecret });
    }
    default:
      return credential satisfies never;
  }
}

/**
 * Asks for a check and sends its job; with null of the credential in use. The caller has locked the organisation and
 * knows of no open one.
 */
export async function requestCheck(
  tx: Tx,
  ctx: Pick<Ctx, "platform" | "actor">,
  key: OrganisationKey,
  credentialId: string | null,
): Promise<string> {
  const { workspaceId } = key;
  const id = await requestCheckUnlessOpen(tx, {
    ...key,
    credentialId,
    requestedBy: ctx.actor.name,
  });
  if (id === undefined) throw new Error("the organisation is locked and has no open check");
  await ctx.platform.queue.send(tx, "saas-check", { workspaceId, id }, id);
  return id;
}
