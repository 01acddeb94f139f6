import type { Read } from "#lib/domain/import";
import { never, upstream } from "#lib/http/failures";
import { mayDownloadFrom } from "./clouds.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import type { GraphClient, GraphRequest } from "./graph-client.ts";
import type { PacedRequest } from "./pacing.ts";
import { reportSpecs } from "./report-catalog.ts";
import { reportSettingsWire } from "./wire/resources.ts";
import { isRecord } from "./wire/scalars.ts";

/** What is tried, in the order it is shown. */
export const verifiedEndpoints = [
  "organization",
  "subscribed-skus",
  "users",
  "company-subscriptions",
  "groups",
  "deleted-users",
  "sign-ins",
  "report-settings",
  "usage-report",
] as const;
export type VerifiedEndpoint = (typeof verifiedEndpoints)[number];

/** One request that shows whether a read works. */
export interface Probe {
  readonly read: Read;
  readonly endpoint: Pick<Endpoint, "service" | "permission" | "consistencyLevel"> & PacedRequest;
  readonly mandatory: boolean;
  readonly url: string;
}

const one = (endpoint: Endpoint): string => {
  const query = endpoint.pageSize === null ? endpoint.query : `${endpoint.query}&$top=1`;
  return query === "" ? endpoint.path : `${endpoint.path}?${query}`;
};

const probeOf = (read: Read, endpoint: Endpoint, mandatory = false): Probe => ({
  read,
  endpoint,
  mandatory,
  url: one(endpoint),
});

/** The requests of a verification: the import's own, at one row. */
export const probes: Readonly<Record<VerifiedEndpoint, Probe>> = {
  organization: probeOf("organization", endpoints.organization, true),
  "subscribed-skus": probeOf("subscribed-skus-first", endpoints.subscribedSkus, true),
  users: probeOf("users", endpoints.users, true),
  "company-subscriptions": probeOf("company-subscriptions", endpoints.subscriptions),
  groups: probeOf("groups", endpoints.groups),
  "deleted-users": probeOf("deleted-users", endpoints.deletedUsers),
  "sign-ins": probeOf("sign-ins", endpoints.signIns),
  "report-settings": probeOf("report-settings", endpoints.reportSettings),
  "usage-report": {
    read: "report:active-users",
    endpoint: {
      service: "usage-reports",
      operation: "active-users",
      permission: "Reports.Read.All",
    },
    mandatory: false,
    url: reportSpecs["active-users"].path,
  },
};

/** A body of the shape an import reads. */
export async function probeJson(
  client: GraphClient,
  request: GraphRequest,
  name: VerifiedEndpoint,
): Promise<unknown> {
  const body = await client.getJson(request);
  const readable =
    name === "report-settings"
      ? reportSettingsWire.safeParse(body).success
      : isRecord(body) && Array.isArray(body.value);
  if (!readable) throw upstream("unreadable-response", never, { status: 200 });
  return body;
}

/** Where the file would be, without fetching it. A day without a report is no fault of the connection. */
export async function probeReport(client: GraphClient, request: GraphRequest): Promise<void> {
  const location = await client.getRedirect(request);
  if (location === null) return;
  const url = URL.canParse(location) ? new URL(location) : null;
  if (!url || !mayDownloadFrom(url, client.origins)) {
    throw upstream("report-host-refused", never, { facts: { host: url?.host ?? "?" } });
  }
}
