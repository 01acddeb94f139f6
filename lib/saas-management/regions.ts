import { type SaasRegion, saasRegionDomains } from "#lib/domain/saas-organisation";

/** Origins without a trailing slash. */
export interface SaasOrigins {
  /** Issues tokens at `/oidc/token`. */
  readonly login: string;
  /** Answers at `/saas/v1`. */
  readonly api: string;
}

/**
 * The region's two origins, or the one that replaces both (`SAAS_MANAGEMENT_ORIGIN`: simulator, proxy, test).
 * Source: developer.flexera.com "Authentication".
 */
export const originsOfRegion = (region: SaasRegion, replacement: string | null): SaasOrigins =>
  replacement === null
    ? {
        login: `https://login.${saasRegionDomains[region]}`,
        api: `https://api.${saasRegionDomains[region]}`,
      }
    : { login: replacement, api: replacement };
