import { api } from "#lib/server/api";
import { opportunityEndpoints } from "#lib/server/opportunity-endpoints";

export const GET = api(opportunityEndpoints.getOpportunitySummary);
