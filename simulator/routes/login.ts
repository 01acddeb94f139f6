import { Hono } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import type { Store } from "../store/store.ts";
import { controlRoutes } from "./control.ts";
import { discoveryRoutes } from "./discovery.ts";
import { tokenRoutes } from "./token.ts";

/** The login server: token endpoint, OpenID documents, sign-in and consent pages, and the control API. */
export function loginApp(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.route("/_simulator", controlRoutes(store));
  app.route("/", tokenRoutes(store));
  app.route("/", discoveryRoutes(store));
  return app;
}
