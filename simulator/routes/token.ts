import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "hono";
import { Hono } from "hono";
import { cloudFacts } from "../clouds.ts";
import { type SimulatorEnv, transportFault } from "../faults/transport.ts";
import { AadFailure, aad, aadErrorBody } from "../identity/aad-error.ts";
import { graphResourceOf, issueAccessToken } from "../identity/access-token.ts";
import { authenticateClient, readClient } from "../identity/client-auth.ts";
import { issueIdToken } from "../identity/id-token.ts";
import type { PendingCode, Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import type { AppRegistration } from "../types.ts";
import { resolveAuthority, resolveTenant } from "./authority.ts";

/** `/{tenant}/oauth2/v2.0/token`: client_credentials and authorization_code (reference §2.1, §2.2). */
export function tokenRoutes(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const correlation =
      c.req.query("client-request-id") ?? form.get("client-request-id") ?? randomUUID();
    const tenant = store.findTenant(c.req.param("tenant"));
    await sleep(tenant?.knobs.streamLatencyMs.token ?? 0);
    const fault = tenant ? await tokenFault(c, tenant, correlation) : undefined;
    const response = fault?.response ?? (await answer(c, store, form, correlation));
    if (tenant) logTokenCall(tenant, c, response.status, fault?.early ?? false);
    return response;
  });
  return app;
}

async function answer(
  c: Context<SimulatorEnv>,
  store: Store,
  form: URLSearchParams,
  correlation: string,
): Promise<Response> {
  try {
    const body = await redeem(
      store,
      c.req.param("tenant") ?? "",
      form,
      c.req.header("authorization"),
    );
    return c.json(body, 200, {
      "cache-control": "no-store, no-cache",
      pragma: "no-cache",
      "x-ms-request-id": randomUUID(),
    });
  } catch (error) {
    if (error instanceof AadFailure)
      return c.json(aadErrorBody(error.detail, correlation), error.detail.status, {
        "x-ms-request-id": randomUUID(),
      });
    throw error;
  }
}

async function redeem(
  store: Store,
  authority: string,
  form: URLSearchParams,
  authorization: string | undefined,
): Promise<Record<string, unknown>> {
  const grant = form.get("grant_type");
  if (!grant) throw new AadFailure(aad.missingParameter("grant_type"));
  const { clientId, credential } = readClient(form, authorization);
  if (!clientId) throw new AadFailure(aad.missingParameter("client_id"));
  switch (grant) {
    case "client_credentials": {
      const tenant = resolveTenant(store, authority);
      if (tenant.knobs.blocked) throw new AadFailure(aad.tenantUnavailable());
      const registration = findRegistration(store, clientId, tenant);
      const method = await authenticateClient(
        registration,
        credential,
        authority,
        loginOrigins(store),
      );
      return appToken(store, tenant, registration, form.get("scope") ?? "", method);
    }
    case "authorization_code": {
      resolveAuthority(store, authority);
      const registration = store.apps.get(clientId);
      if (!registration) throw new AadFailure(aad.appNotFound(clientId, authority));
      await authenticateClient(registration, credential, authority, loginOrigins(store));
      return redeemCode(store, registration, authority, form);
    }
    default:
      throw new AadFailure(aad.unsupportedGrant());
  }
}

/** Audiences of client assertions: the real login host too, for a client that only swaps the transport (reference §2.4). */
const loginOrigins = (store: Store): readonly string[] => [
  store.origins.login,
  `https://${cloudFacts[store.cloud].loginHost}`,
];

/** A registration that a tenant knows or could know: multi-tenant ones need no service principal for the credential check. */
function findRegistration(store: Store, clientId: string, tenant: Tenant): AppRegistration {
  const registration = store.apps.get(clientId);
  const known =
    registration &&
    (tenant.servicePrincipals.has(clientId) || tenant.removedPrincipals.has(clientId));
  if (!registration || !known) throw new AadFailure(aad.appNotFound(clientId, tenant.spec.name));
  return registration;
}

