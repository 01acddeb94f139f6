import { createPrivateKey } from "node:crypto";
import {
  AuthError,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from "@azure/msal-node";
import { FailureError } from "#lib/domain/failure";
import { later, UpstreamError, upstream } from "#lib/http/failures";
import { parseRetryAfter } from "#lib/http/retry";
import {
  defaultLimits,
  type Fetch,
  type HttpLimits,
  openResponse,
  parseJson,
  readText,
  smallBodyBytes,
} from "#lib/http/transport";
import { type OriginMap, onOrigin } from "./clouds.ts";
import { oauthFailure } from "./oauth-errors.ts";

/** What an app proves itself with. The thumbprint is SHA-256 of the DER certificate in hex without colons. */
export type AppCredential =
  | { readonly kind: "secret"; readonly secret: string }
  | {
      readonly kind: "certificate";
      readonly thumbprintSha256: string;
      readonly privateKeyPem: string;
      /** When the certificate ends; null = not known. */
      readonly expiresAt: Date | null;
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
  /** Ends every call of this client; for one that serves a single request. */
  readonly signal?: AbortSignal;
}

/** Carries what our transport threw through MSAL, which lets errors of its own family pass unchanged. */
class TransportError extends AuthError {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    super("transport_error", "", "");
    // AuthError resets the prototype to its own; without this no subclass is recognised.
    Object.setPrototypeOf(this, TransportError.prototype);
    this.thrown = thrown;
  }
}

/**
 * What really went wrong behind MSAL's error: an UpstreamError of the call, an abort's reason, or an AuthError of MSAL
 * itself, which could not use the answer.
 */
export const errorBehind = (error: unknown): unknown =>
  error instanceof TransportError ? error.thrown : error;

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

const hasExpired = (credential: AppCredential, now: number): boolean =>
  credential.kind === "certificate" &&
  credential.expiresAt !== null &&
  credential.expiresAt.getTime() <= now;

/** Microsoft has one number for an unknown and an expired certificate: the certificate's own end tells them apart. */
const asExpired = (refused: UpstreamError): UpstreamError =>
  refused.failure.code === "certificate-rejected"
    ? new UpstreamError({ ...refused.failure, code: "certificate-expired" }, refused.retry)
    : refused;

function createNetworkClient(options: TokenEndpointOptions): INetworkModule {
  const { origins, credential, fetch, now, limits, signal } = options;
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
          signal: signal ?? new AbortController().signal,
          ...(body === undefined ? {} : { body }),
        },
        bounds,
      );
      const parsed = parseJson(await readText(response, smallBodyBytes));
      if (response.status !== 200) {
        const retryAfterMs = parseRetryAfter(response.header("retry-after"), now());
        const refused = oauthFailure({ status: response.status, body: parsed, retryAfterMs });
        throw hasExpired(credential, now()) ? asExpired(refused) : refused;
      }
      if (parsed === undefined) throw upstream("unreadable-response", later(), { status: 200 });
      return { status: 200, headers: {}, body: asBody<T>(parsed) };
    } catch (error) {
      throw new TransportError(error);
    }
  }
  return {
    sendGetRequestAsync: (url, options) => call("GET", url, options),
    sendPostRequestAsync: (url, options) => call("POST", url, options),
  };
}

/** Safe: MSAL's interface lets the caller name the body's type; MSAL validates what it needs of it. */
const asBody = <T>(body: unknown): T => body as T;
