import { randomUUID } from "node:crypto";
import type { OverQuota } from "../faults/quotas.ts";
import { type AccessToken, revokeTokens } from "../identity/access-token.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint, GraphCall } from "./endpoint.ts";
import { type GraphError, graphErrors } from "./errors.ts";

/** Faults that take the caller's access away in the middle of its work. */
export function endAccess({ store, tenant, token, situation }: GraphCall): void {
  const consent = tenant.faults.hit("consent-revoked", situation);
  if (consent) {
    const principal = tenant.servicePrincipals.get(token.appId);
    if (consent.how === "deleted") tenant.revokeConsent(token.appId);
    else if (principal) principal.enabled = false;
    revokeTokens(store, tenant);
  }
  const rotated = tenant.faults.hit("secret-rotated", situation);
  const app = rotated && store.apps.get(token.appId);
  if (!app) return;
  const id = app.secrets[0]?.id ?? randomUUID();
  store.addApp({ ...app, secrets: [{ id, value: rotated.secret, expiresAt: null }] });
  if (rotated.tokens === "revoked") revokeTokens(store, tenant);
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** The limits of reference §4.2 that the knobs switch on. */
export function overQuota(
  { tenant, situation }: GraphCall,
  latencyMs: number,
): OverQuota | undefined {
  const { knobs, quotas } = tenant;
  const { stream, endpoint } = situation;
  const limited = (name: string, requests: number | null, windowMs: number) =>
    requests === null ? undefined : quotas.take(name, { requests, windowMs }, latencyMs);
  if (stream === "usage" && endpoint !== "reportSettings")
    return limited(endpoint, knobs.reportLimit, 10 * MINUTE_MS);
  if (stream !== "sign-ins") return undefined;
  return (
    limited("sign-ins, short", knobs.reportingLimit, 10 * SECOND_MS) ??
    limited("sign-ins, long", knobs.signInLimit, MINUTE_MS)
  );
}

/** Everything that refuses a request before its handler runs, in Graph's order: token, permission, license, page token. */
export function refusal(
  { tenant, token, situation, position }: GraphCall,
  endpoint: Endpoint,
): GraphError | undefined {
  const { faults } = tenant;
  if (token.serial <= tenant.revokedUpTo.serial) return graphErrors.tokenRevoked();
  if (faults.hit("unauthorized", situation)) return graphErrors.tokenExpired();
  const forbidden = faults.hit("forbidden", situation);
  if (forbidden) return { status: 403, code: forbidden.code, message: forbidden.message };
  if (!endpoint.permissions.some((permission) => token.permissions.has(permission)))
    return (endpoint.denied ?? graphErrors.denied)();
  if (situation.stream === "sign-ins") {
    if (!token.permissions.has("AuditLog.Read.All")) return graphErrors.auditLogMissing();
    if (!tenant.knobs.premium || faults.hit("nonpremium", situation))
      return graphErrors.nonPremium();
  }
  const lifetime = tenant.knobs.pageTokenLifetimeSeconds;
  const isOld = lifetime !== null && position && Date.now() - position.madeAt > lifetime * 1000;
  if (isOld || (situation.page > 1 && faults.hit("expired-page-token", situation)))
    return graphErrors.expiredPageToken();
  return undefined;
}

/** 429 with Microsoft's headers; `retryAfter` null = without that one. */
export function throttleError(
  code: string,
  retryAfter: string | null,
  token: AccessToken,
  tenant: Tenant,
): GraphError {
  return {
    status: 429,
    code,
    message: "Please retry again later.",
    headers: {
      ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
      "x-ms-throttle-scope": `Tenant_Application/ReadWrite/${token.appId}/${tenant.spec.id}`,
      "x-ms-throttle-information": "ResourceUnitLimitExceeded",
    },
  };
}
