import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { SimulatorEnv } from "../faults/transport.ts";
import { mayConsent } from "../identity/id-token.ts";
import { permissionDescriptions } from "../identity/permissions.ts";
import { addCertificate, addSecret, registerApp } from "../identity/registration.ts";
import {
  credentialsPage,
  overviewPage,
  type PortalPlace,
  permissionsPage,
  portalRouter,
  portalSignInPage,
  registrationsPage,
  routerPage,
} from "../pages/portal.ts";
import type { Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import type { AppRegistration, Person } from "../types.ts";
import { showPage } from "./sign-in-request.ts";

const sessionCookie = "portal-session";
const routerHash = createHash("sha256").update(portalRouter).digest("base64");

/** Somebody who signed in to the portal of their tenant. */
type Visitor = { tenant: Tenant; person: Person; place: PortalPlace };

type Handle = (visitor: Visitor, app: AppRegistration) => Response | Promise<Response>;

/**
 * The portal's pages of app registrations: register, permissions with admin consent, secrets, certificates. Links to them
 * have the shape of Microsoft's (`/{tenant}/#view/Microsoft_AAD_RegisteredApps/…`).
 */
export function portalRoutes(store: Store) {
  const routes = new Hono<SimulatorEnv>();
  for (const path of ["/", "/:tenant/"]) {
    routes.get(path, async (c) =>
      c.html(await routerPage(), 200, {
        "content-security-policy": `default-src 'none'; script-src 'sha256-${routerHash}'`,
      }),
    );
  }
  routes.post("/_portal/sign-in", (c) => signIn(c, store));
  const base = "/_portal/:tenant/apps";
  routes.get(base, (c) => signedIn(c, store, (visitor) => showList(c, store, visitor)));
  routes.post(base, (c) => signedIn(c, store, (visitor) => register(c, store, visitor)));
  routes.get(`${base}/:clientId`, (c) =>
    withApp(c, store, ({ place }, app) => showPage(c, overviewPage(place, app))),
  );
  routes.get(`${base}/:clientId/credentials`, (c) =>
    withApp(c, store, ({ place }, app) => showPage(c, credentialsPage(place, app))),
  );
  routes.post(`${base}/:clientId/secrets`, (c) =>
    withApp(c, store, async ({ place }, app) => {
      const days = Number((await c.req.formData()).get("days"));
      const secret = addSecret(store, app, days > 0 ? days : 180);
      return showPage(c, credentialsPage(place, current(store, app), { secret }));
    }),
  );
  routes.post(`${base}/:clientId/certificates`, (c) =>
    withApp(c, store, async ({ place }, app) => {
      const file = (await c.req.formData()).get("file");
      const bytes =
        file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
      const refusal = addCertificate(store, app, bytes);
      const shown = refusal === null ? {} : { refusal };
      return showPage(c, credentialsPage(place, current(store, app), shown));
    }),
  );
  permissionRoutes(routes, store, base);
  return routes;
}

function permissionRoutes(routes: Hono<SimulatorEnv>, store: Store, base: string): void {
  const show = (
    c: Context<SimulatorEnv>,
    { tenant, place }: Visitor,
    app: AppRegistration,
    refusal: string | null = null,
  ) => {
    const principal = tenant.servicePrincipals.get(app.clientId);
    const status = refusal === null ? 200 : 403;
    return showPage(c, permissionsPage(place, current(store, app), principal, refusal), status);
  };
  routes.get(`${base}/:clientId/permissions`, (c) =>
    withApp(c, store, (visitor, app) => show(c, visitor, app)),
  );
  routes.post(`${base}/:clientId/permissions`, (c) =>
    withApp(c, store, async (visitor, app) => {
      const chosen = (await c.req.formData()).getAll("permission").map(String);
      const known = chosen.filter((name) => Object.hasOwn(permissionDescriptions, name));
      store.addApp({ ...app, permissions: [...new Set([...app.permissions, ...known])] });
      return show(c, visitor, app);
    }),
  );
  routes.post(`${base}/:clientId/consent`, (c) =>
    withApp(c, store, (visitor, app) => {
      if (!mayConsent(visitor.person.role)) {
        return show(
          c,
          visitor,
          app,
          "Only an administrator can grant consent for the organization.",
        );
      }
      visitor.tenant.grant(app.clientId, app.permissions);
      return show(c, visitor, app);
    }),
  );
}

const current = (store: Store, app: AppRegistration): AppRegistration =>
  store.apps.get(app.clientId) ?? app;

const showList = (
  c: Context<SimulatorEnv>,
  store: Store,
  { tenant, place }: Visitor,
  refusal: string | null = null,
) => {
  const own = [...store.apps.values()].filter((app) => app.homeTenantId === tenant.spec.id);
  return showPage(c, registrationsPage(place, own, refusal), refusal === null ? 200 : 403);
};

async function register(
  c: Context<SimulatorEnv>,
  store: Store,
  visitor: Visitor,
): Promise<Response> {
  if (visitor.person.role === "guest") {
    return showList(c, store, visitor, "You do not have permission to register applications.");
  }
  const form = await c.req.formData();
  const app = registerApp(store, visitor.tenant.spec.id, {
    name: String(form.get("name") ?? "").trim() || "Unnamed",
    audience: form.get("audience") === "multiple" ? "multiple" : "single",
  });
  return c.redirect(`${visitor.place.base}/${app.clientId}`, 303);
}

async function signIn(c: Context<SimulatorEnv>, store: Store): Promise<Response> {
  const form = await c.req.formData();
  const [tenantId = "", oid = ""] = String(form.get("account")).split("/");
  const next = String(form.get("next"));
  setCookie(c, sessionCookie, store.sealer.seal({ tenantId, oid }), {
    path: "/_portal",
    httpOnly: true,
    sameSite: "Lax",
  });
  return c.redirect(next.startsWith("/_portal/") ? next : "/_portal/any/apps", 303);
}

/** Runs a page for whoever is signed in to that tenant's portal; anybody else picks an account first. */
async function signedIn(
  c: Context<SimulatorEnv>,
  store: Store,
  handle: (visitor: Visitor) => Response | Promise<Response>,
): Promise<Response> {
  const tenant = store.findTenant(c.req.param("tenant") ?? "");
  if (!tenant) return c.text("No such tenant.", 404);
  const { id, name, people } = tenant.spec;
  const session = store.sealer.open(getCookie(c, sessionCookie) ?? "");
  const person = people.find((each) => isSession(session, id, each.oid));
  if (!person) {
    const { pathname } = new URL(c.req.url);
    return showPage(c, portalSignInPage(name, pathname, people, id));
  }
  return handle({
    tenant,
    person,
    place: { base: `/_portal/${id}/apps`, tenantName: name, person },
  });
}

const isSession = (session: unknown, tenantId: string, oid: string): boolean =>
  typeof session === "object" &&
  session !== null &&
  "tenantId" in session &&
  "oid" in session &&
  session.tenantId === tenantId &&
  session.oid === oid;

const withApp = (c: Context<SimulatorEnv>, store: Store, handle: Handle): Promise<Response> =>
  signedIn(c, store, (visitor) => {
    const app = store.apps.get(c.req.param("clientId") ?? "");
    return app?.homeTenantId === visitor.tenant.spec.id
      ? handle(visitor, app)
      : c.text("No such registration.", 404);
  });
