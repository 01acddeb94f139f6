import type { CloudName } from "./clouds.ts";
import type { AppRegistration } from "./types.ts";

/**
 * The registrations and tenants of the demo, with fixed ids: the demo, the tests and the documentation name them.
 * Nothing here is a secret; these credentials open the simulator only.
 */

/** Ids of the tenants of the set `demo`. */
export const tenantIds = {
  contoso: "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01",
  fabrikam: "fab21ca0-5e8f-4b7d-8c31-2d9e4f6a7b02",
  northwind: "0a7b0172-6c4d-4e9f-b820-9f3a5c1d8e03",
  /** In the US Government L4 cloud. */
  litware: "117a4a7e-3c5d-4e6f-8a9b-0c1d2e3f4a06",
  /** Where the console's people sign in. */
  woodgrove: "30d6c20e-2b7a-4f18-a9d4-5c8e1f7b3a04",
  /** A tenant the console does not let in. */
  tailspin: "7a115b1a-8e4c-4d2f-9b63-1f0a7c5e9d05",
} as const;

/** Client ids and secrets of the registrations of the set `demo`. */
export const credentials = {
  signIn: {
    clientId: "51610000-4a3b-4c2d-8e1f-90ab12cd34e1",
    secretId: "8f0d2c11-7b5e-4a93-b1c7-2e6d90f4a511",
    secret: "sim8Q~console-sign-in-secret-of-the-simulator",
  },
  multiTenantApp: {
    clientId: "5ea7ed6e-1234-4b5c-9d6e-7f8091a2b3c2",
    secretId: "1c9b7e52-3d84-4f60-a2e5-6b7f81d0c322",
    secret: "sim8Q~multi-tenant-app-secret-of-the-simulator",
  },
  /** The multi-tenant app's registration at the US Government login, for L4 and L5. */
  usGovApp: {
    clientId: "6f09ed6e-4321-4d5c-8e6f-90a1b2c3d4e5",
    secretId: "2e8c7a41-5d93-4b60-8f17-3a6b9c0d1e2f",
    secret: "sim8Q~us-gov-multi-tenant-app-secret-of-the-simulator",
  },
  contosoApp: {
    clientId: "c0a7a111-5678-4d9e-8f01-23456789abc3",
    secretId: "d47e5a90-6f21-4c38-9b04-8a5c3e17f233",
    secret: "sim8Q~contoso-registered-app-secret-of-the-simulator",
  },
} as const;

/** Permissions the multi-tenant app asks for: two mandatory, four optional (reference §3.1). */
export const requestedPermissions = [
  "Organization.Read.All",
  "User.Read.All",
  "GroupMember.Read.All",
  "AuditLog.Read.All",
  "Reports.Read.All",
  "ReportSettings.Read.All",
] as const;

/** Paths of the redirect URIs (DESIGN §6). */
const redirectPaths = {
  signIn: "/api/auth/callback/azure-ad",
  consent: "/connect/consent",
  proof: "/connect/proof",
} as const;

const at = (appUrls: readonly string[], ...paths: string[]) =>
  appUrls.flatMap((url) => paths.map((path) => new URL(path, url).href));

const common = {
  publisher: "Woodgrove Asset Management",
  homeTenantId: tenantIds.woodgrove,
  audience: "multiple" as const,
  certificates: [],
};

const multiTenantApp = (
  appUrls: readonly string[],
  ids: { clientId: string; secretId: string; secret: string },
): AppRegistration => ({
  ...common,
  clientId: ids.clientId,
  name: "Seatledger",
  redirectUris: at(appUrls, redirectPaths.consent, redirectPaths.proof),
  secrets: [{ id: ids.secretId, value: ids.secret, expiresAt: null }],
  permissions: requestedPermissions,
  groupMembershipClaims: "DirectoryRole",
  idTokenIssuer: "microsoft",
  offersOtherTenants: false,
});

/** The registrations of the same installation at the logins beside Global's; China has none. */
export const nationalApps = (
  appUrls: readonly string[],
): Partial<Record<CloudName, readonly AppRegistration[]>> => ({
  "us-gov-l4": [multiTenantApp(appUrls, credentials.usGovApp)],
});

/** The two registrations of a Seatledger installation that runs at `appUrls` (one or more base URLs). */
export function defaultApps(appUrls: readonly string[]): AppRegistration[] {
  return [
    {
      ...common,
      clientId: credentials.signIn.clientId,
      name: "Seatledger console",
      redirectUris: at(appUrls, redirectPaths.signIn),
      secrets: [
        { id: credentials.signIn.secretId, value: credentials.signIn.secret, expiresAt: null },
      ],
      permissions: [],
      groupMembershipClaims: "None",
      idTokenIssuer: "simulator",
      offersOtherTenants: true,
    },
    multiTenantApp(appUrls, credentials.multiTenantApp),
  ];
}

/** A registration inside a customer's tenant, as the portal steps of the method `registered-app` make it. */
export function registeredApp(
  tenantId: string,
  publisher: string,
  ids: { clientId: string; secretId: string; secret: string },
): AppRegistration {
  return {
    clientId: ids.clientId,
    name: "Seatledger reader",
    publisher,
    homeTenantId: tenantId,
    audience: "single",
    redirectUris: [],
    secrets: [{ id: ids.secretId, value: ids.secret, expiresAt: null }],
    certificates: [],
    permissions: requestedPermissions,
    groupMembershipClaims: "None",
    idTokenIssuer: "microsoft",
    offersOtherTenants: false,
  };
}
