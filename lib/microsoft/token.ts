import { AuthError } from "@azure/msal-node";
import { decodeJwt } from "jose";
import type { Cloud } from "#lib/domain/connection";
import { later, never, UpstreamError, upstream } from "#lib/http/failures";
import type { Fetch, HttpLimits } from "#lib/http/transport";
import { hostsOf, type OriginMap } from "./clouds.ts";
import {
  type AppCredential,
  checkCredential,
  createMsalClient,
  errorBehind,
} from "./token-endpoint.ts";

export interface TokenProviderOptions {
  readonly cloud: Cloud;
  readonly origins: OriginMap;
  /** GUID of the tenant the token is for. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: AppCredential;
  readonly fetch: Fetch;
  readonly now?: () => number;
  readonly limits?: Partial<HttpLimits>;
}

/** App-only tokens of one credential in one tenant; one provider per credential version. */
export interface TokenProvider {
  /**
   * A token for Graph, from memory while it is valid for five more minutes; `fresh` asks Entra.
   * @throws FailureError of class credential, tenant, throttled or upstream; UpstreamError says whether to ask again.
   */
  getToken(options?: { fresh?: boolean; signal?: AbortSignal }): Promise<string>;
  /** Forgets every token: after a rotation or a new consent. */
  dropTokens(): void;
  /** Forgets every token and gives none any more, to whoever still reads with it: after a disconnect. */
  close(): void;
}

/** Source: reference/microsoft-graph.md §2.1-§2.6. */
export function createTokenProvider(options: TokenProviderOptions): TokenProvider {
  const createClient = () => createMsalClient({ ...options, now: options.now ?? Date.now });
  let msal: ReturnType<typeof createClient> | null = null;
  let pending: { fresh: boolean; token: Promise<string> } | null = null;
  let closed = false;

  async function acquire(fresh: boolean): Promise<string> {
    checkCredential(options.credential);
    msal ??= createClient();
    const scopes = [hostsOf(options.cloud).graphScope];
    const result = await msal
      .acquireTokenByClientCredential({ scopes, skipCache: fresh })
      .catch((error: unknown) => {
        const behind = errorBehind(error);
        if (!(behind instanceof AuthError)) throw behind;
        throw upstream("unreadable-response", later(null, 2), {}, behind);
      });
    if (result?.accessToken) return result.accessToken;
    throw upstream("unreadable-response", later());
  }

  return {
    getToken: async ({ fresh = false, signal } = {}) => {
      signal?.throwIfAborted();
      if (closed) throw new UpstreamError({ class: "tenant", code: "disconnected" }, never);
      if (!pending || (fresh && !pending.fresh)) {
        const token = acquire(fresh);
        const mine = { fresh, token };
        pending = mine;
        const settle = () => {
          if (pending === mine) pending = null;
        };
        token.then(settle, settle);
      }
      return pending.token;
    },
    dropTokens: () => {
      msal = null;
      pending = null;
    },
    close: () => {
      closed = true;
      msal = null;
      pending = null;
    },
  };
}

/**
 * The application permissions in a token; empty for a token without the claim, which Entra issues when nothing was
 * granted yet. Read without verification: Graph decides, this only explains. Source: reference/microsoft-graph.md §2.3.
 */
export function rolesOf(token: string): readonly string[] {
  const { roles } = claimsOf(token);
  return Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [];
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}
