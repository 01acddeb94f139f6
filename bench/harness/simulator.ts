import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import {
  addTenant,
  type ControlBody,
  type SimulatedTenant,
  type SimulatorOrigins,
} from "../../lib/microsoft/testing/simulated-tenant.ts";
import { type Program, scriptArguments, startNode } from "./processes.ts";

/** The simulated Microsoft in a process of its own. */
export interface BenchSimulator extends SimulatorOrigins {
  readonly program: Program;
  /** Adds a tenant and makes it count itself, which large ones do on the first list of SKUs. */
  addTenant(request: ControlBody): Promise<BenchTenant>;
  close(): Promise<void>;
}

export interface BenchTenant extends Pick<SimulatedTenant, "tenantId" | "clientId" | "setFaults"> {
  readonly secret: string;
  /** A token of its registered app. */
  token(): Promise<string>;
  /** ms from a request of Graph to its answer. */
  setLatency(ms: number): Promise<void>;
  /** How many times faster than real time waits the simulator asks for pass. */
  setClockScale(times: number): Promise<void>;
  /** Requests Microsoft allows: of its reporting service in 10 s, of one usage report in 10 minutes. */
  setLimits(limits: {
    readonly reportingLimit: number;
    readonly reportLimit: number;
  }): Promise<void>;
  /** Requests to Graph since the last `forgetRequests`, and those that came before a 429 allowed them. */
  requests(): Promise<{
    readonly total: number;
    readonly early: number;
    /** Answers 429 among the last 2 000. */
    readonly refused: number;
    /** Those for the list of users. */
    readonly users: number;
  }>;
  forgetRequests(): Promise<void>;
  /** Truth row by row: NDJSON as it comes. */
  truth(of: "users" | "assignments"): AsyncIterable<string>;
}

/** Of the simulator's answer, what is counted here. */
interface RequestLog {
  readonly total: number;
  readonly earlyRetries: number;
  readonly byStream: { readonly users?: number };
  readonly requests: readonly { readonly status: number }[];
}

const secret = "sim8Q~secret-of-the-benchmark";

/** Starts `npm run simulator` on free ports. */
export async function startSimulator(): Promise<BenchSimulator> {
  const program = startNode(scriptArguments("simulator"), {
    SIMULATOR_PORT: "0",
    SIMULATOR_REPORTS_PORT: "0",
    SIMULATOR_GRAPH_PORT: "0",
    SIMULATOR_TENANTS: "none",
  });
  const origins = await program.line((line): SimulatorOrigins | undefined =>
    line.startsWith("{") ? JSON.parse(line) : undefined,
  );
  return {
    ...origins,
    program,
    addTenant: (request) => addBenchTenant(origins, request),
    close: async () => void (await program.end("SIGTERM")),
  };
}

async function addBenchTenant(
  origins: SimulatorOrigins,
  request: ControlBody,
): Promise<BenchTenant> {
  const tenant = await addTenant(origins, { ...request, app: { secret } });
  const { tenantId, clientId, setFaults, tokens } = tenant;
  const control = `${origins.loginOrigin}/_simulator/tenants/${tenantId}`;
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(`${control}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const turn = async (knobs: ControlBody): Promise<void> => {
    await ask("/knobs", {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(knobs),
    });
  };
  await (await ask("/truth")).text();
  return {
    tenantId,
    clientId,
    secret,
    setFaults,
    token: () => tokens.getToken({ fresh: true, signal: new AbortController().signal }),
    setLatency: (latencyMs) => turn({ latencyMs }),
    setClockScale: (clockScale) => turn({ clockScale }),
    setLimits: (limits) => turn(limits),
    requests: async () => {
      const log: RequestLog = JSON.parse(await (await ask("/requests")).text());
      return {
        total: log.total,
        early: log.earlyRetries,
        refused: log.requests.filter(({ status }) => status === 429).length,
        users: log.byStream.users ?? 0,
      };
    },
    forgetRequests: async () => void (await ask("/requests", { method: "DELETE" })),
    truth: (of) => ndjson(() => ask(`/truth/${of}`)),
  };
}

/** Rows of a truth as they come. */
export async function* ndjson(open: () => Promise<Response>): AsyncGenerator<string, void> {
  const { body } = await open();
  if (body === null) return;
  for await (const line of createInterface({ input: Readable.from(body) })) {
    if (line !== "") yield line;
  }
}
