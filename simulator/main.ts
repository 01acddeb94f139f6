import { setFlagsFromString } from "node:v8";
import { cloudNames } from "./clouds.ts";
import { createSimulator } from "./create-simulator.ts";
import { defaultApps, nationalApps } from "./defaults.ts";
import { tenantSets } from "./demo/tenants.ts";
import { type TenantRequest, tenantFromRequest } from "./specs.ts";
import type { AppRegistration, TenantSpec } from "./types.ts";

/** Reads a port variable; stops the start with one line when it is no port. */
function port(name: string, standard: number): number {
  const text = process.env[name] ?? String(standard);
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    fail(`${name} must be a port number.`);
  return value;
}

/** `SIMULATOR_TENANTS`: the name of a set, or a JSON list of tenant requests. */
function tenants(): TenantSpec[] {
  const text = process.env.SIMULATOR_TENANTS ?? "demo";
  const set = tenantSets[text];
  if (set) return set();
  return list<TenantRequest, TenantSpec>("SIMULATOR_TENANTS", text, tenantFromRequest);
}

/** `SIMULATOR_APPS`: a JSON list of registrations; otherwise those of a Seatledger at `SIMULATOR_APP_URL` (comma-separated). */
function apps(): AppRegistration[] {
  const text = process.env.SIMULATOR_APPS;
  if (text) return list<AppRegistration, AppRegistration>("SIMULATOR_APPS", text, (app) => app);
  return defaultApps(appUrls);
}

const appUrls = (process.env.SIMULATOR_APP_URL ?? "http://localhost:3000")
  .split(",")
  .map((url) => url.trim());

/** A JSON list from a variable, entry by entry; stops the start with the reason when it is none. */
function list<T, R>(name: string, text: string, read: (entry: T) => R): R[] {
  try {
    const entries: T[] = JSON.parse(text);
    return entries.map(read);
  } catch (error) {
    fail(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

// Pages of a million users are all garbage: a young generation that grows with them only costs memory.
setFlagsFromString("--semi-space-growth-factor=1");

const ports = {
  loginPort: port("SIMULATOR_PORT", 4400),
  reportsPort: port("SIMULATOR_REPORTS_PORT", 4401),
  graphPort: port("SIMULATOR_GRAPH_PORT", 4402),
};
const simulator = await createSimulator({
  ...ports,
  latencyMs: Number(process.env.SIMULATOR_LATENCY_MS ?? 0),
  tenants: tenants(),
  apps: apps(),
  clouds: cloudNames,
  nationalApps: nationalApps(appUrls),
}).catch((error: NodeJS.ErrnoException & { port?: number }) => {
  if (error.code !== "EADDRINUSE") throw error;
  fail(
    `Port ${error.port} is taken. Set SIMULATOR_PORT, SIMULATOR_REPORTS_PORT or SIMULATOR_GRAPH_PORT.`,
  );
});
const { loginOrigin, graphOrigin, reportsOrigin, clouds } = simulator;
process.stdout.write(
  `${JSON.stringify({ ready: true, loginOrigin, graphOrigin, reportsOrigin, clouds })}\n`,
);

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    simulator.close().then(() => process.exit(0));
  });
}
