import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { SimulatorEnv } from "../faults/transport.ts";
import { ndjson } from "../routes/ndjson.ts";
import type { Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import {
  appUserRow,
  appUsers,
  countAppUsers,
  firstPlace,
  type Place,
  readPlace,
  truthAppSeats,
  truthAppUsers,
  type Which,
  writtenPlace,
} from "./app-users.ts";
import { appIdOf, childApp, childIdOf, managedApp } from "./applications.ts";
import {
  createOrganisations,
  faultOf,
  type Organisation,
  type Organisations,
  takeRefusal,
} from "./organisation.ts";

/**
 * SaaS Management on the login's origin: `/oidc/token`, `/saas/v1/orgs/{org}/…`, and its control below
 * `/_simulator/saas-management`. Applications stand for the simulated tenants and have their people and seats.
 */
export function saasManagementRoutes(store: Store) {
  const organisations = createOrganisations();
  const app = new Hono<SimulatorEnv>();
  app.put("/_simulator/saas-management/organisations", async (c) => {
    try {
      const { id, tenantIds } = organisations.put(await c.req.json());
      const unknown = tenantIds.filter((tenantId) => !store.world.findTenant(tenantId));
      return unknown.length > 0
        ? c.json({ error: `No such tenant: ${unknown.join(", ")}` }, 404)
        : c.json({ id, origin: store.origins.login });
    } catch (error) {
      if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
      if (error instanceof SyntaxError) return c.json({ error: "The body is not JSON." }, 400);
      throw error;
    }
  });
  app.get("/_simulator/saas-management/organisations/:org/requests", (c) => {
    const organisation = organisations.find(c.req.param("org"));
    return organisation
      ? c.json(organisation.requests)
      : c.json({ error: "No such organisation." }, 404);
  });
  const truth =
    (rows: typeof truthAppUsers | typeof truthAppSeats) => (c: Context<SimulatorEnv>) => {
      const organisation = organisations.find(c.req.param("org") ?? "");
      const tenant = store.world.findTenant(c.req.param("tenant") ?? "");
      return organisation && tenant
        ? ndjson(rows(organisation, tenant))
        : c.json({ error: "No such organisation or tenant." }, 404);
    };
  const truths = "/_simulator/saas-management/organisations/:org/tenants/:tenant/truth";
  app.get(`${truths}/users`, truth(truthAppUsers));
  app.get(`${truths}/assignments`, truth(truthAppSeats));
  app.post("/oidc/token", async (c) => {
    const organisation = organisations.ofCredential(new URLSearchParams(await c.req.text()));
    if (!organisation) return c.json({ error: "invalid_grant" }, 400);
    return c.json({
      access_token: organisations.issue(organisation),
      expires_in: organisation.tokenLifetimeSeconds,
      token_type: "Bearer",
    });
  });
  const serve = (answer: Answer) => (c: Context<SimulatorEnv>) =>
    authorised(c, organisations, (organisation) =>
      answer(c, { organisation, tenants: tenantsOf(store, organisation) }),
    );
  app.get("/saas/v1/orgs/:org/managed-apps", serve(listApps));
  app.get("/saas/v1/orgs/:org/managed-apps/:app", serve(getApp));
  app.get("/saas/v1/orgs/:org/managed-apps/:app/app-users", serve(listUsers));
  return app;
}

type Asked = { organisation: Organisation; tenants: readonly Tenant[] };
type Answer = (c: Context<SimulatorEnv>, asked: Asked) => Response | Promise<Response>;

const tenantsOf = (store: Store, { tenantIds, goneTenantIds }: Organisation): Tenant[] =>
  tenantIds.flatMap((id) => (goneTenantIds.includes(id) ? [] : (store.world.findTenant(id) ?? [])));

/** Token first, then the organisation it may read, then the faults. */
async function authorised(
  c: Context<SimulatorEnv>,
  organisations: Organisations,
  answer: (organisation: Organisation) => Response | Promise<Response>,
): Promise<Response> {
  const token = c.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
  const holder = organisations.holder(token);
  if (!holder) return c.json({ message: "unauthorized" }, 401);
  const asked = organisations.find(c.req.param("org") ?? "");
  if (!asked) return c.json({ message: "not found" }, 404);
  if (asked !== holder) return c.json({ message: "forbidden" }, 403);
  holder.requests.total += 1;
  if (c.req.path.endsWith("/app-users")) holder.requests.appUsers += 1;
  const refusal = takeRefusal(holder);
  if (!refusal) return answer(holder);
  const headers = refusal.retryAfter === undefined ? {} : { "retry-after": refusal.retryAfter };
  // Safe: the schema takes 300 to 599, which all may have a body.
  return c.json({ message: "refused" }, refusal.status as ContentfulStatusCode, headers);
}

const listApps: Answer = async (c, { organisation, tenants }) => {
  const view = c.req.query("view");
  const listed = organisation.listsBelow ? [managedApp, childApp] : [managedApp];
  const rows = await Promise.all(
    listed.flatMap((app) => tenants.map((tenant) => app(organisation, tenant, view))),
  );
  const twice = faultOf(organisation, "twice");
  const again = twice?.differing ? rows.map((row) => ({ ...row, name: "Another name" })) : rows;
  return c.json({ values: twice === undefined ? rows : [...rows, ...again] });
};

const getApp: Answer = async (c, { organisation, tenants }) => {
  const id = Number(c.req.param("app"));
  const own = tenants.find((tenant) => appIdOf(organisation, tenant) === id);
  if (own) return c.json(await managedApp(organisation, own, c.req.query("view")));
  const above = tenants.find((tenant) => childIdOf(organisation, tenant) === id);
  return above
    ? c.json(await childApp(organisation, above, c.req.query("view")))
    : c.json({ message: "not found" }, 404);
};

/** Without `includeAll` those that are active only. */
const listUsers: Answer = async (c, { organisation, tenants }) => {
  const id = Number(c.req.param("app"));
  const own = tenants.find((one) => appIdOf(organisation, one) === id);
  const tenant = own ?? tenants.find((one) => childIdOf(organisation, one) === id);
  const place = readPlace(c.req.query("cursor") ?? writtenPlace(firstPlace));
  if (!tenant) return c.json({ message: "not found" }, 404);
  if (!place) return c.json({ message: "bad request" }, 400);
  const which = own ? "own" : "below";
  const everybody = c.req.query("includeAll") === "true";
  const counts = await countAppUsers(organisation, tenant, which);
  const { values, next } = pageOf({ organisation, tenant, which }, place, everybody);
  const short = faultOf(organisation, "short-list") !== undefined;
  const elsewhere = faultOf(organisation, "next-page")?.to;
  const path = c.req.path.replace("/saas/v1", "");
  const at = (from: Place) => `${path}?includeAll=${everybody}&cursor=${writtenPlace(from)}`;
  const following = short || next === null ? undefined : at(next);
  return c.json({
    values,
    total: everybody ? counts.all : counts.active,
    nextPage: elsewhere === "same" ? at(place) : (elsewhere ?? following),
  });
};

/** As many accounts as a page holds; `next` null = there are no more. */
function pageOf(
  { organisation, tenant, which }: { organisation: Organisation; tenant: Tenant; which: Which },
  place: Place,
  everybody: boolean,
) {
  const values: Record<string, unknown>[] = [];
  let end = place;
  for (const { user, next } of appUsers(organisation, tenant, which, place)) {
    if (!everybody && !user.enabled) continue;
    if (values.length === organisation.pageSize) return { values, next: end };
    values.push(appUserRow(organisation, tenant, which, user));
    end = next;
  }
  return { values, next: null };
}
