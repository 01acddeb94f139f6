import { cookies, headers } from "next/headers";
import { z } from "zod";
import { clientAddress } from "#lib/server/client-address";
import { consentCookieName, handOffCookieName } from "#lib/services/consent-secrets";
import type { Platform } from "#lib/services/context";
import { startHandOff } from "#lib/services/start-hand-off";

export const beginHandOffInput = z.strictObject({ token: z.string().max(200) });

/**
 * Binds the way to Microsoft to this browser and tells its address; a second cookie leads back to the link when the way
 * ends early. @throws UseCaseError as `startHandOff`.
 */
export async function beginHandOff(
  platform: Platform,
  { token }: z.output<typeof beginHandOffInput>,
): Promise<{ readonly redirectUrl: string }> {
  const jar = await cookies();
  const address = clientAddress(await headers());
  const held = jar.get(consentCookieName)?.value ?? null;
  const { redirectUrl, cookie } = await startHandOff(platform, { token, address }, held);
  for (const each of [cookie, { ...cookie, name: handOffCookieName, value: token }]) {
    jar.set({ ...each, path: "/", secure: true, httpOnly: true, sameSite: "lax" });
  }
  return { redirectUrl };
}
