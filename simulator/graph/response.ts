import { gzipSync } from "node:zlib";
import type { Context } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import type { GraphAnswer, GraphCall } from "./endpoint.ts";
import { type GraphError, graphErrorBody } from "./errors.ts";
import { pageBytes, WrittenRows } from "./written-rows.ts";

/** Ids that go with every answer. */
export type Correlation = { requestId: string; clientRequestId: string };

/** A handler's answer as Graph sends it; the faults `truncated` and `half-gzip` act here. */
export function written(
  c: Context<SimulatorEnv>,
  { tenant, situation }: GraphCall,
  result: GraphAnswer,
  correlation: Correlation,
): Response {
  const { body, status = 200, headers = {}, resourceUnits = 1 } = result;
  const content = bodyOf(c, body);
  const type =
    typeof body === "string"
      ? "text/plain"
      : "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
  const more = {
    "x-ms-resource-unit": String(resourceUnits),
    "odata-version": "4.0",
  };
  if (content === null)
    return withHeaders(new Response(null, { status, headers }), correlation, more);
  const sent = { "content-type": type, ...headers };
  if (tenant.faults.hit("truncated", situation))
    return withHeaders(new Response(half(content), { status, headers: sent }), correlation, more);
  if (tenant.faults.hit("half-gzip", situation)) {
    const zipped = new Response(half(gzipSync(content)), { status, headers: sent });
    return withHeaders(zipped, correlation, { ...more, "content-encoding": "gzip" });
  }
  return withHeaders(new Response(content, { status, headers: sent }), correlation, more);
}

function half<T extends string | Uint8Array<ArrayBuffer>>(
  content: T,
): string | Uint8Array<ArrayBuffer> {
  return content.slice(0, Math.floor(content.length / 2));
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

/** A refusal with Graph's error body. */
export function failed(error: GraphError, correlation: Correlation): Response {
  const { requestId, clientRequestId } = correlation;
  const response = Response.json(graphErrorBody(error, requestId, clientRequestId), {
    status: error.status,
    headers: error.headers ?? {},
  });
  return withHeaders(response, correlation);
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

/** Adds what Graph always sends. */
export function withHeaders(
  response: Response,
  { requestId, clientRequestId }: Correlation,
  more: Record<string, string> = {},
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
