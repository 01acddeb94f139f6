import type { Cloud } from "#lib/domain/connection";
import type { Read } from "#lib/domain/import";

/** Where one cloud lives. Hosts are host names, never URLs. Source: reference/microsoft-graph.md §1.5. */
export interface CloudHosts {
  readonly loginHost: string;
  readonly graphHost: string;
  readonly portalHost: string;
  /** Scope of an app-only Graph token. */
  readonly graphScope: string;
  /** Hosts that may serve a report file: each entry starts with a dot and matches any host below it. */
  readonly reportHostSuffixes: readonly string[];
}

const hosts: Record<Cloud, CloudHosts> = {
  global: {
    loginHost: "login.microsoftonline.com",
    graphHost: "graph.microsoft.com",
    portalHost: "portal.azure.com",
    graphScope: "https://graph.microsoft.com/.default",
    reportHostSuffixes: [".office.com"],
  },
  "us-gov-l4": {
    loginHost: "login.microsoftonline.us",
    graphHost: "graph.microsoft.us",
    portalHost: "portal.azure.us",
    graphScope: "https://graph.microsoft.us/.default",
    reportHostSuffixes: [],
  },
  "us-gov-l5": {
    loginHost: "login.microsoftonline.us",
    graphHost: "dod-graph.microsoft.us",
    portalHost: "portal.azure.us",
    graphScope: "https://dod-graph.microsoft.us/.default",
    reportHostSuffixes: [],
  },
  china: {
    loginHost: "login.partner.microsoftonline.cn",
    graphHost: "microsoftgraph.chinacloudapi.cn",
    portalHost: "portal.azure.cn",
    graphScope: "https://microsoftgraph.chinacloudapi.cn/.default",
    reportHostSuffixes: [],
  },
};

/** The real hosts of a cloud. */
export const hostsOf = (cloud: Cloud): CloudHosts => hosts[cloud];

/**
 * Whether a cloud has what a read asks for. Report settings, usage reports and Copilot are offered in the Global
 * cloud only; the reason elsewhere is `not-offered-in-cloud`. Source: reference/microsoft-graph.md §3.13, §3.14.
 */
export const isOffered = (cloud: Cloud, read: Read): boolean =>
  cloud === "global" || !(read === "report-settings" || read.startsWith("report:"));

/** Origins that replace Microsoft's own: a simulator, a proxy or a test. Plain http only for loopback. */
export interface OriginOverrides {
  readonly login?: string;
  readonly graph?: string;
  readonly portal?: string;
  /** Replaces the cloud's report hosts altogether. */
  readonly reportDownloads?: readonly string[];
}

/** The origins requests go to. `loginHost` stays the real one: authority, issuer and assertion audience name it. */
export interface OriginMap {
  readonly login: string;
  readonly graph: string;
  /** Where people administer the tenant; only ever linked to. */
  readonly portal: string;
  readonly loginHost: string;
  readonly reportDownloads: readonly string[];
  readonly reportHostSuffixes: readonly string[];
}

/**
 * The origins of a cloud with the configured replacements.
 * @throws TypeError when an override is no bare origin, or is plain http beyond loopback.
 */
export const originsOf = (cloud: Cloud, overrides: OriginOverrides = {}): OriginMap => ({
  login: bareOrigin(overrides.login ?? `https://${hosts[cloud].loginHost}`),
  graph: bareOrigin(overrides.graph ?? `https://${hosts[cloud].graphHost}`),
  portal: bareOrigin(overrides.portal ?? `https://${hosts[cloud].portalHost}`),
  loginHost: hosts[cloud].loginHost,
  reportDownloads: (overrides.reportDownloads ?? []).map(bareOrigin),
  reportHostSuffixes: overrides.reportDownloads ? [] : hosts[cloud].reportHostSuffixes,
});

function bareOrigin(value: string): string {
  const url = new URL(value);
  if (!isSafeScheme(url))
    throw new TypeError(`Origin must be https, or http on loopback: ${url.origin}`);
  if (url.username || url.password || url.search || url.hash || url.pathname !== "/") {
    throw new TypeError(`Origin must be scheme, host and port only: ${url.origin}`);
  }
  return url.origin;
}

/** https, or plain http to this machine. Source: reference/fault-catalogue.md §4 SSRF. */
export const isSafeScheme = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);

/** The same URL on another origin; path and query stay. */
export const onOrigin = (url: string, origin: string): string => {
  const { pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
};

/**
 * Whether a report file may be fetched from this URL: no user info, https (http for loopback), and a host the
 * installation or the cloud allows. Source: reference/microsoft-graph.md §3.12.
 */
export const mayDownloadFrom = (url: URL, origins: OriginMap): boolean =>
  isSafeScheme(url) &&
  !url.username &&
  !url.password &&
  (origins.reportDownloads.includes(url.origin) ||
    (url.protocol === "https:" &&
      url.port === "" &&
      origins.reportHostSuffixes.some((suffix) => url.hostname.endsWith(suffix))));
