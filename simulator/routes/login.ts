import { Hono } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import { saasManagementRoutes } from "../saas-management/routes.ts";
import type { Store } from "../store/store.ts";
import { authorizeRoutes } from "./authorize.ts";
import { consentRoutes } from "./consent.ts";
import { controlRoutes } from "./control.ts";
import { discoveryRoutes } from "./discovery.ts";
import { portalRoutes } from "./portal.ts";
import { tokenRoutes } from "./token.ts";

/** The login server: token endpoint, OpenID documents, sign-in and consent pages, the control API, and SaaS Management. */
export function loginApp(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.route("/", saasManagementRoutes(store));
  app.route("/_simulator", controlRoutes(store));
  app.route("/", tokenRoutes(store));
  app.route("/", discoveryRoutes(store));
  app.route("/", authorizeRoutes(store));
  app.route("/", consentRoutes(store));
  app.route("/", portalRoutes(store));
  app.notFound((c) => c.text("Not found.", 404));
  return app;
}
