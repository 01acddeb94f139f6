import { randomUUID } from "node:crypto";

/** An error of the login service: AADSTS number, OAuth `error`, HTTP status and text (reference §1.4, §2.2). */
export type AadError = {
  code: number;
  error: string;
  status: 400 | 401 | 403 | 429 | 503;
  message: string;
};

/** Thrown by checks of the login routes; one handler turns it into JSON or a page. */
export class AadFailure extends Error {
  readonly detail: AadError;
  constructor(detail: AadError) {
    super(detail.message);
    this.detail = detail;
  }
}

/** `2026-11-23 07:12:01Z` */
export function aadTimestamp(now = new Date()): string {
  return `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** The text of `error_description`, with the trailer Microsoft appends. */
export function aadDescription(
  detail: AadError,
  trace: string = randomUUID(),
  correlation: string = randomUUID(),
  timestamp = aadTimestamp(),
): string {
  return `AADSTS${detail.code}: ${detail.message}\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}\r\nTimestamp: ${timestamp}`;
}

/** The JSON body of a token error. */
export function aadErrorBody(detail: AadError, correlation: string = randomUUID()) {
  const trace = randomUUID();
  const timestamp = aadTimestamp();
  return {
    error: detail.error,
    error_description: aadDescription(detail, trace, correlation, timestamp),
    error_codes: [detail.code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${detail.code}`,
  };
}

/** The errors this simulator can give, by name. */
export const aad = {
  tenantNotFound: (tenant: string): AadError => ({
    code: 90002,
    error: "invalid_request",
    status: 400,
    message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  }),
  crossCloud: (): AadError => ({
    code: 900382,
    error: "invalid_request",
    status: 400,
    message: "Confidential Client is not supported in Cross Cloud request.",
  }),
  tenantMalformed: (tenant: string): AadError => ({
    code: 900023,
    error: "invalid_request",
    status: 400,
    message: `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  }),
  tenantUnavailable: (): AadError => ({
    code: 5000224,
    error: "invalid_request",
    status: 400,
    message: "The requested resource is not available.",
  }),
  missingParameter: (name: string): AadError => ({
    code: 900144,
    error: "invalid_request",
    status: 400,
    message: `The request body must contain the following parameter: '${name}'.`,
  }),
  unsupportedGrant: (): AadError => ({
    code: 70003,
    error: "unsupported_grant_type",
    status: 400,
    message: "The app requested an unsupported grant type.",
  }),
  unsupportedResponse: (): AadError => ({
    code: 70005,
    error: "unsupported_response_type",
    status: 400,
    message: "The app returned an unsupported response type.",
  }),
  challengeMethod: (): AadError => ({
    code: 501461,
    error: "invalid_request",
    status: 400,
    message: "The code_challenge_method parameter must be 'S256'.",
  }),
  loginRequired: (): AadError => ({
    code: 50058,
    error: "login_required",
    status: 400,
    message: "A silent sign-in request was sent but no user is signed in.",
  }),
  tenantUndetermined: (): AadError => ({
    code: 50059,
    error: "invalid_request",
    status: 400,
    message:
      "No tenant-identifying information found in either the request or implied by any provided credentials.",
  }),
  appNotFound: (clientId: string, tenant: string): AadError => ({
    code: 700016,
    error: "unauthorized_client",
    status: 400,
    message: `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  }),
  principalMissing: (clientId: string, tenantId: string): AadError => ({
    code: 7000229,
    error: "unauthorized_client",
    status: 400,
    message: `The client application ${clientId} is missing service principal in the tenant ${tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  }),
  principalDisabled: (clientId: string): AadError => ({
    code: 7000112,
    error: "unauthorized_client",
    status: 400,
    message: `Application '${clientId}' is disabled.`,
  }),
  credentialMissing: (): AadError => ({
    code: 7000218,
    error: "invalid_client",
    status: 401,
    message:
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  secretWrong: (clientId: string): AadError => ({
    code: 7000215,
    error: "invalid_client",
    status: 401,
    message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  }),
  secretExpired: (clientId: string): AadError => ({
    code: 7000222,
    error: "invalid_client",
    status: 401,
    message: `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  }),
  assertionUnknownKey: (): AadError => ({
    code: 700027,
    error: "invalid_client",
    status: 401,
    message:
      "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]",
  }),
  certificateExpired: (): AadError => ({
    code: 700027,
    error: "invalid_client",
    status: 401,
    message:
      "The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.]",
  }),
  assertionInvalid: (reason: string): AadError => ({
    code: 50012,
    error: "invalid_client",
    status: 401,
    message: `Client assertion is not valid: ${reason}.`,
  }),
  assertionTime: (): AadError => ({
    code: 500133,
    error: "invalid_grant",
    status: 400,
    message:
      "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.",
  }),
  scopeInvalid: (scope: string): AadError => ({
    code: 70011,
    error: "invalid_scope",
    status: 400,
    message: `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  }),
  resourceNotFound: (resource: string, tenant: string): AadError => ({
    code: 500011,
    error: "invalid_resource",
    status: 400,
    message: `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  }),
  throttled: (): AadError => ({
    code: 90055,
    error: "temporarily_unavailable",
    status: 429,
    message: "Tenant is throttled due to too many requests. Please retry later.",
  }),
  unavailable: (): AadError => ({
    code: 90033,
    error: "temporarily_unavailable",
    status: 503,
    message: "A transient error has occurred. Please try again.",
  }),
  replyMismatch: (uri: string, clientId: string): AadError => ({
    code: 50011,
    error: "invalid_request",
    status: 400,
    message: `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.`,
  }),
  adminConsentRequired: (): AadError => ({
    code: 90094,
    error: "access_denied",
    status: 403,
    message:
      "The grant requires admin permission. Ask an administrator to grant consent to this application.",
  }),
  declined: (): AadError => ({
    code: 65004,
    error: "consent_required",
    status: 400,
    message: "The resource owner or authorization server denied the request.",
  }),
  consentMissing: (clientId: string, name: string): AadError => ({
    code: 65001,
    error: "invalid_grant",
    status: 400,
    message: `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
  }),
  userNotInTenant: (user: string, tenant: string): AadError => ({
    code: 50020,
    error: "interaction_required",
    status: 400,
    message: `User account '${user}' from identity provider does not exist in tenant '${tenant}' and cannot access the application in that tenant.`,
  }),
  codeRedeemed: (): AadError => ({
    code: 54005,
    error: "invalid_grant",
    status: 400,
    message:
      "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  }),
  codeInvalid: (): AadError => ({
    code: 9002313,
    error: "invalid_grant",
    status: 400,
    message: "Invalid request. Request is malformed or invalid.",
  }),
  codeExpired: (): AadError => ({
    code: 70008,
    error: "invalid_grant",
    status: 400,
    message:
      "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  }),
  replyUnequal: (): AadError => ({
    code: 500112,
    error: "invalid_client",
    status: 400,
    message:
      "The reply address does not match the reply address provided when requesting Authorization code.",
  }),
  verifierMismatch: (): AadError => ({
    code: 501481,
    error: "invalid_grant",
    status: 400,
    message:
      "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
  }),
} as const;
