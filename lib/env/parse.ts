import { z } from "zod";
import type { DatabaseLocation } from "#db/locate";
import type { WebSettings, WorkerSettings } from "#lib/services/context";
import { opens, privateKeys, publicKey } from "./keys.ts";
import {
  multiTenantSecretNames,
  type Problem,
  readMultiTenantApps,
  readMultiTenantCredentials,
} from "./multi-tenant-app.ts";
import {
  compactOrigins,
  databaseLocation,
  guid,
  guidList,
  megabytes,
  origin,
  originList,
  originsByCloud,
  port,
  postgresUrl,
} from "./values.ts";

/** An environment as a program got it. */
export type Source = Readonly<Record<string, string | undefined>>;

/** What the web program needs beside its platform. Source: DESIGN §6 Environment. */
export interface WebEnv extends WebSettings {
  readonly production: boolean;
  readonly port: number;
  readonly nextAuthSecret: string;
  /** The registration people sign in with. `tenantId` is a GUID, or `organizations` with SIGN_IN_TENANTS. */
  readonly signIn: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** For the log at start. */
  readonly warnings: readonly string[];
}

/** What the worker needs; its database URL is known once the location is opened. */
export interface WorkerEnv extends Omit<WorkerSettings, "databaseUrl"> {
  readonly database: DatabaseLocation;
  readonly saasManagementOrigin: string | null;
}

/** What the command line needs: the owner's database. */
export interface CliEnv {
  readonly ownerDatabase: DatabaseLocation;
}

/** Everything that is wrong with an environment: one line each, never a value. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly problems: readonly string[];
  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ variable, message }) => `${variable} ${message}.`);
    super(lines.join("\n"));
    this.problems = lines;
  }
}

const missing = "is missing";
const text = z.string(missing);

const shared = z.object({
  APP_URL: text.pipe(origin),
  SECRETS_PUBLIC_KEY: text.pipe(publicKey),
  SIGN_IN_TENANTS: guidList.optional(),
  MICROSOFT_LOGIN_ORIGIN: origin.optional(),
  MICROSOFT_GRAPH_ORIGIN: origin.optional(),
  MICROSOFT_PORTAL_ORIGIN: origin.optional(),
  MICROSOFT_ORIGINS: originsByCloud.optional(),
  REPORT_DOWNLOAD_ORIGINS: originList.optional(),
});

const web = shared.extend({
  NODE_ENV: z.string().optional(),
  PORT: port.default(3000),
  DATABASE_URL: text.pipe(
    databaseLocation.refine(
      (value) => value !== "embedded",
      "must be a URL here: npm start opens the embedded database and passes its URL on",
    ),
  ),
  PACKAGE_MAX_MEGABYTES: megabytes.default(512),
  NEXTAUTH_SECRET: text.pipe(z.string().min(32, "must have at least 32 characters")),
  AUTH_ENTRA_TENANT_ID: text.pipe(
    z.union([z.literal("organizations"), guid], 'must be a GUID, or "organizations"'),
  ),
  AUTH_ENTRA_CLIENT_ID: text.pipe(guid),
  AUTH_ENTRA_CLIENT_SECRET: text,
});

const worker = shared.extend({
  DATABASE_URL: text.pipe(databaseLocation),
  DATA_DIR: z.string().default(".data"),
  SECRETS_PRIVATE_KEYS: text.pipe(privateKeys),
  SAAS_MANAGEMENT_ORIGIN: origin.optional(),
});

/** Variables of each program, the multi-tenant apps' aside. */
export const webNames: readonly string[] = Object.keys(web.shape);
export const workerNames: readonly string[] = Object.keys(worker.shape);

const cli = z.object({
  DATABASE_URL: databaseLocation.optional(),
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default(".data"),
});

/** Parses the web program's environment. Throws EnvironmentError with every problem at once. */
export function parseWebEnv(environment: Source): WebEnv {
  const source = withoutEmpty(environment);
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const apps = readMultiTenantApps(source, problems);
  const secrets = ["SECRETS_PRIVATE_KEYS", ...multiTenantSecretNames].filter(
    (name) => source[name] !== undefined,
  );
  for (const variable of secrets) {
    const message = "is for the worker alone and must not reach the web program";
    if (source.NODE_ENV === "production") problems.push({ variable, message });
    else warnings.push(`${variable} ${message}.`);
  }
  if (source.AUTH_ENTRA_TENANT_ID === "organizations" && !source.SIGN_IN_TENANTS) {
    const message = 'is missing: AUTH_ENTRA_TENANT_ID "organizations" lets every tenant sign in';
    problems.push({ variable: "SIGN_IN_TENANTS", message });
  }
  const callback = source.NEXTAUTH_URL;
  if (
    callback !== undefined &&
    URL.parse(callback)?.origin !== URL.parse(source.APP_URL ?? "")?.origin
  ) {
    problems.push({ variable: "NEXTAUTH_URL", message: "must equal APP_URL, or be left out" });
  }
  const values = parse(web, source, problems);
  return {
    ...platformOf(values, apps),
    databaseUrl: values.DATABASE_URL,
    production: values.NODE_ENV === "production",
    port: values.PORT,
    nextAuthSecret: values.NEXTAUTH_SECRET,
    cursorSecret: values.NEXTAUTH_SECRET,
    packageMaxBytes: values.PACKAGE_MAX_MEGABYTES * 1024 ** 2,
    signIn: {
      tenantId: values.AUTH_ENTRA_TENANT_ID,
      clientId: values.AUTH_ENTRA_CLIENT_ID,
      clientSecret: values.AUTH_ENTRA_CLIENT_SECRET,
    },
    warnings,
  };
}

