import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { SimulatorEnv } from "../faults/transport.ts";
import { faultSchema, streams } from "../faults/types.ts";
import { revokeTokens } from "../identity/access-token.ts";
import { tenantFromRequest, tenantRequestSchema } from "../specs.ts";
import { cloudOf, type Store, type World } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import { truthAssignments, truthOf, truthUsers } from "../store/truth.ts";
import { truthDigests } from "../store/truth-digests.ts";
import { ndjson } from "./ndjson.ts";

const knobsSchema = z
  .strictObject({
    premium: z.boolean(),
    concealedNames: z.boolean(),
    blocked: z.boolean(),
    refreshDaysAgo: z.int(),
    latencyMs: z.int().min(0),
    streamLatencyMs: z.partialRecord(z.enum(streams), z.int().min(0)),
    clockScale: z.number().positive(),
    tokenLifetimeSeconds: z.int().min(1),
    consentReplicationTokens: z.int().min(0),
    reportLimit: z.int().min(1).nullable(),
    reportingLimit: z.int().min(1).nullable(),
    signInLimit: z.int().min(1).nullable(),
    pageTokenLifetimeSeconds: z.number().min(0).nullable(),
  })
  .partial();

const principalSchema = z
  .strictObject({
    permissions: z.array(z.string()),
    enabled: z.boolean(),
    tokensWithoutRoles: z.int().min(0),
  })
  .partial();

const appSchema = z
  .strictObject({
    redirectUris: z.array(z.string()),
    permissions: z.array(z.string()),
    certificates: z.array(z.string()),
    secrets: z.array(
      z.strictObject({ id: z.string(), value: z.string(), expiresAt: z.iso.datetime().nullable() }),
    ),
    groupMembershipClaims: z.enum(["None", "DirectoryRole"]),
    idTokenIssuer: z.enum(["simulator", "microsoft"]),
  })
  .partial();

/**
 * The control API under `/_simulator`, for tests and the demo; the README lists it. Nothing of it exists at Microsoft.
 * Every cloud's tenants and registrations are reached through any login.
 */
export function controlRoutes(store: Store) {
  const { world } = store;
  const app = new Hono<SimulatorEnv>();
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return c.json({ error: "The body is not JSON." }, 400);
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    throw error;
  });
  const tenantOf = (c: Context): Tenant => {
    const tenant = world.findTenant(c.req.param("id") ?? "");
    if (!tenant) throw new HTTPException(404, { message: "No such tenant." });
    return tenant;
  };
  app.get("/", (c) =>
    c.json({
      origins: store.origins,
      tenants: tenantsOf(world).map(summary),
      apps: [...store.apps.values()],
      clouds: Object.fromEntries(
        [...world.clouds].map(([cloud, { origins, apps }]) => [
          cloud,
          { origins, apps: [...apps.values()] },
        ]),
      ),
    }),
  );
  tenantRoutes(app, store, tenantOf);
  consentRoutes(app, store, tenantOf);
  faultRoutes(app, tenantOf);
  truthRoutes(app, tenantOf);
  return app;
}

/** Tenants from here on have their seats counted when they are added, not at the first question that needs them. */
const LARGE = 50_000;

type Lookup = (c: Context) => Tenant;

/** Clouds with one login share their tenants: each is told once. */
const tenantsOf = (world: World): readonly Tenant[] => [
  ...new Set([...world.clouds.values()].flatMap((store) => [...store.tenants.values()])),
];

function storeOfTenant(world: World, tenant: Tenant): Store {
  return world.storeOf(cloudOf(tenant));
}

function summary(tenant: Tenant) {
  const { spec } = tenant;
  const { id, name, domains, size, profile, people, apps } = spec;
  return {
    id,
    cloud: cloudOf(tenant),
    name,
    domains,
    size,
    profile,
    people,
    apps,
    knobs: tenant.knobs,
    servicePrincipals: [...tenant.servicePrincipals.values()].map((principal) => ({
      ...principal,
      permissions: [...principal.permissions],
    })),
  };
}

