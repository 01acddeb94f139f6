import { Agent, type Dispatcher, fetch as undiciFetch } from "undici";
import { later, never, UpstreamError, upstream } from "./failures.ts";

/** A request at the wire boundary. Redirects are never followed by the transport. */
export interface FetchInit {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** What we need of a response; the platform's and undici's both fit. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The transport: undici with keep-alive connections, or with the dispatcher given (a proxy, a test). */
export const createFetch = (dispatcher: Dispatcher = createAgent()): Fetch => {
  return (url, init) => undiciFetch(url, { ...init, dispatcher });
};

/** Keep-alive connections with a connect timeout of 10 s. Header and body timeouts are `openResponse`'s. */
const createAgent = (): Agent =>
  new Agent({ connect: { timeout: 10_000 }, keepAliveTimeout: 20_000, connections: 16 });

/** Milliseconds and bytes. Source: reference/fault-catalogue.md §4 "Response limits". */
export interface HttpLimits {
  readonly headerTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxJsonBytes: number;
  readonly maxReportBytes: number;
}

export const defaultLimits: HttpLimits = {
  headerTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  maxJsonBytes: 32 * 2 ** 20,
  maxReportBytes: 512 * 2 ** 20,
};

/** A small body may expand more than 100:1 without harm. */
const ratioFloorBytes = 8 * 2 ** 20;
const maxRatio = 100;

/** A response whose headers have arrived. The body must be read or discarded. */
export interface OpenResponse {
  readonly status: number;
  header(name: string): string | null;
  /** Chunks of the decompressed body. Throws UpstreamError `timed-out`, `network` or `response-too-large`. */
  chunks(maxBytes: number): AsyncGenerator<Uint8Array, void>;
  /** Gives the connection up without reading. */
  discard(): void;
}

/**
 * Sends one request and waits for the headers.
 * @throws UpstreamError `timed-out` or `network` (both may be retried); the signal's reason when the caller gave up.
 */
export async function openResponse(
  fetch: Fetch,
  url: string,
  init: Omit<FetchInit, "redirect">,
  limits: HttpLimits,
): Promise<OpenResponse> {
  init.signal.throwIfAborted();
  const abort = new AbortController();
  const request: FetchInit = {
    ...init,
    redirect: "manual",
    signal: AbortSignal.any([init.signal, abort.signal]),
  };
  const response = await guarded(init.signal, () =>
    inTime(fetch(url, request), limits.headerTimeoutMs, () => abort.abort()),
  );
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    chunks: (maxBytes) => readChunks(response, init.signal, abort, limits.idleTimeoutMs, maxBytes),
    discard: () => abort.abort(),
  };
}

async function* readChunks(
  response: FetchResponse,
  signal: AbortSignal,
  abort: AbortController,
  idleTimeoutMs: number,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void> {
  if (!response.body) return;
  const iterator = response.body[Symbol.asyncIterator]();
  const limit = byteLimit(response, maxBytes);
  let bytes = 0;
  let finished = false;
  try {
    for (;;) {
      const step = await guarded(signal, () =>
        inTime(iterator.next(), idleTimeoutMs, () => abort.abort()),
      );
      if (step.done) break;
      bytes += step.value.byteLength;
      if (bytes > limit)
        throw upstream("response-too-large", never, { facts: { limitBytes: limit } });
      yield step.value;
    }
    finished = true;
  } finally {
    if (!finished) abort.abort();
  }
}

/** The cap in bytes, lower when a declared compressed length would have to expand more than 100:1 to reach it. */
function byteLimit(response: FetchResponse, maxBytes: number): number {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const compressed = response.headers.get("content-encoding") !== null;
  if (!compressed || !Number.isFinite(length)) return maxBytes;
  return Math.min(maxBytes, Math.max(ratioFloorBytes, length * maxRatio));
}

/**
 * The whole body as text, UTF-8 without its byte order mark.
 * @throws UpstreamError as `chunks` does.
 */
export async function readText(response: OpenResponse, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.chunks(maxBytes))
    text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Enough for the body of an error, a token or a key set, bytes. */
export const smallBodyBytes = 2 ** 20;

/**
 * What a parsed body may hold. A page of 999 users with 40 licenses each has 130 000 objects and lists and 500 000
 * values. `[],` repeated to the byte limit would take a gigabyte and stop the process for seconds.
 * Source: reference/fault-catalogue.md B28.
 */
const maxContainers = 500_000;
const maxValues = 2_000_000;

/**
 * JSON, or undefined when the text is none (an HTML page, a body cut short).
 * @throws UpstreamError `response-too-large` for a text that would take far more memory than its length.
 */
export function parseJson(text: string): unknown {
  if (holdsMoreThan(text, maxContainers, ["{", "["]))
    throw upstream("response-too-large", never, { facts: { limitObjects: maxContainers } });
  if (holdsMoreThan(text, maxValues, [","]))
    throw upstream("response-too-large", never, { facts: { limitValues: maxValues } });
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Counts the marks, also those inside strings: the limits are far from what Microsoft sends. */
function holdsMoreThan(text: string, limit: number, marks: readonly string[]): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (const mark of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
}

class TimedOut extends Error {}

/** Rejects after `ms`, telling `onTimeout` so that the connection is freed. */
async function inTime<T>(work: Promise<T>, ms: number, onTimeout: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimedOut());
      onTimeout();
    }, ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

async function guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof UpstreamError) throw error;
    if (error instanceof TimedOut) throw upstream("timed-out", later());
    throw upstream("network", later(), {}, error);
  }
}
