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
import { type GraphError, GraphFailure, graphErrorBody, graphErrors } from "./errors.ts";
import { pageBytes, WrittenRows } from "./written-rows.ts";

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
  emptied?: boolean;
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
    const clientRequestId = c.req.header("client-request-id") ?? requestId;
    try {
      const { tenant, token } = await authenticate(store, c.req.header("authorization"));
      const call = openCall(store, tenant, token, c, endpoint);
      const { response, early } = await answer(c, endpoint, call, requestId, clientRequestId);
      tenant.log.add({
        at: new Date().toISOString(),
        method: c.req.method,
        path: c.req.path,
        stream: call.situation.stream,
        endpoint: call.situation.endpoint,
        page: call.situation.page,
        status: response.status,
        requestId,
        early,
      });
      return response;
    } catch (error) {
      if (error instanceof GraphFailure) return failed(error.detail, requestId, clientRequestId);
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
  requestId: string,
  clientRequestId: string,
) {
  const { tenant, token, situation, store } = call;
  const { faults } = tenant;
  const refuse = (error: GraphError, early = false) => ({
    response: failed(error, requestId, clientRequestId),
    early,
  });
  await sleep(store.latencyMs + tenant.knobs.latencyMs);
  const throttled = faults.throttled(situation);
  if (throttled)
    return refuse(
      throttleError(throttled.fault.code, throttled.retryAfter, token, tenant),
      throttled.early,
    );
  const replaced = await transportFault(c, faults, situation);
  if (replaced)
    return { response: withHeaders(replaced, requestId, clientRequestId, {}), early: false };
  const refused = refusal(call, endpoint);
  if (refused) return refuse(refused);
  try {
    const result = await endpoint.handle(call);
    return { response: written(c, call, result, requestId, clientRequestId), early: false };
  } catch (error) {
    if (error instanceof GraphFailure) return refuse(error.detail);
    throw error;
  }
}

/** Everything that refuses a request before its handler runs, in Graph's order: token, permission, license, page token. */
function refusal(
  { tenant, token, situation }: GraphCall,
  endpoint: Endpoint,
): GraphError | undefined {
  const { faults } = tenant;
  if (token.serial <= tenant.revokedUpTo.serial) return graphErrors.tokenRevoked();
  if (faults.hit("unauthorized", situation)) return graphErrors.tokenExpired();
  const forbidden = faults.hit("forbidden", situation);
  if (forbidden) return { status: 403, code: forbidden.code, message: forbidden.message };
  if (!endpoint.permissions.some((permission) => token.permissions.has(permission)))
    return (endpoint.denied ?? graphErrors.denied)();
  if (situation.stream === "sign-ins") {
    if (!token.permissions.has("AuditLog.Read.All")) return graphErrors.auditLogMissing();
    if (!tenant.knobs.premium || faults.hit("nonpremium", situation))
      return graphErrors.nonPremium();
  }
  if (situation.page > 1 && faults.hit("expired-page-token", situation))
    return graphErrors.expiredPageToken();
  return undefined;
}

function throttleError(
  code: string,
  retryAfter: string | null,
  token: AccessToken,
  tenant: Tenant,
): GraphError {
  return {
    status: 429,
    code,
    message: "Please retry again later.",
    headers: {
      ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
      "x-ms-throttle-scope": `Tenant_Application/ReadWrite/${token.appId}/${tenant.spec.id}`,
      "x-ms-throttle-information": "ResourceUnitLimitExceeded",
    },
  };
}

function written(
  c: Context<SimulatorEnv>,
  { tenant, situation }: GraphCall,
  result: GraphAnswer,
  requestId: string,
  clientRequestId: string,
): Response {
  const { body, status = 200, headers = {}, resourceUnits = 1 } = result;
  const content = bodyOf(c, body);
  const truncated = content !== null && tenant.faults.hit("truncated", situation) !== undefined;
  const type =
    typeof body === "string"
      ? "text/plain"
      : "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
  const response = new Response(
    truncated ? content.slice(0, Math.floor(content.length / 2)) : content,
    {
      status,
      headers: content === null ? headers : { "content-type": type, ...headers },
    },
  );
  return withHeaders(response, requestId, clientRequestId, {
    "x-ms-resource-unit": String(resourceUnits),
    "odata-version": "4.0",
  });
}

/** The answer as it goes out. Bytes of a page are released when their response has gone. */
function bodyOf(c: Context<SimulatorEnv>, body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null;
  if (typeof body === "string") return body;
  const value = isRecord(body) ? body.value : undefined;
  if (!isRecord(body) || !(value instanceof WrittenRows)) return JSON.stringify(body);
  const { bytes, release } = pageBytes(body, value);
  c.env?.outgoing?.once("close", release);
  return bytes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function failed(error: GraphError, requestId: string, clientRequestId: string): Response {
  const response = Response.json(graphErrorBody(error, requestId, clientRequestId), {
    status: error.status,
    headers: error.headers ?? {},
  });
  return withHeaders(response, requestId, clientRequestId, {});
}

const DIAGNOSTIC = JSON.stringify({
  ServerInfo: {
    DataCenter: "East US 2",
    Slice: "E",
    Ring: "5",
    ScaleUnit: "005",
    RoleInstance: "MN1PEPF00000A11",
  },
});

function withHeaders(
  response: Response,
  requestId: string,
  clientRequestId: string,
  more: Record<string, string>,
): Response {
  const headers: Record<string, string> = {
    "request-id": requestId,
    "client-request-id": clientRequestId,
    "x-ms-ags-diagnostic": DIAGNOSTIC,
    date: new Date().toUTCString(),
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-cache",
    ...more,
  };
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
