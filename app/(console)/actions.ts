"use server";
import { redirect } from "next/navigation";
import { clearSessionCookie, findContext } from "#lib/server/session";
import { signOut } from "#lib/services/sign-out";

/** Ends the session row and the cookie; works all the same when the session is over already. */
export async function signOutAction(): Promise<void> {
  const found = await findContext();
  if (found !== null) await signOut(found.ctx);
  await clearSessionCookie();
  redirect("/signed-out");
}
