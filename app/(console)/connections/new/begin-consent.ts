import { cookies } from "next/headers";
import { consentCookieName } from "#lib/services/consent-secrets";
import type { Ctx } from "#lib/services/context";
import { startConsent } from "#lib/services/start-consent";

/**
 * Binds the way to Microsoft to this browser and tells its address. SameSite=Lax, because the way back is a top-level
 * navigation from another site. Source: reference/fault-catalogue.md §2 step 1.
 * @throws UseCaseError as `startConsent`.
 */
export async function beginConsent(
  ctx: Ctx,
  input: { readonly connectionId: string },
): Promise<{ readonly redirectUrl: string }> {
  const jar = await cookies();
  const held = jar.get(consentCookieName)?.value ?? null;
  const { redirectUrl, cookie } = await startConsent(ctx, input, held);
  jar.set({ ...cookie, path: "/", secure: true, httpOnly: true, sameSite: "lax" });
  return { redirectUrl };
}