function tenantRoutes(app: Hono<SimulatorEnv>, store: Store, tenantOf: Lookup): void {
  const { world } = store;
  app.get("/tenants", (c) => c.json({ tenants: tenantsOf(world).map(summary) }));
  app.post("/tenants", async (c) => {
    const spec = tenantFromRequest(tenantRequestSchema.parse(await c.req.json()));
    if (world.findTenant(spec.id))
      throw new HTTPException(409, { message: "A tenant with this id exists." });
    const cloud = spec.cloud ?? "global";
    if (!world.clouds.has(cloud))
      throw new HTTPException(400, { message: `The cloud ${cloud} is not played.` });
    const tenant = world.storeOf(cloud).addTenant(spec);
    if (spec.size >= LARGE) await tenant.fullTotals();
    return c.json(summary(tenant), 201);
  });
  app.get("/tenants/:id", (c) => c.json(summary(tenantOf(c))));
  app.delete("/tenants/:id", (c) => {
    const tenant = tenantOf(c);
    tenant.setFaults([]);
    const { tenants, apps } = storeOfTenant(world, tenant);
    tenants.delete(tenant.spec.id);
    for (const own of tenant.spec.apps) apps.delete(own.clientId);
    return c.body(null, 204);
  });
  app.patch("/tenants/:id/knobs", async (c) => {
    const tenant = tenantOf(c);
    Object.assign(tenant.knobs, knobsSchema.parse(await c.req.json()));
    return c.json(tenant.knobs);
  });
  app.patch("/apps/:clientId", async (c) => {
    const place = world.storeOfApp(c.req.param("clientId"));
    const known = place?.apps.get(c.req.param("clientId"));
    if (!place || !known) throw new HTTPException(404, { message: "No such registration." });
    const changed = { ...known, ...dropUndefined(appSchema.parse(await c.req.json())) };
    place.addApp(changed);
    return c.json(changed);
  });
  app.post("/keys/rotate", async (c) => {
    await store.keys.rotate();
    return c.json({ keys: store.keys.publicKeys().map((key) => key.kid) });
  });
}

function consentRoutes(app: Hono<SimulatorEnv>, store: Store, tenantOf: Lookup): void {
  // Consent without the page: creates the service principal with every permission the registration asks for.
  app.put("/tenants/:id/apps/:clientId", (c) => {
    const tenant = tenantOf(c);
    const registration = storeOfTenant(store.world, tenant).apps.get(c.req.param("clientId"));
    if (!registration) throw new HTTPException(404, { message: "No such registration." });
    const principal = tenant.grant(registration.clientId, registration.permissions);
    return c.json({ ...principal, permissions: [...principal.permissions] });
  });
  app.patch("/tenants/:id/apps/:clientId", async (c) => {
    const principal = tenantOf(c).servicePrincipals.get(c.req.param("clientId"));
    if (!principal)
      throw new HTTPException(404, { message: "The application is not consented in this tenant." });
    const { permissions, ...rest } = dropUndefined(principalSchema.parse(await c.req.json()));
    Object.assign(principal, rest, permissions ? { permissions: new Set(permissions) } : {});
    return c.json({ ...principal, permissions: [...principal.permissions] });
  });
  app.delete("/tenants/:id/apps/:clientId", (c) => {
    tenantOf(c).revokeConsent(c.req.param("clientId"));
    return c.body(null, 204);
  });
  app.post("/tenants/:id/revoke-tokens", (c) => {
    revokeTokens(store, tenantOf(c));
    return c.body(null, 204);
  });
}

function faultRoutes(app: Hono<SimulatorEnv>, tenantOf: Lookup): void {
  app.get("/tenants/:id/faults", (c) =>
    c.json({ faults: tenantOf(c).faults.list(), counts: tenantOf(c).faults.counts() }),
  );
  app.put("/tenants/:id/faults", async (c) =>
    c.json({ faults: tenantOf(c).setFaults(z.array(faultSchema).parse(await c.req.json())) }),
  );
  app.post("/tenants/:id/faults", async (c) => {
    const added = z.array(faultSchema).parse(await c.req.json());
    return c.json({ faults: tenantOf(c).faults.add(added) }, 201);
  });
  app.delete("/tenants/:id/faults", (c) => {
    const { kind, stream } = c.req.query();
    if (kind === undefined && stream === undefined) tenantOf(c).setFaults([]);
    else tenantOf(c).faults.remove({ kind, stream });
    return c.body(null, 204);
  });
  app.get("/tenants/:id/requests", (c) =>
    c.json({ ...tenantOf(c).log.counts(), requests: tenantOf(c).log.entries() }),
  );
  app.delete("/tenants/:id/requests", (c) => {
    tenantOf(c).log.clear();
    return c.body(null, 204);
  });
}

function truthRoutes(app: Hono<SimulatorEnv>, tenantOf: Lookup): void {
  app.get("/tenants/:id/truth", async (c) => c.json(await truthOf(tenantOf(c))));
  app.get("/tenants/:id/truth/digests", async (c) => c.json(await truthDigests(tenantOf(c))));
  app.get("/tenants/:id/truth/assignments", (c) => ndjson(truthAssignments(tenantOf(c))));
  app.get("/tenants/:id/truth/users", (c) => ndjson(truthUsers(tenantOf(c))));
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
