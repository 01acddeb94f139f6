import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { CommandError } from "../command.ts";
import type { Registration, SimulatedTenant } from "../local/simulator.ts";

const connections = z.object({
  items: z.array(z.object({ id: z.string(), tenantId: z.string().nullable() })),
});
const imports = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
const created = z.object({ id: z.string() });
const importState = z.object({ state: z.string() });

const activeStates = new Set(["queued", "running"]);
const doneStates = new Set(["succeeded", "partial", "suspect"]);
const importTimeoutMs = 150_000;

/** How the first tenant stands. */
export type Connected =
  | { readonly kind: "was-there" }
  | { readonly kind: "imported"; readonly state: string };

/**
 * Connects a tenant by its registered app and imports it, through the API as any customer's script would. Does nothing
 * when that was done before; finishes what an interrupted start left. Throws CommandError when the import fails.
 */
export async function connectTenant(
  appUrl: string,
  token: string,
  tenant: SimulatedTenant,
  app: Registration,
): Promise<Connected> {
  const api = createApi(appUrl, token);
  const known = connections.parse(await api("GET", "/connections"));
  const existing = known.items.find((connection) => connection.tenantId === tenant.id);
  const { id: connectionId } =
    existing ??
    created.parse(
      await api("POST", "/connections", {
        name: tenant.name,
        source: "microsoft-365",
        method: "registered-app",
        cloud: "global",
        tenantId: tenant.id,
        clientId: app.clientId,
        credential: { kind: "secret", secret: app.secret },
      }),
    );
  const past = imports.parse(await api("GET", `/imports?connectionId=${connectionId}`)).items;
  if (past.some((run) => doneStates.has(run.state))) return { kind: "was-there" };
  const active = past.find((run) => activeStates.has(run.state));
  const { id: importId } =
    active ?? created.parse(await api("POST", `/connections/${connectionId}/imports`, {}));
  return { kind: "imported", state: await waitForImport(api, importId, tenant.name) };
}

async function waitForImport(api: Api, importId: string, name: string): Promise<string> {
  const deadline = Date.now() + importTimeoutMs;
  for (;;) {
    const { state } = importState.parse(await api("GET", `/imports/${importId}`));
    if (doneStates.has(state)) return state;
    if (!activeStates.has(state)) throw new CommandError(`The import of ${name} ended: ${state}.`);
    if (Date.now() > deadline) throw new CommandError(`The import of ${name} is still ${state}.`);
    await sleep(500);
  }
}

type Api = (method: "GET" | "POST", path: string, body?: unknown) => Promise<unknown>;

const createApi =
  (appUrl: string, token: string): Api =>
  async (method, path, body) => {
    const response = await fetch(`${appUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new CommandError(
        `${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`,
      );
    }
    return JSON.parse(text);
  };
