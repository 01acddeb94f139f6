import { randomUUID } from "node:crypto";
import type { Cloud, PermissionName } from "#lib/domain/connection";
import { later, never, upstream } from "#lib/http/failures";
import { type Clock, parseRetryAfter, systemClock, withRetries } from "#lib/http/retry";
import {
  defaultLimits,
  type Fetch,
  type HttpLimits,
  type OpenResponse,
  openResponse,
  parseJson,
  readText,
  smallBodyBytes,
} from "#lib/http/transport";
import type { SourceWait } from "#lib/import/ports";
import { mayDownloadFrom, type OriginMap } from "./clouds.ts";
import { classifyGraphError, parseGraphError } from "./graph-errors.ts";
import type { PacedRequest, Pacer } from "./pacing.ts";
import { waitForTurn } from "./wait-for-turn.ts";

/** One GET. `url` is a path on the Graph origin or a link from there. */
export interface GraphRequest extends PacedRequest {
  readonly url: string;
  /** Named when Graph answers 403. */
  readonly permission: PermissionName;
  readonly consistencyLevel?: "eventual";
  readonly signal: AbortSignal;
  readonly onWait?: (wait: SourceWait) => void;
  /** Fewer attempts than the import makes: for a check a person waits for. */
  readonly maxAttempts?: number;
  /** Less patience than the client's deadline, ms. */
  readonly deadlineMs?: number;
  /** A limit of this many milliseconds or more ends the request with ReadPaused. Never by default. */
  readonly pauseFromMs?: number;
  /** A person waits for the answer: not to be served after everything else. False for an import's. */
  readonly urgent?: boolean;
}

export interface GraphClient {
  readonly cloud: Cloud;
  readonly origins: OriginMap;
  readonly clock: Clock;
  readonly limits: HttpLimits;
  /** The JSON of a 200. @throws UpstreamError */
  getJson(request: GraphRequest): Promise<unknown>;
  /** Where a 302 points; null when Graph answered 200 or 204 without a body. @throws UpstreamError */
  getRedirect(request: GraphRequest): Promise<string | null>;
  /** Opens a pre-authenticated file, one attempt, without any credential. @throws UpstreamError */
  openDownload(url: string, signal: AbortSignal): Promise<OpenResponse>;
}

export interface GraphClientOptions {
  readonly cloud: Cloud;
  readonly origins: OriginMap;
  readonly getToken: (options: { fresh: boolean; signal: AbortSignal }) => Promise<string>;
  readonly fetch: Fetch;
  /** What this tenant may be asked, shared with everybody who asks it. */
  readonly pacer: Pacer;
  readonly sleep?: Clock["sleep"];
  readonly now?: Clock["now"];
  readonly random?: Clock["random"];
  /** Longest time one request may take with all its waits, ms. */
  readonly deadlineMs?: number;
  readonly limits?: Partial<HttpLimits>;
}

/** Below the 30 minutes after which a run without a committed page counts as stuck (DESIGN §4.2). */
const defaultDeadlineMs = 25 * 60_000;