/** Parses the worker's environment. Throws EnvironmentError with every problem at once. */
export function parseWorkerEnv(environment: Source): WorkerEnv {
  const source = withoutEmpty(environment);
  const problems: Problem[] = [];
  const apps = readMultiTenantApps(source, problems);
  const { credentials, expiries } = readMultiTenantCredentials(source, problems);
  const sealing = publicKey.safeParse(source.SECRETS_PUBLIC_KEY);
  const opening = privateKeys.safeParse(source.SECRETS_PRIVATE_KEYS);
  if (sealing.success && opening.success && !opens(opening.data, sealing.data)) {
    const message = "holds no key that opens what SECRETS_PUBLIC_KEY seals";
    problems.push({ variable: "SECRETS_PRIVATE_KEYS", message });
  }
  const values = parse(worker, source, problems);
  return {
    ...platformOf(values, apps),
    database: locationOf(values.DATABASE_URL, values.DATA_DIR),
    secretsPrivateKeys: values.SECRETS_PRIVATE_KEYS,
    multiTenantCredentials: credentials,
    multiTenantExpiries: expiries,
    saasManagementOrigin: values.SAAS_MANAGEMENT_ORIGIN ?? null,
  };
}

/** Parses what commands on the database need. Throws EnvironmentError. */
export function parseCliEnv(environment: Source): CliEnv {
  const source = withoutEmpty(environment);
  const problems: Problem[] = [];
  if (!source.MIGRATION_DATABASE_URL && source.DATABASE_URL !== "embedded") {
    const message =
      'is missing: the URL of the database\'s owner (or set DATABASE_URL to "embedded")';
    problems.push({ variable: "MIGRATION_DATABASE_URL", message });
  }
  const values = parse(cli, source, problems);
  return {
    ownerDatabase: locationOf(values.MIGRATION_DATABASE_URL ?? "embedded", values.DATA_DIR),
  };
}

/** Where DATABASE_URL leads; null when it is missing or wrong. */
export function findDatabaseLocation(environment: Source): DatabaseLocation | null {
  const source = withoutEmpty(environment);
  const url = databaseLocation.safeParse(source.DATABASE_URL);
  return url.success ? locationOf(url.data, source.DATA_DIR ?? ".data") : null;
}

/** An empty variable counts as one that is not set. */
const withoutEmpty = (source: Source): Source =>
  Object.fromEntries(
    Object.entries(source)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ""),
  );

function parse<T>(schema: z.ZodType<T>, source: Source, problems: Problem[]): T {
  const result = schema.safeParse(source);
  if (!result.success) {
    const seen = new Set<string>();
    for (const issue of result.error.issues) {
      const variable = String(issue.path[0]);
      // One line per variable: the first problem is the one to solve.
      if (!seen.has(variable)) problems.push({ variable, message: issue.message });
      seen.add(variable);
    }
  }
  if (problems.length > 0 || !result.success) throw new EnvironmentError(problems);
  return result.data;
}

function platformOf(
  values: z.infer<typeof shared>,
  multiTenantApp: WebSettings["multiTenantApp"],
): Omit<WebSettings, "databaseUrl"> {
  const byCloud = Object.entries(values.MICROSOFT_ORIGINS ?? {}).map(
    ([cloud, origins]) => [cloud, compactOrigins(origins ?? {})] as const,
  );
  const origins: WebSettings["origins"] = Object.fromEntries(byCloud);
  return {
    appUrl: values.APP_URL,
    signInTenants: values.SIGN_IN_TENANTS ?? null,
    multiTenantApp,
    secretsPublicKey: values.SECRETS_PUBLIC_KEY,
    origins: {
      ...origins,
      global: {
        ...origins.global,
        ...compactOrigins({
          login: values.MICROSOFT_LOGIN_ORIGIN,
          graph: values.MICROSOFT_GRAPH_ORIGIN,
          portal: values.MICROSOFT_PORTAL_ORIGIN,
          reportDownloads: values.REPORT_DOWNLOAD_ORIGINS,
        }),
      },
    },
  };
}

const locationOf = (url: string, dataDir: string): DatabaseLocation =>
  url === "embedded" ? { kind: "embedded", dataDir } : { kind: "server", url };
