import { X509Certificate } from "node:crypto";
import { z } from "zod";
import type { SealedCredential } from "#db/queries/credentials";
import type { VerifiedConnection } from "#db/queries/verified-connection";
import { FailureError } from "#lib/domain/failure";
import type { AppCredential } from "#lib/microsoft/token-endpoint";
import type { WorkerPlatform } from "./context.ts";
import type { AppAccess } from "./microsoft-gateway.ts";
import { credentialBinding } from "./sealing.ts";

/** What is sealed for a certificate: PEM texts. For a client secret it is the secret itself. */
const certificatePlaintext = z.object({ certificate: z.string(), privateKey: z.string() });

/**
 * The app that speaks for a connection in a tenant, its credential opened. Worker only.
 * @throws FailureError class `credential`: `credential-missing`, `credential-unreadable`; class `system`:
 * `app-misconfigured` when this installation has no multi-tenant app in that cloud.
 */
export async function openAppAccess(
  platform: Pick<WorkerPlatform, "microsoft" | "opener">,
  connection: VerifiedConnection,
  target: { readonly tenantId: string; readonly credential: SealedCredential | null },
): Promise<AppAccess> {
  const { workspaceId, connectionId, cloud } = connection;
  const place = { workspaceId, connectionId, cloud, tenantId: target.tenantId };
  if (connection.method === "multi-tenant-app") {
    const app = platform.microsoft.multiTenantApp(cloud);
    if (!app) throw new FailureError({ class: "system", code: "app-misconfigured" });
    return { ...place, ...app, credentialVersion: "installation" };
  }
  const { credential } = target;
  const clientId = credential?.clientId ?? connection.clientId;
  if (!credential?.sealed || clientId === null) {
    throw new FailureError({ class: "credential", code: "credential-missing" });
  }
  const plaintext = await platform.opener.open(
    credential.sealed,
    credentialBinding({ ...credential, connectionId }),
  );
  return {
    ...place,
    clientId,
    credential: toAppCredential(credential.kind, plaintext),
    credentialVersion: String(credential.version),
  };
}

/** @throws FailureError `credential-unreadable` when a certificate's text is none. */
function toAppCredential(kind: "secret" | "certificate", plaintext: string): AppCredential {
  if (kind === "secret") return { kind, secret: plaintext };
  try {
    const { certificate, privateKey } = certificatePlaintext.parse(JSON.parse(plaintext));
    const { fingerprint256, validToDate: expiresAt } = new X509Certificate(certificate);
    const thumbprintSha256 = fingerprint256.replaceAll(":", "");
    return { kind, thumbprintSha256, privateKeyPem: privateKey, expiresAt };
  } catch {
    // The cause would quote the text.
    throw new FailureError({ class: "credential", code: "credential-unreadable" });
  }
}
