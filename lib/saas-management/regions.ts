/** Where an organisation's account lives: North America, Europe, Asia-Pacific. */
export const saasRegions = ["na", "eu", "apac"] as const;
export type SaasRegion = (typeof saasRegions)[number];

/** Origins without a trailing slash. */
export interface SaasOrigins {
  /** Issues tokens at `/oidc/token`. */
  readonly login: string;
  /** Answers at `/saas/v1`. */
  readonly api: string;
}

const domains: Readonly<Record<SaasRegion, string>> = {
  na: "flexera.com",
  eu: "flexera.eu",
  apac: "flexera.au",
};

/**
 * The region's two origins, or the one that replaces both (`SAAS_MANAGEMENT_ORIGIN`: simulator, proxy, test).
 * Source: developer.flexera.com "Authentication".
 */
export const originsOfRegion = (region: SaasRegion, replacement: string | null): SaasOrigins =>
  replacement === null
    ? { login: `https://login.${domains[region]}`, api: `https://api.${domains[region]}` }
    : { login: replacement, api: replacement };
