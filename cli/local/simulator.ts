import { z } from "zod";
import { type Cloud, clouds } from "#lib/domain/connection";
import { CommandError } from "../command.ts";
import type { ProcessGroup } from "../processes.ts";

const app = z.object({
  clientId: z.string(),
  homeTenantId: z.string(),
  redirectUris: z.array(z.string()),
  secrets: z.array(z.object({ value: z.string() })),
});

const person = z.object({
  oid: z.string(),
  givenName: z.string(),
  surname: z.string(),
  userPrincipalName: z.string(),
  note: z.string(),
});

const registry = z.object({
  apps: z.array(app),
  clouds: z.partialRecord(z.enum(clouds), z.object({ apps: z.array(app) })),
  tenants: z.array(
    z.object({
      id: z.string(),
      cloud: z.enum(clouds),
      name: z.string(),
      size: z.number(),
      people: z.array(person),
      apps: z.array(app),
    }),
  ),
});

const ready = z.object({
  ready: z.literal(true),
  loginOrigin: z.string(),
  graphOrigin: z.string(),
  reportsOrigin: z.string(),
  clouds: z.partialRecord(z.enum(clouds), z.object({ login: z.string(), graph: z.string() })),
});

/** An app registration with a secret of its own. */
export interface Registration {
  readonly clientId: string;
  readonly secret: string;
  readonly homeTenantId: string;
}

/** One of Microsoft's clouds beside Global. */
export interface NationalCloud {
  readonly cloud: Cloud;
  readonly origins: { readonly login: string; readonly graph: string };
  /** The multi-tenant app's registration there; null where the installation has none. */
  readonly app: Registration | null;
}

export type SimulatedPerson = z.infer<typeof person>;
export type SimulatedTenant = z.infer<typeof registry>["tenants"][number];

/** A running simulator and what it has registered. */
export interface RunningSimulator {
  readonly origins: { readonly login: string; readonly graph: string; readonly reports: string };
  /** People's sign-in. */
  readonly signIn: Registration;
  readonly multiTenantApp: Registration;
  readonly national: readonly NationalCloud[];
  readonly tenants: readonly SimulatedTenant[];
  readonly saasManagement: SimulatedOrganisation;
}

/** An organisation of the simulated SaaS Management and what it lets in. Nothing here is a secret. */
export interface SimulatedOrganisation {
  readonly orgId: string;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The tenants it has an application for. */
  readonly tenantNames: readonly string[];
}

export interface SimulatorPorts {
  readonly login: number;
  readonly reports: number;
  readonly graph: number;
}

/** Starts the simulator (set `demo`) for an installation at `appUrl` and asks it what is registered there. */
export async function startSimulator(
  group: ProcessGroup,
  options: {
    readonly appUrl: string;
    readonly ports: SimulatorPorts;
    readonly env: Readonly<Record<string, string>>;
    readonly onLine: (line: string) => void;
  },
): Promise<RunningSimulator> {
  const { promise: started, resolve, reject } = Promise.withResolvers<z.infer<typeof ready>>();
  const child = group.start({
    name: "simulator",
    args: ["simulator/main.ts"],
    env: {
      ...options.env,
      SIMULATOR_APP_URL: options.appUrl,
      SIMULATOR_TENANTS: "demo",
      SIMULATOR_PORT: String(options.ports.login),
      SIMULATOR_REPORTS_PORT: String(options.ports.reports),
      SIMULATOR_GRAPH_PORT: String(options.ports.graph),
    },
    onLine(line) {
      options.onLine(line);
      const parsed = ready.safeParse(parseJson(line));
      if (parsed.success) resolve(parsed.data);
    },
  });
  child.once("exit", () => reject(new CommandError("The simulator did not start.")));
  const { loginOrigin, graphOrigin, reportsOrigin, clouds: origins } = await started;
  const response = await fetch(`${loginOrigin}/_simulator`);
  const registered = registry.parse(await response.json());
  const { apps, tenants } = registered;
  const atPath = (found: readonly z.infer<typeof app>[], path: string) =>
    found.find((each) => each.redirectUris.includes(`${options.appUrl}${path}`));
  const redirecting = (path: string) => toRegistration(atPath(apps, path));
  const national = clouds.flatMap((cloud): readonly NationalCloud[] => {
    const at = origins[cloud];
    if (cloud === "global" || at === undefined) return [];
    const found = atPath(registered.clouds[cloud]?.apps ?? [], "/connect/consent");
    return [{ cloud, origins: at, app: found === undefined ? null : toRegistration(found) }];
  });
  return {
    origins: { login: loginOrigin, graph: graphOrigin, reports: reportsOrigin },
    signIn: redirecting("/api/auth/callback/azure-ad"),
    multiTenantApp: redirecting("/connect/consent"),
    national,
    tenants,
    saasManagement: await addOrganisation(loginOrigin, tenants),
  };
}

/** Lets the simulator's SaaS Management manage the Microsoft 365 of the first two tenants. */
async function addOrganisation(
  origin: string,
  tenants: readonly SimulatedTenant[],
): Promise<SimulatedOrganisation> {
  const managed = tenants.slice(0, 2);
  const organisation = {
    orgId: "28010",
    refreshToken: "sim~refresh-token-of-the-simulator",
    clientId: "sim-service-account",
    clientSecret: "sim~service-account-secret-of-the-simulator",
  };
  const { orgId, refreshToken, clientId, clientSecret } = organisation;
  const response = await fetch(`${origin}/_simulator/saas-management/organisations`, {
    method: "PUT",
    body: JSON.stringify({
      id: orgId,
      tenantIds: managed.map(({ id }) => id),
      refreshToken,
      client: { id: clientId, secret: clientSecret },
    }),
  });
  if (!response.ok) throw new CommandError(`The simulator refused: ${await response.text()}`);
  return { ...organisation, tenantNames: managed.map(({ name }) => name) };
}

/** Throws when the registration, or its secret, is not there. */
export function toRegistration(found: z.infer<typeof app> | undefined): Registration {
  const [secret] = found?.secrets ?? [];
  if (found === undefined || secret === undefined) {
    throw new Error("The simulator lacks a registration this program needs.");
  }
  return { clientId: found.clientId, secret: secret.value, homeTenantId: found.homeTenantId };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
