import type { FailureClass } from "./failure.ts";

/** What an answer of Microsoft's login means to us: the class decides, the code picks the help text. */
export interface OAuthFinding {
  readonly class: FailureClass;
  readonly code: string;
}

const finding = (failureClass: FailureClass, code: string): OAuthFinding => ({
  class: failureClass,
  code,
});

const secretWrong = finding("credential", "secret-wrong");
const certificateRejected = finding("credential", "certificate-rejected");
const clockSkew = finding("credential", "clock-skew");
const appNotInTenant = finding("credential", "app-not-in-tenant");
const tenantNotFound = finding("tenant", "tenant-not-found");
const otherCloud = finding("tenant", "tenant-other-cloud");
const conditionalAccess = finding("upstream", "conditional-access");
const microsoftUnavailable = finding("upstream", "upstream-error");
const needsAdministrator = finding("permission", "consent-needs-administrator");
const appMisconfigured = finding("system", "app-misconfigured");
const wrongAccount = finding("tenant", "account-not-in-tenant");

/** AADSTS numbers by meaning. Source: reference/microsoft-graph.md §1.4. */
const byNumber: ReadonlyMap<number, OAuthFinding> = new Map([
  [65004, finding("permission", "consent-declined")],
  [65001, finding("credential", "consent-revoked")],
  [90094, needsAdministrator],
  [90095, needsAdministrator],
  [50011, appMisconfigured],
  [700016, appNotInTenant],
  [7000229, appNotInTenant],
  [7000112, finding("credential", "app-disabled")],
  [7000215, secretWrong],
  [7000222, finding("credential", "secret-expired")],
  [7000218, appMisconfigured],
  [700027, certificateRejected],
  [700030, certificateRejected],
  [50012, certificateRejected],
  [500133, clockSkew],
  [50013, clockSkew],
  [90002, tenantNotFound],
  [900023, tenantNotFound],
  [5000224, finding("tenant", "tenant-blocked")],
  [90038, otherCloud],
  [900382, otherCloud],
  [900432, otherCloud],
  [500011, appMisconfigured],
  [70011, appMisconfigured],
  [53003, conditionalAccess],
  [530032, conditionalAccess],
  [50196, appMisconfigured],
  [90055, finding("throttled", "throttled")],
  [90033, microsoftUnavailable],
  [90006, microsoftUnavailable],
  [90024, microsoftUnavailable],
  [90012, microsoftUnavailable],
  [650051, microsoftUnavailable],
  [650052, appMisconfigured],
  [650056, appMisconfigured],
  [50105, wrongAccount],
  [50020, wrongAccount],
  [50034, wrongAccount],
]);

/** The numbers this table knows, for a check against the reference. */
export const knownAadstsNumbers: readonly number[] = [...byNumber.keys()];

const tokenRefused = finding("credential", "token-refused");

const byError: ReadonlyMap<string, OAuthFinding> = new Map([
  ["invalid_client", tokenRefused],
  ["unauthorized_client", tokenRefused],
  ["invalid_grant", tokenRefused],
  ["interaction_required", tokenRefused],
  ["invalid_request", finding("upstream", "bad-request")],
  ["invalid_resource", appMisconfigured],
  ["invalid_scope", appMisconfigured],
  ["unsupported_grant_type", appMisconfigured],
  ["temporarily_unavailable", microsoftUnavailable],
  ["server_error", microsoftUnavailable],
  ["access_denied", finding("permission", "consent-declined")],
  ["permission_denied", finding("permission", "consent-declined")],
  ["consent_required", finding("permission", "consent-declined")],
]);

/**
 * Classifies a refusal of Microsoft's login from its OAuth `error` and its AADSTS numbers (`error_codes`), never from
 * its description. The first number the table knows decides; without one the OAuth error does; what neither knows is a
 * refused token. `status` tells a throttled answer apart. Source: reference/microsoft-graph.md §1.4,
 * fault-catalogue §1, B16.
 */
export const classifyOAuthError = (
  error: string | null,
  numbers: readonly number[],
  status?: number,
): OAuthFinding => {
  for (const number of numbers) {
    const known = byNumber.get(number);
    if (known !== undefined) return known;
  }
  if (status === 429) return finding("throttled", "throttled");
  const known = error === null ? undefined : byError.get(error);
  if (known !== undefined) return known;
  return status !== undefined && status >= 500 ? microsoftUnavailable : tokenRefused;
};
