import type { Context } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import { type ReportName, reports } from "../reports/definitions.ts";
import { concealmentTold } from "../reports/document.ts";
import type { Endpoint, GraphAnswer, GraphCall } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";

/** What a download token holds, sealed. `expiresAt` in milliseconds. */
export type DownloadTicket = {
  tenantId: string;
  report: ReportName;
  period: string;
  expiresAt: number;
};

/** "A few minutes" (reference §3.12). */
const TICKET_LIFETIME_MS = 5 * 60_000;

const COPILOT: ReportName = "getMicrosoft365CopilotUsageUserDetail";
const WITHOUT_PARAMETERS: ReportName = "getOffice365ActivationsUserDetail";

/** `getX(period='D180')` taken apart; undefined when it is no function call. */
function parseCall(segment: string): { name: string; argument: string | null } | undefined {
  const match = decodeURIComponent(segment).match(/^(\w+)(?:\((.*)\))?$/);
  return match?.[1] === undefined ? undefined : { name: match[1], argument: match[2] ?? null };
}

function segmentOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `GET /reports/{function}` and `GET /copilot/reports/{function}`: a redirect to the pre-authenticated download. */
export const reportEndpoint: Endpoint = {
  stream: "usage",
  name: (c: Context<SimulatorEnv>) => parseCall(segmentOf(c.req.path))?.name ?? "reports",
  permissions: ["Reports.Read.All"],
  denied: graphErrors.reportsDenied,
  handle: redirectToDownload,
};

function redirectToDownload(call: GraphCall): GraphAnswer {
  const { tenant, url, query, store, situation } = call;
  const parsed = parseCall(segmentOf(url.pathname));
  const isCopilotPath = url.pathname.startsWith("/v1.0/copilot/");
  const name = Object.keys(reports).find(
    (known): known is ReportName => known.toLowerCase() === parsed?.name.toLowerCase(),
  );
  if (!parsed || !name || isCopilotPath !== (name === COPILOT))
    throw new GraphFailure(graphErrors.noSegment(parsed?.name ?? ""));
  if (query.get("$format")?.includes("json")) throw new GraphFailure(graphErrors.reportJson());
  const period = periodOf(name, parsed.argument);
  const expired = tenant.faults.hit("report-expired", situation) !== undefined;
  const ticket: DownloadTicket = {
    tenantId: tenant.spec.id,
    report: name,
    period,
    expiresAt: expired ? 0 : Date.now() + TICKET_LIFETIME_MS,
  };
  const origin = tenant.faults.hit("report-host", situation)?.origin ?? store.origins.reports;
  return {
    status: 302,
    headers: {
      location: `${origin}/data/v1.0/download?token=${store.sealer.seal(ticket)}`,
      "content-type": "text/plain",
    },
  };
}

/** The period of the call; reports by `date` are not simulated. Throws Graph's 400 for anything else. */
function periodOf(name: ReportName, argument: string | null): string {
  if (name === WITHOUT_PARAMETERS) {
    if (argument) throw new GraphFailure(graphErrors.noSegment(`${name}(${argument})`));
    return "D180";
  }
  const value = argument?.match(/^period='(\w+)'$/)?.[1];
  if (value === undefined) throw new GraphFailure(graphErrors.reportPeriod(argument ?? ""));
  const allowed =
    name === COPILOT ? ["D7", "D30", "D90", "D180", "ALL"] : ["D7", "D30", "D90", "D180"];
  if (!allowed.includes(value)) throw new GraphFailure(graphErrors.reportPeriod(value));
  return value;
}

/** `GET /admin/reportSettings` (reference §3.13). */
export const reportSettingsEndpoint: Endpoint = {
  stream: "usage",
  name: "reportSettings",
  permissions: ["ReportSettings.Read.All"],
  handle: ({ tenant, store }) => ({
    body: {
      "@odata.context": `${store.origins.graph}/v1.0/$metadata#admin/reportSettings/$entity`,
      displayConcealedNames: concealmentTold(tenant),
    },
  }),
};
