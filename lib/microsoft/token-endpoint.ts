import { createPrivateKey } from "node:crypto";
import {
  AuthError,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from "@azure/msal-node";
import { FailureError } from "#lib/domain/failure";
import { type OriginMap, onOrigin } from "./clouds.ts";
import { later, UpstreamError, upstream } from "./failures.ts";
import {
  defaultLimits,
  type Fetch,
  type HttpLimits,
  openResponse,
  parseJson,
  readText,
} from "./http.ts";
import { oauthFailure } from "./oauth-errors.ts";
import { parseRetryAfter } from "./retry.ts";

/** What an app proves itself with. The thumbprint is SHA-256 of the DER certificate in hex without colons. */
export type AppCredential =
  | { readonly kind: "secret"; readonly secret: string }
  | {
      readonly kind: "certificate";
      readonly thumbprintSha256: string;
      readonly privateKeyPem: string;
    };

export interface TokenEndpointOptions {
  readonly origins: OriginMap;
  /** The tenant's GUID or domain; never `common`. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: AppCredential;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly limits?: Partial<HttpLimits>;
}

/** A refused call on its way through MSAL, which lets errors of its own family pass unchanged. */
class RefusedCall extends AuthError {
  readonly failure: UpstreamError;
  constructor(failure: UpstreamError) {
    super("refused_call", "", "");
    // AuthError resets the prototype to its own; without this no subclass is recognised.
    Object.setPrototypeOf(this, RefusedCall.prototype);
    this.failure = failure;
  }
}

/** The failure of the call behind what MSAL threw; null when MSAL could not use the answer. */
export const refusalOf = (error: unknown): UpstreamError | null =>
  error instanceof RefusedCall ? error.failure : null;

/**
 * An MSAL client for one app in one tenant. The authority stays the real https one, which MSAL knows without
 * discovery; only the transport goes to the configured origin. Source: reference/microsoft-graph.md §2.6, §2.7.
 *
 * A refused call is thrown at the transport, before MSAL could see it: MSAL would remember a throttled or failed
 * call for a minute and answer the next ones by itself, without a status.
 */
export function createMsalClient(options: TokenEndpointOptions): ConfidentialClientApplication {
  const { origins, tenantId, clientId, credential } = options;
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `https://${origins.loginHost}/${tenantId}`,
      ...(credential.kind === "secret"
        ? { clientSecret: credential.secret }
        : {
            clientCertificate: {
              thumbprintSha256: credential.thumbprintSha256,
              privateKey: credential.privateKeyPem,
            },
          }),
    },
    system: {
      networkClient: createNetworkClient(options),
      disableInternalRetries: true,
      loggerOptions: { piiLoggingEnabled: false, loggerCallback: () => undefined },
    },
  });
}

/**
 * Makes sure that the credential can be used before anything is sent.
 * @throws FailureError `credential-unreadable` for a key that cannot sign.
 */
export function checkCredential(credential: AppCredential): void {
  if (credential.kind === "certificate" && !isRsaKey(credential.privateKeyPem)) {
    throw new FailureError({ class: "credential", code: "credential-unreadable" });
  }
}

function isRsaKey(privateKeyPem: string): boolean {
  try {
    return createPrivateKey(privateKeyPem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

function createNetworkClient({
  origins,
  fetch,
  now,
  limits,
}: TokenEndpointOptions): INetworkModule {
  const bounds: HttpLimits = { ...defaultLimits, ...limits };
  async function call<T>(
    method: "GET" | "POST",
    url: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    try {
      const response = await openResponse(
        fetch,
        onOrigin(url, origins.login),
        {
          method,
          headers,
          signal: new AbortController().signal,
          ...(body === undefined ? {} : { body }),
        },
        bounds,
      );
      const parsed = parseJson(await readText(response, bounds.maxJsonBytes));
      if (response.status !== 200) {
        const retryAfterMs = parseRetryAfter(response.header("retry-after"), now());
        throw oauthFailure({ status: response.status, body: parsed, retryAfterMs });
      }
      if (parsed === undefined) throw upstream("unreadable-response", later(), { status: 200 });
      return { status: 200, headers: {}, body: asBody<T>(parsed) };
    } catch (error) {
      throw error instanceof UpstreamError ? new RefusedCall(error) : error;
    }
  }
  return {
    sendGetRequestAsync: (url, options) => call("GET", url, options),
    sendPostRequestAsync: (url, options) => call("POST", url, options),
  };
}

/** Safe: MSAL's interface lets the caller name the body's type; MSAL validates what it needs of it. */
const asBody = <T>(body: unknown): T => body as T;
