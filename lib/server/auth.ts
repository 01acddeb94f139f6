import type { NextAuthOptions, Profile } from "next-auth";
import { webEnv } from "#lib/env";
import { findSession } from "#lib/services/find-session";
import { signIn } from "#lib/services/sign-in";
import { signOut } from "#lib/services/sign-out";
import { toSignIn } from "./claims.ts";
import { log } from "./log.ts";
import { webPlatform } from "./platform.ts";

declare module "next-auth" {
  interface Session {
    /** Id of the revocable session row. */
    sid?: string;
  }
  interface User {
    /** Travels from the decision in `signIn` to the cookie in `jwt`, on the same object. */
    sid?: string;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    sid?: string;
  }
}

/** Sessions end with their row after 12 hours; the cookie needs to live no longer. Seconds. */
const sessionSeconds = 12 * 3600;

/** next-auth over Entra ID. The cookie holds {sid, sub, name} and no token. Source: reference/stack-notes.md §3. */
export async function authOptions(): Promise<NextAuthOptions> {
  const { signIn: registration, nextAuthSecret } = webEnv();
  const { config } = await webPlatform();
  const issuer = `${config.originsOf("global").login}/${registration.tenantId}/v2.0`;
  return {
    secret: nextAuthSecret,
    session: { strategy: "jwt", maxAge: sessionSeconds },
    pages: { signIn: "/sign-in", signOut: "/signed-out", error: "/refused" },
    providers: [
      {
        id: "azure-ad",
        name: "Microsoft",
        type: "oauth",
        wellKnown: `${issuer}/.well-known/openid-configuration`,
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        authorization: { params: { scope: "openid profile email", prompt: "select_account" } },
        client: { token_endpoint_auth_method: "client_secret_post" },
        clientId: registration.clientId,
        clientSecret: registration.clientSecret,
        profile: (profile: Profile) => {
          const { tid, oid, name } = toSignIn(profile);
          return { id: `${tid}.${oid}`, name };
        },
      },
    ],
    callbacks: {
      signIn: async ({ user, profile }) => admit(user, profile),
      jwt: ({ token, user }) =>
        user === undefined
          ? token
          : {
              sub: token.sub ?? user.id,
              name: user.name ?? null,
              ...(user.sid === undefined ? {} : { sid: user.sid }),
            },
      session: ({ session, token }) => ({
        ...session,
        ...(token.sid === undefined ? {} : { sid: token.sid }),
      }),
      redirect: ({ url, baseUrl }) => sameOrigin(url, baseUrl),
    },
    events: { signOut: async ({ token }) => revoke(token?.sid) },
    logger: {
      error: (code, metadata) => log.error({ code, err: causeOf(metadata) }, "sign-in"),
      warn: (code) => log.warn({ code }, "sign-in"),
      debug: () => {},
    },
  };
}

/** Decides here, because only this callback can choose the page a refusal ends on. Returns an address or true. */
async function admit(user: { sid?: string }, profile: Profile | undefined): Promise<string | true> {
  try {
    const outcome = await signIn(await webPlatform(), toSignIn(profile));
    if (outcome.kind !== "ok") return `/refused?reason=${outcome.kind}`;
    user.sid = outcome.sessionId;
    return true;
  } catch (error) {
    log.error({ err: error }, "sign-in");
    return "/refused?reason=unavailable";
  }
}

/** Ends the session row of a cookie that is being thrown away. */
async function revoke(sid: string | undefined): Promise<void> {
  if (sid === undefined) return;
  const found = await findSession(await webPlatform(), sid);
  if (found !== null) await signOut(found.ctx);
}

const sameOrigin = (url: string, baseUrl: string): string =>
  URL.parse(url, baseUrl)?.origin === baseUrl ? new URL(url, baseUrl).href : baseUrl;

const causeOf = (metadata: unknown): unknown =>
  metadata instanceof Error
    ? metadata
    : typeof metadata === "object" && metadata !== null && "error" in metadata
      ? metadata.error
      : undefined;
