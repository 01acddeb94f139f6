import type { Metadata } from "next";
import { cookies } from "next/headers";
import { HandOffOutcome } from "#components/hand-off/hand-off-outcome";
import { webPlatform } from "#lib/server/platform";
import { consentCookieName, handOffCookieName, isSecret } from "#lib/services/consent-secrets";
import { getHandedOffProof } from "#lib/services/get-handed-off-proof";

export const metadata: Metadata = { title: "Approval of a tenant" };

/** Where an administrator who came with a hand-off link ends. Public: the browser's cookie is the only key. */
export default async function HandOffDonePage() {
  const jar = await cookies();
  const platform = await webPlatform();
  const outcome = await getHandedOffProof(platform, jar.get(consentCookieName)?.value ?? null);
  const token = jar.get(handOffCookieName)?.value ?? "";
  return (
    <HandOffOutcome outcome={outcome} requestHref={isSecret(token) ? `/connect/${token}` : null} />
  );
}
