import { createHash, randomBytes } from "node:crypto";
import { cloudFacts } from "../clouds.ts";
import type { PendingCode, Store } from "../store/store.ts";
import type { AppRegistration, PersonRole } from "../types.ts";

/** Role template ids as in `wids` (reference §2.9). */
const roleTemplates = {
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  privilegedRoleAdministrator: "e8611ab8-c189-46e8-94e1-60213ab1f814",
  user: "b79fbf4d-3ef9-4689-8143-76b194e85509",
  guestUser: "10dae51f-b6af-4016-8d66-8c2a99b929b3",
} as const;

/** Roles a person holds right now; an eligible role that was not activated is not among them. */
function activeRoles(role: PersonRole): string[] {
  switch (role) {
    case "global-administrator":
      return [roleTemplates.globalAdministrator, roleTemplates.user];
    case "privileged-role-administrator":
      return [roleTemplates.privilegedRoleAdministrator, roleTemplates.user];
    case "eligible-administrator":
    case "employee":
      return [roleTemplates.user];
    case "guest":
      return [roleTemplates.guestUser];
    default:
      return role satisfies never;
  }
}

/** Whether the person may consent for the whole organisation. */
export function mayConsent(role: PersonRole): boolean {
  return role === "global-administrator" || role === "privileged-role-administrator";
}

/** Issuer of ID tokens for a registration; `tenant` is a tenant id. */
function idTokenIssuer(store: Store, app: AppRegistration, tenant: string): string {
  const origin =
    app.idTokenIssuer === "simulator"
      ? store.origins.login
      : `https://${cloudFacts[store.cloud].loginHost}`;
  return `${origin}/${tenant}/v2.0`;
}

/** The v2 ID token of a sign-in (reference §2.9). */
export function issueIdToken(
  store: Store,
  app: AppRegistration,
  pending: PendingCode,
): Promise<string> {
  const { person, tenantId } = pending;
  const now = Math.floor(Date.now() / 1000);
  const scopes = new Set(pending.scope.split(" "));
  // The simulator's own issuer follows the authority, so that it equals the discovery document the client used.
  const authority =
    app.idTokenIssuer === "simulator" && store.findTenant(pending.authority)
      ? pending.authority
      : tenantId;
  return store.keys.sign({
    aud: app.clientId,
    iss: idTokenIssuer(store, app, authority),
    iat: now,
    nbf: now,
    exp: now + 3600,
    acct: person.role === "guest" ? 1 : 0,
    aio: randomBytes(24).toString("base64"),
    ...(person.guestOf ? { idp: `https://sts.windows.net/${person.guestOf}/` } : {}),
    ...(scopes.has("profile")
      ? {
          name: `${person.givenName} ${person.surname}`,
          oid: person.oid,
          preferred_username: person.userPrincipalName,
        }
      : {}),
    ...(scopes.has("email") ? { email: person.userPrincipalName } : {}),
    ...(pending.nonce === null ? {} : { nonce: pending.nonce }),
    rh: `1.A${randomBytes(16).toString("base64url")}.`,
    ...(person.appRoles?.length ? { roles: [...person.appRoles] } : {}),
    sub: createHash("sha256")
      .update(`${app.clientId}/${tenantId}/${person.oid}`)
      .digest("base64url"),
    tid: tenantId,
    uti: randomBytes(16).toString("base64url"),
    ver: "2.0",
    ...(app.groupMembershipClaims === "DirectoryRole" ? { wids: activeRoles(person.role) } : {}),
  });
}
