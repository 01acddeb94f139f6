import { alertEndpoints } from "#lib/server/alert-endpoints";
import { api } from "#lib/server/api";

export const GET = api(alertEndpoints.listAlerts);
