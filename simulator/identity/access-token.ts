import { randomBytes } from "node:crypto";
import { cloudFacts } from "../clouds.ts";
import { cloudOf, type Store } from "../store/store.ts";
import type { ServicePrincipal, Tenant } from "../store/tenant.ts";

/** Audience of the Graph tokens of a tenant's cloud. */
export const graphResourceOf = (tenant: Tenant): string =>
  cloudFacts[cloudOf(tenant)].graphResource;

/** What Graph needs to know of a verified token. */
export type AccessToken = {
  tenantId: string;
  appId: string;
  permissions: ReadonlySet<string>;
  serial: number;
};

/**
 * An app-only Graph token (v1 claims, reference §2.3). Without a granted permission it carries no `roles` claim at all;
 * so do the first tokens after consent while `tokensWithoutRoles` lasts.
 */
export async function issueAccessToken(
  store: Store,
  tenant: Tenant,
  principal: ServicePrincipal,
  appName: string,
  appidacr: "1" | "2",
): Promise<string> {
  const replicating = principal.tokensWithoutRoles > 0;
  if (replicating) principal.tokensWithoutRoles -= 1;
  const roles = replicating ? [] : [...principal.permissions];
  const now = Math.floor(Date.now() / 1000);
  const issuer = `${cloudFacts[cloudOf(tenant)].tokenIssuer}/${tenant.spec.id}/`;
  return store.keys.sign({
    aud: graphResourceOf(tenant),
    iss: issuer,
    iat: now,
    nbf: now,
    exp: now + tenant.knobs.tokenLifetimeSeconds,
    aio: randomBytes(24).toString("base64"),
    app_displayname: appName,
    appid: principal.clientId,
    appidacr,
    idp: issuer,
    idtyp: "app",
    oid: principal.objectId,
    rh: `1.A${randomBytes(16).toString("base64url")}.`,
    ...(roles.length > 0 ? { roles } : {}),
    sub: principal.objectId,
    tid: tenant.spec.id,
    uti: `${store.nextTokenSerial()}.${randomBytes(12).toString("base64url")}`,
    ver: "1.0",
  });
}

/** Revokes every token issued to the tenant so far: Graph answers 401 until a new one is asked for. */
export function revokeTokens(store: Store, tenant: Tenant): void {
  tenant.revokedUpTo.serial = store.nextTokenSerial();
}

/** Verifies signature, expiry and audience. Throws when the token is not one for the Graph of the store's cloud. */
export async function readAccessToken(store: Store, token: string): Promise<AccessToken> {
  const payload = await store.keys.verify(token, cloudFacts[store.cloud].graphResource);
  const roles = Array.isArray(payload.roles) ? payload.roles.map(String) : [];
  return {
    tenantId: String(payload.tid),
    appId: String(payload.appid),
    permissions: new Set(roles),
    serial: Number.parseInt(String(payload.uti), 10),
  };
}
