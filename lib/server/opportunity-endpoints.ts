import {
  getOpportunitySummary,
  getOpportunitySummaryInput,
} from "#lib/services/get-opportunity-summary";
import { listOpportunities, listOpportunitiesInput } from "#lib/services/list-opportunities";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as licenses from "./schemas-licenses.ts";

/** What could be reclaimed. */
export const opportunityEndpoints = {
  listOpportunities: endpoint({
    id: "listOpportunities",
    method: "GET",
    path: "/opportunities",
    summary: "Reclaimable assignments and unassigned units",
    input: listOpportunitiesInput,
    verb: listOpportunities,
    output: licenses.figurePage(licenses.opportunitySchema),
  }),
  getOpportunitySummary: endpoint({
    id: "getOpportunitySummary",
    method: "GET",
    path: "/opportunities/summary",
    summary: "Opportunities by kind, and three money figures that are never added",
    input: getOpportunitySummaryInput,
    verb: getOpportunitySummary,
    output: licenses.opportunitySummarySchema,
  }),
} as const satisfies Record<string, Endpoint>;
