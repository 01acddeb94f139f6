import type { CloudName } from "./clouds.ts";
import type { ProfileName } from "./seed/profile.ts";

/** What a person may do in their directory; decides `wids` and who may consent. */
export type PersonRole =
  | "global-administrator"
  | "privileged-role-administrator"
  | "eligible-administrator"
  | "employee"
  | "guest";

/** Somebody who can sign in on the simulator's pages. Every person is also a user of the tenant's directory. */
export type Person = {
  /** Object id in this tenant = the Graph user id. */
  oid: string;
  givenName: string;
  surname: string;
  userPrincipalName: string;
  role: PersonRole;
  /** A line for the account picker. */
  note: string;
  /** Values of the console registration's app roles assigned to this person. */
  appRoles?: readonly string[];
  /** For guests: the tenant the account comes from. */
  guestOf?: string;
};

/** A client secret of a registration. `id` is the secret's ID, which people paste by mistake. */
export type ClientSecret = { id: string; value: string; expiresAt: string | null };

/** An app registration. */
export type AppRegistration = {
  clientId: string;
  name: string;
  publisher: string;
  homeTenantId: string;
  /** `multiple`: accounts of any organisation; `single`: the home tenant only. */
  audience: "single" | "multiple";
  /** Matched exactly. */
  redirectUris: readonly string[];
  secrets: readonly ClientSecret[];
  /** PEM certificates that may sign client assertions. */
  certificates: readonly string[];
  /** Graph application permissions asked for (`requiredResourceAccess`). */
  permissions: readonly string[];
  groupMembershipClaims: "None" | "DirectoryRole";
  /** Issuer of its ID tokens: the simulator's own origin, or Microsoft's as its clients expect when only the transport is swapped. */
  idTokenIssuer: "simulator" | "microsoft";
  /** Whether the account picker also offers people of other tenants on a tenant's own authority. */
  offersOtherTenants: boolean;
};

/** A simulated tenant. Everything else about it follows from the seed. */
export type TenantSpec = {
  id: string;
  /** The cloud it lives in; absent = Global. */
  cloud?: CloudName | undefined;
  name: string;
  /** Verified domains; the first is the initial `*.onmicrosoft.com` one, the second (when there) the default. */
  domains: readonly string[];
  seed: string;
  /** Accounts in the directory, 10 to 1 000 000, the people included. */
  size: number;
  /** Listed SKUs in all; absent = those of the profile. */
  skus?: number | undefined;
  /** Licenses per account on average, reached with SKUs beyond the profile's; absent = what the profile gives. */
  licensesPerUser?: number | undefined;
  profile: ProfileName;
  /** Whether the tenant has Entra ID P1 or P2 (sign-in activity). */
  premium: boolean;
  /** Whether usage reports conceal names. */
  concealedNames: boolean;
  countryLetterCode: string;
  people: readonly Person[];
  /** Registrations that live in this tenant. */
  apps: readonly AppRegistration[];
  /** Applications with a service principal and granted permissions from the start. */
  consents: readonly { clientId: string; permissions: readonly string[] }[];
};

/** Names of the streams, as in DESIGN §2, plus the token endpoint and the OpenID documents. */
export type Stream =
  | "organization"
  | "subscriptions"
  | "users"
  | "groups"
  | "deleted-users"
  | "sign-ins"
  | "usage"
  | "token"
  | "discovery";
