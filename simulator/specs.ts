import { z } from "zod";
import { cloudNames } from "./clouds.ts";
import { registeredApp, requestedPermissions } from "./defaults.ts";
import { standardPeople } from "./people.ts";
import { guidAt, seedNumber } from "./seed/random.ts";
import type { TenantSpec } from "./types.ts";

const guid = z.guid().transform((id) => id.toLowerCase());

/** A tenant as the control API and `SIMULATOR_TENANTS` describe it; everything but the seed has a default. */
export const tenantRequestSchema = z.strictObject({
  seed: z.string().min(1),
  cloud: z.enum(cloudNames).default("global"),
  id: guid.optional(),
  name: z.string().min(1).optional(),
  domains: z.array(z.string()).min(1).optional(),
  size: z.int().min(10).max(1_000_000).default(100),
  /** Listed SKUs; every profile has fewer than 20 of its own. Given without `licensesPerUser`: 2.5 of them. */
  skus: z.int().min(20).max(300).optional(),
  /** Mean over all accounts; given without `skus`: of 100 SKUs. */
  licensesPerUser: z.number().min(0).max(50).optional(),
  profile: z.enum(["tidy", "acquired", "small"]).default("tidy"),
  premium: z.boolean().default(true),
  concealedNames: z.boolean().default(false),
  countryLetterCode: z.string().length(2).default("US"),
  /** The registered app of the tenant; `permissions` are those granted. `null` = the tenant has none. */
  app: z
    .strictObject({
      clientId: guid.optional(),
      secret: z.string().min(1).optional(),
      secretExpiresAt: z.iso.datetime().optional(),
      permissions: z.array(z.string()).optional(),
    })
    .nullable()
    .default({}),
  /** Client ids of multi-tenant registrations already consented, with every permission they ask for. */
  consentedApps: z.array(guid).default([]),
});

/** Input of `tenantFromRequest`. */
export type TenantRequest = z.input<typeof tenantRequestSchema>;

/** A full specification from a request. Ids, people and credentials follow from the seed. Throws zod's error. */
export function tenantFromRequest(request: TenantRequest): TenantSpec {
  const input = tenantRequestSchema.parse(request);
  const number = seedNumber(input.seed);
  const id = input.id ?? guidAt(number, 0, 910);
  const slug = input.seed.toLowerCase().replace(/[^a-z0-9]+/g, "") || "tenant";
  const domains = input.domains ?? [`${slug}.onmicrosoft.com`, `${slug}.example`];
  const name = input.name ?? input.seed;
  const app =
    input.app &&
    registeredApp(id, name, {
      clientId: input.app.clientId ?? guidAt(number, 0, 911),
      secretId: guidAt(number, 0, 912),
      secret: input.app.secret ?? `sim8Q~${guidAt(number, 0, 913).replace(/-/g, "")}`,
    });
  const apps = app
    ? [
        {
          ...app,
          secrets: app.secrets.map((secret) => ({
            ...secret,
            expiresAt: input.app?.secretExpiresAt ?? null,
          })),
        },
      ]
    : [];
  return {
    id,
    cloud: input.cloud,
    name,
    domains,
    seed: input.seed,
    size: input.size,
    skus: input.skus,
    licensesPerUser: input.licensesPerUser,
    profile: input.profile,
    premium: input.premium,
    concealedNames: input.concealedNames,
    countryLetterCode: input.countryLetterCode,
    people: standardPeople(input.seed, domains[1] ?? domains[0] ?? "example.com"),
    apps,
    consents: [
      ...apps.map((own) => ({
        clientId: own.clientId,
        permissions: input.app?.permissions ?? requestedPermissions,
      })),
      ...input.consentedApps.map((clientId) => ({ clientId, permissions: requestedPermissions })),
    ],
  };
}
