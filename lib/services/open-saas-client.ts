import { z } from "zod";
import { findSealedSaasCredential, type SealedSaasCredential } from "#db/queries/saas-credentials";
import { findOrganisation, type OrganisationKey } from "#db/queries/saas-organisations";
import { FailureError } from "#lib/domain/failure";
import type { SaasManagementClient } from "#lib/saas-management/client";
import type { SaasCredential } from "#lib/saas-management/token";
import type { WorkerPlatform } from "./context.ts";
import { saasCredentialBinding } from "./sealing.ts";

type Part = Pick<WorkerPlatform, "db" | "opener" | "saasManagement">;

/**
 * A client that reads with the organisation's active credential; tokens are asked for at the first read. Worker only.
 * @throws FailureError class `credential`: `saas-credential-missing` when none is in use (removed, or not verified yet),
 * `credential-unreadable`; the signal's reason.
 */
export async function openSaasClient(
  platform: Part,
  key: OrganisationKey,
  signal: AbortSignal,
): Promise<SaasManagementClient> {
  signal.throwIfAborted();
  const { organisation, sealed } = await platform.db.inWorkspace(key.workspaceId, async (tx) => ({
    organisation: await findOrganisation(tx, key),
    sealed: await findSealedSaasCredential(tx, key, null),
  }));
  if (organisation === undefined || sealed === undefined) throw missing();
  const credential = await openSaasCredential(platform, key.organisationId, sealed);
  const { region, orgId } = organisation;
  return platform.saasManagement.client({ region, orgId, credential });
}

/** What is sealed for a service account. For a refresh token it is the token itself. */
const serviceAccount = z.object({ clientId: z.string(), clientSecret: z.string() });

/** @throws FailureError class `credential`: `saas-credential-missing`, `credential-unreadable`. */
export async function openSaasCredential(
  { opener }: Pick<WorkerPlatform, "opener">,
  organisationId: string,
  row: SealedSaasCredential,
): Promise<SaasCredential> {
  if (row.sealed === null) throw missing();
  const text = await opener.open(row.sealed, saasCredentialBinding({ ...row, organisationId }));
  const { kind } = row;
  switch (kind) {
    case "refresh-token":
      return { kind, refreshToken: text };
    case "service-account":
      return { kind, ...parse(text) };
    default:
      return kind satisfies never;
  }
}

function parse(text: string): z.output<typeof serviceAccount> {
  try {
    return serviceAccount.parse(JSON.parse(text));
  } catch {
    // The cause would quote the text.
    throw new FailureError({ class: "credential", code: "credential-unreadable" });
  }
}

const missing = () => new FailureError({ class: "credential", code: "saas-credential-missing" });
