import { z } from "zod";
import { type Clock, systemClock } from "#lib/http/retry";
import { createFetch } from "#lib/http/transport";
import { originsOf } from "../clouds.ts";
import { createGraphClient, type GraphClient } from "../graph-client.ts";
import { createTokenProvider, type TokenProvider } from "../token.ts";
import type { TenantTruth } from "./import-source-contract.ts";
import { createUnpacedPacer } from "./local-pacer.ts";

/** Where a running simulator listens. */
export interface SimulatorOrigins {
  readonly loginOrigin: string;
  readonly graphOrigin: string;
  readonly reportsOrigin: string;
}

/** A request of the simulator's control API; its README lists the fields. */
export type ControlBody = Readonly<Record<string, unknown>>;

/** A tenant of the simulator, reached as a connection with a registered app reaches it. */
export interface SimulatedTenant {
  readonly tenantId: string;
  readonly clientId: string;
  readonly client: GraphClient;
  readonly tokens: TokenProvider;
  setFaults(faults: readonly ControlBody[]): Promise<void>;
  /** Changes what an administrator granted the app. */
  changeApp(change: ControlBody): Promise<void>;
  revokeTokens(): Promise<void>;
  truth(): Promise<TenantTruth>;
  /** Requests the simulator saw, and those made before it allowed them. */
  requests(): Promise<{ readonly total: number; readonly early: number }>;
}

/** A clock whose waits are a hundredth as long, and that says they were whole: for faults that do not watch the time. */
export function createHurriedClock(): Clock {
  let skipped = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + skipped,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms / 100, signal);
      skipped += ms;
    },
  };
}

/** Adds a tenant and builds the client for its registered app. */
export async function addTenant(
  { loginOrigin, graphOrigin, reportsOrigin }: SimulatorOrigins,
  request: ControlBody,
  clock: Clock = createHurriedClock(),
): Promise<SimulatedTenant> {
  const control = (method: string, path: string, body?: unknown) =>
    call(`${loginOrigin}/_simulator${path}`, method, body);
  const created = createdTenant.parse(await control("POST", "/tenants", request));
  const [app] = created.apps;
  const origins = originsOf("global", {
    login: loginOrigin,
    graph: graphOrigin,
    reportDownloads: [reportsOrigin],
  });
  const fetch = createFetch();
  const tokens = createTokenProvider({
    cloud: "global",
    origins,
    tenantId: created.id,
    clientId: app.clientId,
    credential: { kind: "secret", secret: app.secrets[0].value },
    fetch,
  });
  const path = `/tenants/${created.id}`;
  return {
    tenantId: created.id,
    clientId: app.clientId,
    client: createGraphClient({
      cloud: "global",
      origins,
      getToken: tokens.getToken,
      fetch,
      pacer: createUnpacedPacer(clock.now),
      ...clock,
    }),
    tokens,
    setFaults: async (faults) => void (await control("PUT", `${path}/faults`, faults)),
    changeApp: async (change) =>
      void (await control("PATCH", `${path}/apps/${app.clientId}`, change)),
    revokeTokens: async () => void (await control("POST", `${path}/revoke-tokens`)),
    truth: () => readTruth(`${loginOrigin}/_simulator${path}`),
    requests: async () => {
      const log = requestLog.parse(await control("GET", `${path}/requests`));
      return {
        total: log.requests.length,
        early: log.requests.filter(({ early }) => early).length,
      };
    },
  };
}

const createdTenant = z.object({
  id: z.string(),
  apps: z.tuple([
    z.object({ clientId: z.string(), secrets: z.tuple([z.object({ value: z.string() })]) }),
  ]),
});

/** The JSON of an answer, undefined for an empty one. @throws Error when the simulator refuses. */
async function call(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await globalThis.fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const requestLog = z.object({ requests: z.array(z.object({ early: z.boolean() })) });

const day = z.string().nullable();
const truthWire = z.object({
  tenantId: z.string(),
  displayName: z.string(),
  deletedUsers: z.number(),
  groups: z.array(z.object({ id: z.string() })),
  reports: z.object({ refreshDate: z.string(), concealed: z.boolean() }),
  skus: z.array(
    z.object({
      skuId: z.string(),
      listed: z.boolean(),
      units: z.object({ enabled: z.number(), warning: z.number() }).nullable(),
      holders: z.number(),
    }),
  ),
  subscriptions: z.array(z.object({ id: z.string() })),
});
const assignmentWire = z.object({
  userId: z.string(),
  skuId: z.string(),
  held: z.boolean(),
  origin: z.enum(["direct", "group", "both", "unknown"]).nullable(),
  error: z.boolean(),
  since: day,
});
const userWire = z.object({
  userId: z.string(),
  userPrincipalName: z.string(),
  blocked: z.boolean(),
  guest: z.boolean(),
  evidence: z.object({ usage: day }),
  signIns: z.object({ lastSuccessful: day }).nullable(),
});

async function readTruth(control: string): Promise<TenantTruth> {
  const text = async (path: string) => (await globalThis.fetch(control + path)).text();
  const lines = async (path: string): Promise<unknown[]> =>
    (await text(path))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const truth = truthWire.parse(JSON.parse(await text("/truth")));
  const users = z.array(userWire).parse(await lines("/truth/users"));
  return {
    tenantId: truth.tenantId,
    displayName: truth.displayName,
    skus: truth.skus.flatMap(({ skuId, units, holders }) =>
      units ? [{ skuId, enabled: units.enabled, expiring: units.warning, holders }] : [],
    ),
    subscriptionIds: truth.subscriptions.map(({ id }) => id.toLowerCase()),
    groupIds: truth.groups.map(({ id }) => id.toLowerCase()),
    deletedUsers: truth.deletedUsers,
    reportsConcealed: truth.reports.concealed,
    reportDate: truth.reports.refreshDate,
    users: users.map(({ evidence, signIns, ...user }) => ({
      userId: user.userId,
      userPrincipalName: user.userPrincipalName,
      blocked: user.blocked,
      guest: user.guest,
      lastSuccessfulSignIn: signIns?.lastSuccessful ?? null,
      lastUse: evidence.usage,
    })),
    assignments: z.array(assignmentWire).parse(await lines("/truth/assignments")),
  };
}
