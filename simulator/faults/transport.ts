import { setTimeout as sleep } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { gzipBomb, hugeBody } from "./bodies.ts";
import type { FaultEngine, Situation } from "./engine.ts";

/** Hono environment of all simulator servers; the bindings are absent when a test calls `app.request`. */
export type SimulatorEnv = { Bindings: Partial<HttpBindings> };

const HTML_ERROR =
  "<html><head><title>Service Unavailable</title></head><body><h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible.</p></body></html>";

/**
 * Faults that take the place of an answer before any work is done: delay, hang, reset, endless bodies and server errors.
 * Returns undefined when the request should be answered normally.
 */
export async function transportFault(
  c: Context<SimulatorEnv>,
  faults: FaultEngine,
  situation: Situation,
): Promise<Response | undefined> {
  const slow = faults.hit("slow", situation);
  if (slow) await sleep(slow.delayMs);
  const hang = faults.hit("hang", situation);
  if (hang?.when === "before-headers") await faults.changed();
  else if (hang) return stalled(c, faults, hang.when);
  const reset = faults.hit("reset", situation);
  if (reset) return reset.when === "mid-body" ? broken(c) : resetConnection(c);
  const bomb = faults.hit("gzip-bomb", situation);
  if (bomb) return gzipBomb(bomb.megabytes);
  const huge = faults.hit("huge-body", situation);
  if (huge) return hugeBody(huge.megabytes);
  const failure = faults.hit("server-error", situation);
  if (!failure) return undefined;
  const headers: Record<string, string> =
    failure.retryAfter === undefined ? {} : { "retry-after": failure.retryAfter };
  return new Response(failureBody(failure.body, failure.status), {
    status: failure.status,
    headers: {
      ...headers,
      "content-type": failure.body === "html" ? "text/html" : "application/json",
    },
  });
}

function failureBody(shape: "json" | "html" | "empty", status: number): string | null {
  if (shape === "html") return HTML_ERROR;
  if (shape === "empty") return null;
  const code =
    status === 503
      ? "serviceNotAvailable"
      : status === 500
        ? "InternalServerError"
        : "UnknownError";
  return JSON.stringify({
    error: { code, message: "", innerError: { date: new Date().toISOString().slice(0, 19) } },
  });
}

const HALF_A_DOCUMENT = new TextEncoder().encode('{"value":[{"id":"');

/** Closes the connection without an answer. */
function resetConnection(c: Context<SimulatorEnv>): Response {
  const socket = c.env?.outgoing?.socket;
  if (!socket) return broken(c);
  socket.resetAndDestroy();
  return new Response(null);
}

/** Sends half a JSON document, then breaks off. */
function broken(c: Context<SimulatorEnv>): Response {
  return partial(true, async (controller) => {
    // The half has to leave before the connection goes.
    await sleep(20);
    breakOff(c, controller);
  });
}

/** Sends the headers, and half a JSON document or nothing of it; then nothing until the faults change. */
function stalled(
  c: Context<SimulatorEnv>,
  faults: FaultEngine,
  when: "after-headers" | "mid-body",
): Response {
  return partial(when === "mid-body", async (controller) => {
    await faults.changed();
    breakOff(c, controller);
  });
}

function partial(
  withHalf: boolean,
  rest: (controller: ReadableStreamDefaultController) => Promise<void>,
): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (withHalf) controller.enqueue(HALF_A_DOCUMENT);
    },
    pull: rest,
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** Ends a response in the middle: by its connection, or without one (in `app.request`) by an error of the stream. */
function breakOff(c: Context<SimulatorEnv>, controller: ReadableStreamDefaultController): void {
  const socket = c.env?.outgoing?.socket;
  if (socket) socket.resetAndDestroy();
  else controller.error(new Error("connection reset by the simulator"));
}
