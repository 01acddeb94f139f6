import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, Handler } from "hono";
import { errors as joseErrors } from "jose";
import type { Situation } from "../faults/engine.ts";
import { type SimulatorEnv, transportFault } from "../faults/transport.ts";
import { type AccessToken, readAccessToken } from "../identity/access-token.ts";
import type { Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Stream } from "../types.ts";
import { type GraphError, GraphFailure, graphErrors } from "./errors.ts";
import { endAccess, overQuota, refusal, throttleError } from "./refusals.ts";
import { type Correlation, failed, withHeaders, written } from "./response.ts";

/** What a handler works with. `query` has the decoded parameters, `page` counts from 1. */
export type GraphCall = {
  store: Store;
  tenant: Tenant;
  token: AccessToken;
  url: URL;
  query: URLSearchParams;
  consistencyLevel: string | undefined;
  situation: Situation;
  /** Opened `$skiptoken`, undefined on the first page. */
  position: PagePosition | undefined;
};

/** What a page token holds, sealed. `query` binds it to the request that made it. */
export type PagePosition = {
  tenantId: string;
  query: string;
  next: number;
  page: number;
  /** Milliseconds. */
  madeAt: number;
  emptied?: boolean;
  /** Empty pages that led here (fault `link-loop`). */
  empties: number;
};

/** What a handler gives back. A string is sent as text/plain. */
export type GraphAnswer = {
  body?: unknown;
  status?: number;
  headers?: Record<string, string>;
  resourceUnits?: number;
};

/** One Graph endpoint: its stream, any one of the permissions that open it, and its handler. */
export type Endpoint = {
  stream: Stream | ((query: URLSearchParams) => Stream);
  name: string | ((c: Context<SimulatorEnv>) => string);
  permissions: readonly string[];
  denied?: () => GraphError;
  handle: (call: GraphCall) => Promise<GraphAnswer> | GraphAnswer;
};

/** Wraps an endpoint with what Graph always does: token check, throttling, permissions, error bodies, headers, log. */
export function graphEndpoint(store: Store, endpoint: Endpoint): Handler<SimulatorEnv> {
  return async (c) => {
    const requestId = randomUUID();
    const correlation = {
      requestId,
      clientRequestId: c.req.header("client-request-id") ?? requestId,
    };
    const arrived = performance.now();
    try {
      const { tenant, token } = await authenticate(store, c.req.header("authorization"));
      const call = openCall(store, tenant, token, c, endpoint);
      const { response, early } = await answer(c, endpoint, call, correlation);
      tenant.log.add({
        at: new Date().toISOString(),
        method: c.req.method,
        path: c.req.path,
        stream: call.situation.stream,
        endpoint: call.situation.endpoint,
        page: call.situation.page,
        status: response.status,
        requestId,
        priority: c.req.header("x-ms-throttle-priority") ?? null,
        early,
      });
      await waitUntil(arrived + latencyOf(call));
      return response;
    } catch (error) {
      if (error instanceof GraphFailure) return failed(error.detail, correlation);
      throw error;
    }
  };
}

async function authenticate(
  store: Store,
  authorization: string | undefined,
): Promise<{ tenant: Tenant; token: AccessToken }> {
  const text = authorization?.match(/^Bearer (.+)$/i)?.[1];
  if (!text) throw new GraphFailure(graphErrors.tokenMissing());
  const token = await readAccessToken(store, text).catch((error: unknown) => {
    throw new GraphFailure(
      error instanceof joseErrors.JWTExpired
        ? graphErrors.tokenExpired()
        : graphErrors.tokenInvalid(),
    );
  });
  const tenant = store.findTenant(token.tenantId);
  if (!tenant) throw new GraphFailure(graphErrors.tenantUnknown());
  return { tenant, token };
}

function openCall(
  store: Store,
  tenant: Tenant,
  token: AccessToken,
  c: Context<SimulatorEnv>,
  endpoint: Endpoint,
): GraphCall {
  const url = new URL(c.req.url);
  const query = url.searchParams;
  const sealed = query.get("$skiptoken");
  const position =
    sealed === null ? undefined : (store.sealer.open(sealed) as PagePosition | undefined);
  if (
    sealed !== null &&
    (!position || position.tenantId !== tenant.spec.id || position.query !== queryKey(url))
  ) {
    throw new GraphFailure(
      graphErrors.badRequest("The skip token in the request is not valid for this query."),
    );
  }
  const stream = typeof endpoint.stream === "function" ? endpoint.stream(query) : endpoint.stream;
  const name = typeof endpoint.name === "function" ? endpoint.name(c) : endpoint.name;
  const situation = { stream, endpoint: name, page: position?.page ?? 1 };
  return {
    store,
    tenant,
    token,
    url,
    query,
    consistencyLevel: c.req.header("consistencylevel"),
    situation,
    position,
  };
}

/** Path and parameters of a request without its page token. */
export function queryKey(url: URL): string {
  const parameters = [...url.searchParams]
    .filter(([name]) => name !== "$skiptoken")
    .map(([name, value]) => `${name}=${value}`);
  return `${url.pathname}?${parameters.sort().join("&")}`;
}

async function answer(
  c: Context<SimulatorEnv>,
  endpoint: Endpoint,
  call: GraphCall,
  correlation: Correlation,
) {
  const { tenant, token, situation } = call;
  const { faults } = tenant;
  const refuse = (error: GraphError, early = false) => ({
    response: failed(error, correlation),
    early,
  });
  const throttled = faults.throttled(situation, latencyOf(call));
  if (throttled)
    return refuse(
      throttleError(throttled.fault.code, throttled.retryAfter, token, tenant),
      throttled.early,
    );
  const replaced = await transportFault(c, faults, situation);
  if (replaced) return { response: withHeaders(replaced, correlation), early: false };
  endAccess(call);
  const refused = refusal(call, endpoint);
  if (refused) return refuse(refused);
  const over = overQuota(call, latencyOf(call));
  if (over)
    return refuse(throttleError("TooManyRequests", over.retryAfter, token, tenant), over.early);
  try {
    const result = await endpoint.handle(call);
    return { response: written(c, call, result, correlation), early: false };
  } catch (error) {
    if (error instanceof GraphFailure) return refuse(error.detail);
    throw error;
  }
}

/** Milliseconds from a request to its answer. */
function latencyOf({ store, tenant, situation }: GraphCall): number {
  return store.latencyMs + tenant.latencyOf(situation.stream);
}

/** Waits until an instant of `performance.now()`; what the answer cost to compute is part of its latency. */
async function waitUntil(instant: number): Promise<void> {
  const left = instant - performance.now();
  if (left > 0) await sleep(left);
}
