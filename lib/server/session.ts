import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession } from "next-auth";
import { cache } from "react";
import { webEnv } from "#lib/env";
import { findSession } from "#lib/services/find-session";
import { authOptions } from "./auth.ts";
import { webPlatform } from "./platform.ts";
import { safeReturnPath } from "./return-path.ts";

/** The signed-in member with their workspace, or null: the row is looked up anew for every request. */
export const findContext = cache(async () => {
  const session = await getServerSession(await authOptions());
  return session?.sid === undefined ? null : findSession(await webPlatform(), session.sid);
});

/** The signed-in member, or off to the sign-in page with the way back to this one. */
export async function requireContext() {
  const found = await findContext();
  if (found !== null) return found;
  const path = safeReturnPath((await headers()).get("x-path"));
  redirect(path === "/" ? "/sign-in" : `/sign-in?from=${encodeURIComponent(path)}`);
}

/** Throws the session cookie away. Its name and attributes follow next-auth's, which follow APP_URL's scheme. */
export async function clearSessionCookie(): Promise<void> {
  const secure = webEnv().appUrl.startsWith("https:");
  const name = `${secure ? "__Secure-" : ""}next-auth.session-token`;
  const jar = await cookies();
  for (const cookie of jar.getAll()) {
    if (cookie.name !== name && !cookie.name.startsWith(`${name}.`)) continue;
    jar.set({
      name: cookie.name,
      value: "",
      path: "/",
      maxAge: 0,
      httpOnly: true,
      sameSite: "lax",
      secure,
    });
  }
}
