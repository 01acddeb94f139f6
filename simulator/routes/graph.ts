import { Hono } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import { subscriptionsEndpoint } from "../graph/company-subscriptions.ts";
import { deletedUsersEndpoint } from "../graph/deleted-users.ts";
import { graphEndpoint } from "../graph/endpoint.ts";
import { graphErrorBody, graphErrors } from "../graph/errors.ts";
import { groupsEndpoint } from "../graph/groups.ts";
import { organizationEndpoint } from "../graph/organization.ts";
import { reportEndpoint, reportSettingsEndpoint } from "../graph/reports.ts";
import { subscribedSkusEndpoint } from "../graph/subscribed-skus.ts";
import { userCountEndpoint, usersEndpoint } from "../graph/users.ts";
import type { Store } from "../store/store.ts";

/** The Graph server: every call of reference §3 an import makes. Reports and their settings are Global's alone (§3.13, §3.14). */
export function graphApp(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.get("/v1.0/organization", graphEndpoint(store, organizationEndpoint));
  app.get("/v1.0/subscribedSkus", graphEndpoint(store, subscribedSkusEndpoint));
  app.get("/v1.0/directory/subscriptions", graphEndpoint(store, subscriptionsEndpoint));
  app.get("/v1.0/users", graphEndpoint(store, usersEndpoint));
  app.get("/v1.0/users/$count", graphEndpoint(store, userCountEndpoint));
  app.get("/v1.0/groups", graphEndpoint(store, groupsEndpoint));
  app.get(
    "/v1.0/directory/deletedItems/microsoft.graph.user",
    graphEndpoint(store, deletedUsersEndpoint),
  );
  if (store.cloud === "global") {
    app.get("/v1.0/admin/reportSettings", graphEndpoint(store, reportSettingsEndpoint));
    app.get("/v1.0/reports/:call", graphEndpoint(store, reportEndpoint));
    app.get("/v1.0/copilot/reports/:call", graphEndpoint(store, reportEndpoint));
  }
  app.notFound((c) => {
    const id = crypto.randomUUID();
    return c.json(
      graphErrorBody(graphErrors.noSegment(c.req.path.split("/")[2] ?? ""), id, id),
      400,
    );
  });
  return app;
}
