/** Where an organisation's SaaS Management account lives: North America, Europe, Asia-Pacific. */
export const saasRegions = ["na", "eu", "apac"] as const;
export type SaasRegion = (typeof saasRegions)[number];

export const saasRegionLabels = {
  na: "North America",
  eu: "Europe",
  apac: "Asia-Pacific",
} as const satisfies Record<SaasRegion, string>;

/** Domains people see in their browser's address line when they are signed in. */
export const saasRegionDomains = {
  na: "flexera.com",
  eu: "flexera.eu",
  apac: "flexera.au",
} as const satisfies Record<SaasRegion, string>;

/** What an organisation proves itself with: a person's refresh token or a service account. */
export const saasCredentialKinds = ["refresh-token", "service-account"] as const;
export type SaasCredentialKind = (typeof saasCredentialKinds)[number];

/** Each within a sentence. */
export const saasCredentialNames = {
  "refresh-token": "refresh token",
  "service-account": "service account's secret",
} as const satisfies Record<SaasCredentialKind, string>;

/** Organisation ids are numbers, as the address line shows them. */
export const organisationNumberPattern = /^\d{1,20}$/;

/** `twice`: alike both times, so that it is read once; `contradictory`: by listings that differ. */
export const applicationListings = ["once", "twice", "contradictory"] as const;
export type ApplicationListing = (typeof applicationListings)[number];

/** A Microsoft application of an organisation, as SaaS Management listed it. */
export interface ListedApplication {
  /** The managed application's number there. */
  readonly id: string;
  readonly name: string | null;
  /** The product it is an instance of, such as "Office 365". */
  readonly appName: string | null;
  /** False when the organisation stopped managing it; null = not told. */
  readonly active: boolean | null;
  /** The applications below it, no connections of their own; null = they could not be read. */
  readonly children: readonly { readonly id: string; readonly name: string | null }[] | null;
  /** How SaaS Management lists it; where two listings contradict each other, which one is right cannot be told. */
  readonly listed: ApplicationListing;
}

/**
 * The applications whose licenses and accounts are read together with those of one: those below it, and the one it is
 * below. Both connected by themselves would count the same people twice. Ids.
 */
export const readTogetherWith = (
  applications: readonly Pick<ListedApplication, "id" | "children">[],
  id: string,
): readonly string[] =>
  applications.flatMap((application) => {
    const below = (application.children ?? []).map((child) => child.id);
    if (application.id === id) return below;
    return below.includes(id) ? [application.id] : [];
  });

export type OrganisationCheckState = "queued" | "running" | "succeeded" | "failed";

/** `checking`: a credential is being verified for the first time; `unverified`: that failed or was never done. */
export type OrganisationStatus = "checking" | "unverified" | "ready" | "action-needed";

/** Where an organisation stands, from stored facts. A check of one that works disturbs nothing. */
export const organisationStatus = (facts: {
  /** A credential of it has worked once. */
  readonly verified: boolean;
  readonly problem: boolean;
  /** A check is under way. */
  readonly checking: boolean;
}): OrganisationStatus => {
  if (!facts.verified) return facts.checking ? "checking" : "unverified";
  return facts.problem ? "action-needed" : "ready";
};
