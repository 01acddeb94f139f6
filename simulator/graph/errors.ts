/** A Graph error: HTTP status, `code`, `message` (reference §4.5). */
export type GraphError = {
  status: number;
  code: string;
  message: string;
  headers?: Record<string, string>;
};

/** Thrown by Graph handlers; the endpoint wrapper writes the body. */
export class GraphFailure extends Error {
  readonly detail: GraphError;
  constructor(detail: GraphError) {
    super(detail.message);
    this.detail = detail;
  }
}

/** The body of a Graph error. `date` has no zone suffix, as Microsoft writes it. */
export function graphErrorBody(error: GraphError, requestId: string, clientRequestId: string) {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    "request-id": requestId,
    "client-request-id": clientRequestId,
  };
  return { error: { code: error.code, message: error.message, innerError } };
}

const CHALLENGE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

const unauthorized = (message: string): GraphError => ({
  status: 401,
  code: "InvalidAuthenticationToken",
  message,
  headers: { "www-authenticate": CHALLENGE },
});

/** The errors Graph gives here, by name. */
export const graphErrors = {
  tokenMissing: () => unauthorized("Access token is empty."),
  tokenExpired: () => unauthorized("Lifetime validation failed, the token is expired."),
  tokenInvalid: () => unauthorized("Access token validation failure. Invalid audience."),
  tokenRevoked: () =>
    unauthorized(
      "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
    ),
  tenantUnknown: (): GraphError => ({
    status: 401,
    code: "Authorization_IdentityNotFound",
    message: "The identity of the calling application could not be established.",
  }),
  denied: (): GraphError => ({
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
  }),
  auditLogMissing: (): GraphError => ({
    status: 403,
    code: "Authentication_MSGraphPermissionMissing",
    message:
      "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview.",
  }),
  reportsDenied: (): GraphError => ({
    status: 403,
    code: "S2SUnauthorized",
    message: "Invalid permission.",
  }),
  nonPremium: (): GraphError => ({
    status: 403,
    code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    message: "Neither tenant is B2C or tenant doesn't have premium license",
  }),
  pageSize: (top: string): GraphError => ({
    status: 400,
    code: "Request_UnsupportedQuery",
    message: `Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`,
  }),
  signInPageSize: (max: number): GraphError => ({
    status: 400,
    code: "UnknownError",
    message: JSON.stringify({
      "@odata.context":
        "http://reportingservice.activedirectory.windowsazure.com/$metadata#Edm.String",
      value: `Cannot query data for more than ${max} users at a time.`,
    }),
  }),
  unknownProperty: (property: string, type: string): GraphError => ({
    status: 400,
    code: "BadRequest",
    message: `Parsing OData Select and Expand failed: Could not find a property named '${property}' on type 'microsoft.graph.${type}'.`,
  }),
  unsupportedQuery: (message: string): GraphError => ({
    status: 400,
    code: "Request_UnsupportedQuery",
    message,
  }),
  badRequest: (message: string): GraphError => ({
    status: 400,
    code: "Request_BadRequest",
    message,
  }),
  expiredPageToken: (): GraphError => ({
    status: 400,
    code: "Directory_ExpiredPageToken",
    message:
      "The specified page token value has expired and can no longer be included in your request.",
  }),
  notFound: (what: string): GraphError => ({
    status: 404,
    code: "Request_ResourceNotFound",
    message: `Resource '${what}' does not exist or one of its queried reference-property objects are not present.`,
  }),
  noSegment: (segment: string): GraphError => ({
    status: 400,
    code: "BadRequest",
    message: `Resource not found for the segment '${segment}'.`,
  }),
  reportJson: (): GraphError => ({
    status: 400,
    code: "UnknownError",
    message: JSON.stringify({ Message: "JSON format is not supported." }),
  }),
  reportPeriod: (value: string): GraphError => ({
    status: 400,
    code: "UnknownError",
    message: JSON.stringify({
      error: { code: "InvalidArgument", message: `Invalid period value specified: ${value}.` },
    }),
  }),
} as const;
