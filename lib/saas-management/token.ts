import { z } from "zod";
import { later, upstream } from "#lib/http/failures";
import { parseRetryAfter } from "#lib/http/retry";
import {
  type Fetch,
  type HttpLimits,
  openResponse,
  parseJson,
  readText,
  smallBodyBytes,
} from "#lib/http/transport";
import { classifyTokenError } from "./errors.ts";
import type { SaasOrigins } from "./regions.ts";

/** What an organisation proves itself with: a person's refresh token or a service account. */
export type SaasCredential =
  | { readonly kind: "refresh-token"; readonly refreshToken: string }
  | {
      readonly kind: "service-account";
      readonly clientId: string;
      readonly clientSecret: string;
    };

export interface SaasTokenOptions {
  readonly origins: SaasOrigins;
  readonly credential: SaasCredential;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly limits: HttpLimits;
}

/** Access tokens last an hour; one is asked for anew five minutes before it ends, ms. */
const earlyMs = 5 * 60_000;

const tokenSchema = z.object({
  access_token: z.string().min(1).max(100_000),
  /** Seconds; also seen as text. */
  expires_in: z.coerce.number().positive().max(86_400).catch(3600),
});

const formOf = (credential: SaasCredential): string =>
  new URLSearchParams(
    credential.kind === "refresh-token"
      ? { grant_type: "refresh_token", refresh_token: credential.refreshToken }
      : {
          grant_type: "client_credentials",
          client_id: credential.clientId,
          client_secret: credential.clientSecret,
        },
  ).toString();

/** Gives a token from memory while it lasts; `fresh` asks anew. Callers at the same moment share one request. */
export type SaasTokens = (options: { fresh: boolean; signal: AbortSignal }) => Promise<string>;

/**
 * Source: developer.flexera.com "Authentication". One attempt: who needs the token asks again.
 * @throws UpstreamError of class credential, throttled or upstream.
 */
export function createSaasTokens(options: SaasTokenOptions): SaasTokens {
  let held: { readonly token: string; readonly until: number } | null = null;
  let pending: Promise<string> | null = null;

  async function ask(signal: AbortSignal): Promise<string> {
    const response = await openResponse(
      options.fetch,
      `${options.origins.login}/oidc/token`,
      {
        method: "POST",
        headers: {
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
        },
        body: formOf(options.credential),
        signal,
      },
      options.limits,
    );
    const retryAfterMs = parseRetryAfter(response.header("retry-after"), options.now());
    const body = parseJson(await readText(response, smallBodyBytes));
    if (response.status !== 200) {
      const oauthError = z.object({ error: z.string() }).safeParse(body).data?.error ?? null;
      throw classifyTokenError({ status: response.status, retryAfterMs, oauthError });
    }
    const parsed = tokenSchema.safeParse(body);
    if (!parsed.success) throw upstream("unreadable-response", later(), { status: 200 });
    const { access_token: token, expires_in: seconds } = parsed.data;
    held = { token, until: options.now() + seconds * 1000 - earlyMs };
    return token;
  }

  return async ({ fresh, signal }) => {
    signal.throwIfAborted();
    if (!fresh && held !== null && options.now() < held.until) return held.token;
    pending ??= ask(signal).finally(() => {
      pending = null;
    });
    return pending;
  };
}