/**
 * The one way to ask Graph: retries, throttling, token refresh and error classes live here.
 * The bearer token is sent to the configured Graph origin and nowhere else. Source: DESIGN §4.4.
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { cloud, origins, fetch, pacer } = options;
  const clock: Clock = {
    now: options.now ?? systemClock.now,
    random: options.random ?? systemClock.random,
    sleep: options.sleep ?? systemClock.sleep,
  };
  const limits: HttpLimits = { ...defaultLimits, ...options.limits };
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;

  const send = (request: GraphRequest, url: string, token: string) =>
    openResponse(
      fetch,
      url,
      { method: "GET", headers: headersFor(request, token), signal: request.signal },
      limits,
    );

  /** One attempt: a 401 is answered once with a token from Entra instead of the cache. */
  async function attempt(request: GraphRequest, url: string, deadline: number) {
    // Before the turn: fetched after it, it would make this request late and crowd it with the next one.
    const token = await options.getToken({ fresh: false, signal: request.signal });
    await waitForTurn({ pacer, clock }, request, deadline);
    const first = await send(request, url, token);
    if (first.status !== 401) return first;
    first.discard();
    const fresh = await options.getToken({ fresh: true, signal: request.signal });
    return send(request, url, fresh);
  }

  async function failureOf(request: GraphRequest, response: OpenResponse) {
    const html = isHtml(response);
    const text = await readText(response, smallBodyBytes).catch((error: unknown) => {
      request.signal.throwIfAborted();
      if (response.status < 400) throw error;
      return "";
    });
    const retryAfterMs = parseRetryAfter(response.header("retry-after"), clock.now());
    const error = classifyGraphError(
      {
        status: response.status,
        retryAfterMs,
        requestId: response.header("request-id"),
        error: parseGraphError(parseJson(text)),
        html,
      },
      request.permission,
    );
    if (error.failure.class === "throttled" && retryAfterMs !== null) {
      await pacer.limit(request.service, retryAfterMs);
    }
    return error;
  }

  const run = <T>(request: GraphRequest, read: (response: OpenResponse) => Promise<T>) => {
    const url = graphUrl(request.url, origins);
    const patienceMs = Math.min(deadlineMs, request.deadlineMs ?? deadlineMs);
    const deadline = clock.now() + patienceMs;
    return withRetries(async () => read(await attempt(request, url, deadline)), {
      clock,
      signal: request.signal,
      deadlineMs: patienceMs,
      ...(request.maxAttempts === undefined ? {} : { maxAttempts: request.maxAttempts }),
      ...(request.onWait ? { onWait: request.onWait } : {}),
      ...(request.pauseFromMs === undefined ? {} : { pauseFromMs: request.pauseFromMs }),
    });
  };

  return {
    cloud,
    origins,
    clock,
    limits,
    getJson: (request) =>
      run(request, async (response) => {
        if (response.status !== 200) throw await failureOf(request, response);
        const body = parseJson(await readText(response, limits.maxJsonBytes));
        if (body === undefined) throw upstream("unreadable-response", later(), { status: 200 });
        return body;
      }),
    getRedirect: (request) =>
      run(request, async (response) => {
        const location = response.header("location");
        if (response.status === 302 && location) {
          response.discard();
          return location;
        }
        if (response.status !== 200 && response.status !== 204)
          throw await failureOf(request, response);
        if ((await readText(response, smallBodyBytes)).trim() === "") return null;
        throw upstream("unreadable-response", later(), { status: response.status });
      }),
    openDownload: async (url, signal) => {
      const target = URL.canParse(url) ? new URL(url) : null;
      if (!target || !mayDownloadFrom(target, origins)) {
        throw upstream("report-host-refused", never, { facts: { host: target?.host ?? "?" } });
      }
      return openResponse(
        fetch,
        target.href,
        { method: "GET", headers: downloadHeaders, signal },
        limits,
      );
    },
  };
}

/** Uncompressed: a compressed file cut short decodes without an error and would look complete. */
const downloadHeaders = { accept: "*/*", "accept-encoding": "identity" };

/** An import gives way to people and to other apps of the tenant. Source: reference/microsoft-graph.md §4.1. */
const lowPriority = { "x-ms-throttle-priority": "low" };

const isHtml = (response: OpenResponse): boolean =>
  response.header("content-type")?.toLowerCase().includes("html") ?? false;

const headersFor = (request: GraphRequest, token: string): Record<string, string> => ({
  accept: "application/json",
  authorization: `Bearer ${token}`,
  "client-request-id": randomUUID(),
  "return-client-request-id": "true",
  ...(request.urgent ? {} : lowPriority),
  ...(request.consistencyLevel ? { ConsistencyLevel: request.consistencyLevel } : {}),
});

/** The absolute URL, on the configured Graph origin or refused: the token must not leave it. */
function graphUrl(url: string, origins: OriginMap): string {
  if (url.startsWith("/") && !url.startsWith("//")) return origins.graph + url;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || parsed.origin !== origins.graph || parsed.username || parsed.password) {
    throw upstream("link-refused", never, { facts: { host: parsed?.host ?? "?" } });
  }
  return url;
}
