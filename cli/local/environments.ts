import { multiTenantSecretNames } from "#lib/env/multi-tenant-app";
import { cloudInfix } from "#lib/env/values";
import type { LocalKeys } from "./keys.ts";
import type { RunningSimulator } from "./simulator.ts";

type Variables = Readonly<Record<string, string>>;

/** What an installation beside a simulator is made of. */
export interface LocalInstallation {
  readonly appUrl: string;
  readonly port: number;
  readonly keys: LocalKeys;
  readonly simulator: RunningSimulator;
  /** What every program may see of the system. */
  readonly system: Variables;
}

/** The web program's variables: no worker secret among them. */
export function localWebVariables(local: LocalInstallation, databaseUrl: string): Variables {
  const { signIn } = local.simulator;
  return {
    ...sharedVariables(local),
    DATABASE_URL: databaseUrl,
    PORT: String(local.port),
    NEXTAUTH_URL: local.appUrl,
    NEXTAUTH_SECRET: local.keys.nextAuthSecret,
    AUTH_ENTRA_TENANT_ID: signIn.homeTenantId,
    AUTH_ENTRA_CLIENT_ID: signIn.clientId,
    AUTH_ENTRA_CLIENT_SECRET: signIn.secret,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** The worker's variables: it alone opens secrets and proves itself as the multi-tenant app. */
export function localWorkerVariables(local: LocalInstallation, databaseUrl: string): Variables {
  return {
    ...sharedVariables(local),
    DATABASE_URL: databaseUrl,
    SECRETS_PRIVATE_KEYS: local.keys.privateKeys,
    MULTI_TENANT_APP_CLIENT_SECRET: local.simulator.multiTenantApp.secret,
    ...Object.fromEntries(
      local.simulator.national.flatMap(({ cloud, app }) =>
        app === null ? [] : [[`MULTI_TENANT_APP_${cloudInfix(cloud)}CLIENT_SECRET`, app.secret]],
      ),
    ),
  };
}

/**
 * Microsoft's origins are the simulator's. Variables that are not used are set empty: an `.env` in the folder, which Next
 * reads by itself, then changes nothing.
 */
function sharedVariables({ appUrl, keys, simulator, system }: LocalInstallation): Variables {
  return {
    ...system,
    APP_URL: appUrl,
    SECRETS_PUBLIC_KEY: keys.publicKey,
    MULTI_TENANT_APP_CLIENT_ID: simulator.multiTenantApp.clientId,
    MICROSOFT_LOGIN_ORIGIN: simulator.origins.login,
    MICROSOFT_GRAPH_ORIGIN: simulator.origins.graph,
    MICROSOFT_PORTAL_ORIGIN: simulator.origins.login,
    REPORT_DOWNLOAD_ORIGINS: simulator.origins.reports,
    MICROSOFT_ORIGINS: JSON.stringify(
      Object.fromEntries(
        simulator.national.map(({ cloud, origins }) => [
          cloud,
          { ...origins, portal: origins.login },
        ]),
      ),
    ),
    SIGN_IN_TENANTS: "",
    SAAS_MANAGEMENT_ORIGIN: simulator.origins.login,
    SECRETS_PRIVATE_KEYS: "",
    ...Object.fromEntries(multiTenantSecretNames.map((name) => [name, ""])),
    ...Object.fromEntries(
      simulator.national.map(({ cloud, app }) => [
        `MULTI_TENANT_APP_${cloudInfix(cloud)}CLIENT_ID`,
        app?.clientId ?? "",
      ]),
    ),
  };
}
