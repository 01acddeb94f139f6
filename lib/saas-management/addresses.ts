import { never } from "#lib/http/failures";
import { saasUpstream } from "./errors.ts";
import type { SaasOrigins } from "./regions.ts";

const base = "/saas/v1";
/** Organisation ids are numbers; nothing else gets into a path. */
const organisation = /^\d{1,20}$/;
/** What would mean another path to the service than to us. */
const disguised = /%2e|%2f|%5c|\\|\p{Cc}|\p{Surrogate}/iu;

/** The organisation's part of the API. @throws UpstreamError `bad-request` for an id that is none. */
export function organisationPath(orgId: string): string {
  if (!organisation.test(orgId))
    throw saasUpstream("bad-request", never, { facts: { field: "orgId" } });
  return `${base}/orgs/${orgId}`;
}

/**
 * The absolute address of a link the service gave: a path below `/saas/v1`, or a full address there. The token goes to
 * the configured origin and the own organisation only.
 * @throws UpstreamError `link-refused`.
 */
export function followable(href: string, origins: SaasOrigins, orgId: string): string {
  const path = href.startsWith("/orgs/") ? base + href : href;
  const url =
    !disguised.test(href) && URL.canParse(path, origins.api) ? new URL(path, origins.api) : null;
  const host = url?.host.slice(0, 253) ?? "?";
  const refused = (reason: string) =>
    saasUpstream("link-refused", never, { facts: { host, reason } });
  if (url === null || url.origin !== origins.api) throw refused("origin");
  if (url.username !== "" || url.password !== "") throw refused("user-info");
  if (!url.pathname.startsWith(`${organisationPath(orgId)}/`)) throw refused("path");
  return url.href;
}