async function appToken(
  store: Store,
  tenant: Tenant,
  registration: AppRegistration,
  scope: string,
  method: "1" | "2",
) {
  const principal = tenant.servicePrincipals.get(registration.clientId);
  if (!principal) throw new AadFailure(aad.principalMissing(registration.clientId, tenant.spec.id));
  if (!principal.enabled) throw new AadFailure(aad.principalDisabled(registration.clientId));
  if (!scope.endsWith("/.default")) throw new AadFailure(aad.scopeInvalid(scope));
  const resource = scope.slice(0, -"/.default".length);
  if (resource !== graphResourceOf(tenant))
    throw new AadFailure(aad.resourceNotFound(resource, tenant.spec.name));
  const lifetime = tenant.knobs.tokenLifetimeSeconds;
  const accessToken = await issueAccessToken(store, tenant, principal, registration.name, method);
  return {
    token_type: "Bearer",
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: accessToken,
  };
}

async function redeemCode(
  store: Store,
  registration: AppRegistration,
  authority: string,
  form: URLSearchParams,
) {
  const code = form.get("code");
  if (!code) throw new AadFailure(aad.missingParameter("code"));
  const pending = store.codes.get(code);
  if (!pending || pending.clientId !== registration.clientId)
    throw new AadFailure(aad.codeInvalid());
  checkCode(store, pending, authority, form);
  pending.redeemed = true;
  const openid = pending.scope.split(" ").includes("openid");
  return {
    token_type: "Bearer",
    scope: pending.scope,
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: await store.keys.sign({
      aud: cloudFacts[store.cloud].graphResource,
      iss: `${cloudFacts[store.cloud].tokenIssuer}/${pending.tenantId}/`,
      idtyp: "user",
      tid: pending.tenantId,
      oid: pending.person.oid,
      exp: Math.floor(Date.now() / 1000) + 3599,
    }),
    ...(openid ? { id_token: await issueIdToken(store, registration, pending) } : {}),
  };
}

function checkCode(
  store: Store,
  pending: PendingCode,
  authority: string,
  form: URLSearchParams,
): void {
  if (pending.redeemed) throw new AadFailure(aad.codeRedeemed());
  if (pending.expiresAt <= Date.now()) throw new AadFailure(aad.codeExpired());
  const redeemedAt = store.findTenant(authority)?.spec.id ?? authority;
  // An authority that names a tenant must be the one the account signed in to, or the one it signed in through.
  if (![pending.authority, pending.tenantId, "common", "organizations"].includes(redeemedAt))
    throw new AadFailure(aad.codeInvalid());
  if (form.get("redirect_uri") !== pending.redirectUri) throw new AadFailure(aad.replyUnequal());
  if (pending.challenge === null) return;
  const verifier = form.get("code_verifier");
  if (
    verifier === null ||
    createHash("sha256").update(verifier).digest("base64url") !== pending.challenge
  )
    throw new AadFailure(aad.verifierMismatch());
}

async function tokenFault(
  c: Context<SimulatorEnv>,
  tenant: Tenant,
  correlation: string,
): Promise<{ response: Response; early: boolean } | undefined> {
  const situation = { stream: "token", endpoint: "token", page: 1 } as const;
  const throttled = tenant.faults.throttled(situation);
  if (throttled) {
    const headers: Record<string, string> =
      throttled.retryAfter === null ? {} : { "retry-after": throttled.retryAfter };
    return {
      response: c.json(aadErrorBody(aad.throttled(), correlation), 429, headers),
      early: throttled.early,
    };
  }
  const response = await transportFault(c, tenant.faults, situation);
  return response && { response, early: false };
}

function logTokenCall(
  tenant: Tenant,
  c: Context<SimulatorEnv>,
  status: number,
  early: boolean,
): void {
  tenant.log.add({
    at: new Date().toISOString(),
    method: "POST",
    path: c.req.path,
    stream: "token",
    endpoint: "token",
    page: 1,
    status,
    requestId: randomUUID(),
    priority: c.req.header("x-ms-throttle-priority") ?? null,
    early,
  });
}
