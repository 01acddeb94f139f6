import { listAlerts, listAlertsInput } from "#lib/services/list-alerts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { alertSchema } from "./schemas-alerts.ts";
import * as licenses from "./schemas-licenses.ts";

/** What the workspace has to know of. */
export const alertEndpoints = {
  listAlerts: endpoint({
    id: "listAlerts",
    method: "GET",
    path: "/alerts",
    summary: "What the workspace has to know of, open and most pressing first",
    input: listAlertsInput,
    verb: listAlerts,
    output: licenses.page(alertSchema),
  }),
} as const satisfies Record<string, Endpoint>;
