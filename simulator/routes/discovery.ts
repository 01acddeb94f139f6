import { type Context, Hono } from "hono";
import { cloudFacts } from "../clouds.ts";
import { type SimulatorEnv, transportFault } from "../faults/transport.ts";
import { AadFailure, aad, aadErrorBody } from "../identity/aad-error.ts";
import { cloudOf, type Store } from "../store/store.ts";
import { resolveAuthority } from "./authority.ts";

/** OpenID configuration and signing keys (reference §2.8), on the simulator's own origin. */
export function discoveryRoutes(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.get("/:tenant/v2.0/.well-known/openid-configuration", async (c) => {
    try {
      const segment = c.req.param("tenant");
      const failure = await discoveryFault(c, store, "openid-configuration");
      if (failure) return failure;
      const elsewhere = store.findElsewhere(segment);
      const tenant = elsewhere ?? resolveAuthority(store, segment);
      // A login that knows where the tenant is tells that place's document.
      const place = tenant ? store.world.storeOf(cloudOf(tenant)) : store;
      return c.json(openidConfiguration(place, segment, tenant?.spec.id));
    } catch (error) {
      if (error instanceof AadFailure)
        return c.json(aadErrorBody(error.detail), error.detail.status);
      throw error;
    }
  });
  app.get("/:tenant/discovery/v2.0/keys", async (c) => {
    const failure = await discoveryFault(c, store, "keys");
    if (failure) return failure;
    const issuer = `${store.origins.login}/{tenantid}/v2.0`;
    return c.json({ keys: store.keys.publicKeys().map((key) => ({ ...key, issuer })) });
  });
  return app;
}

/** Faults of the stream `discovery` of the tenant whose documents are asked for. */
async function discoveryFault(
  c: Context<SimulatorEnv>,
  store: Store,
  endpoint: "openid-configuration" | "keys",
): Promise<Response | undefined> {
  const tenant = store.findTenant(c.req.param("tenant") ?? "");
  if (!tenant) return undefined;
  const situation = { stream: "discovery", endpoint, page: 1 } as const;
  const throttled = tenant.faults.throttled(situation);
  if (throttled)
    return c.json(
      aadErrorBody(aad.throttled()),
      429,
      throttled.retryAfter === null ? {} : { "retry-after": throttled.retryAfter },
    );
  return transportFault(c, tenant.faults, situation);
}

function openidConfiguration(store: Store, segment: string, tenantId: string | undefined) {
  const { login, graph } = store.origins;
  const base = `${login}/${tenantId ?? segment}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      "client_secret_post",
      "private_key_jwt",
      "client_secret_basic",
    ],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    // `common` and `organizations` give the literal placeholder, as Microsoft does.
    issuer: `${login}/${tenantId ?? "{tenantid}"}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${graph}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      "sub",
      "iss",
      "aud",
      "exp",
      "iat",
      "nonce",
      "preferred_username",
      "name",
      "tid",
      "ver",
      "email",
    ],
    ...cloudFacts[store.cloud].openid,
  };
}
