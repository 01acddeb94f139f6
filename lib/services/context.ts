import { hkdfSync, randomBytes, randomUUID } from "node:crypto";
import type { JWK } from "jose";
import { type Database, openDatabase } from "#db/client";
import type { AppCredentialRow } from "#db/queries/credential-health";
import { workerSessionName } from "#db/queries/workers";
import { openQueueSender, openQueueWorker, type QueueSender, type QueueWorker } from "#db/queue";
import { type Cloud, clouds } from "#lib/domain/connection";
import type { SaasRegion } from "#lib/domain/saas-organisation";
import { type OriginMap, type OriginOverrides, originsOf } from "#lib/microsoft/clouds";
import type { AppCredential } from "#lib/microsoft/token-endpoint";
import type { Actor } from "./actor.ts";
import { createMicrosoftGateway, type MicrosoftGateway } from "./microsoft-gateway.ts";
import { createPacing, type Pacing } from "./pacing.ts";
import { createSaasGateway, type SaasGateway } from "./saas-gateway.ts";
import { createOpener, createSealer, type Opener, type Sealer } from "./sealing.ts";

/** What the installation is set to; no secrets. Source: DESIGN §6 Environment. */
export interface PlatformConfig {
  /** Origin people and Microsoft's redirects come to, without a trailing slash. */
  readonly appUrl: string;
  /** Tenants people may sign in from; null = the configured sign-in tenant decides alone. */
  readonly signInTenants: readonly string[] | null;
  /** Our pre-registered app per cloud; a cloud without one does not offer the method. */
  readonly multiTenantApp: Readonly<Partial<Record<Cloud, { readonly clientId: string }>>>;
  /** Signs the cursors of lists. The worker serves no lists: its key is its own. */
  readonly cursorKey: Uint8Array;
  /** What one upload to the deprecated connector may have. Bytes. */
  readonly packageMaxBytes: number;
  /** Where a cloud's login and Graph live, with the configured replacements. */
  readonly originsOf: (cloud: Cloud) => OriginMap;
}

/** What a use case works with. Built here and nowhere else (DESIGN §3: the only composition root). */
export interface Platform {
  readonly db: Database;
  readonly queue: QueueSender;
  readonly sealer: Sealer;
  readonly config: PlatformConfig;
  readonly now: () => Date;
}

/** The worker's: it alone opens secrets and speaks with Microsoft. */
export interface WorkerPlatform extends Platform {
  readonly queue: QueueWorker;
  readonly opener: Opener;
  readonly microsoft: MicrosoftGateway;
  readonly saasManagement: SaasGateway;
  readonly pacing: Pacing;
  /** What this worker signs in with as the installation's apps: kind and end, nothing more. */
  readonly appCredentials: readonly AppCredentialRow[];
  /** This process among the workers; its database sessions carry it. */
  readonly workerId: string;
  readonly log: WorkerLog;
}

/** Who asks, in which workspace. First argument of every use case. */
export interface Ctx {
  readonly platform: Platform;
  readonly workspaceId: string;
  readonly actor: Actor;
}

/** What the web program is started with. */
export interface WebSettings {
  readonly databaseUrl: string;
  readonly appUrl: string;
  readonly signInTenants: readonly string[] | null;
  readonly multiTenantApp: Readonly<Partial<Record<Cloud, { readonly clientId: string }>>>;
  readonly origins: Readonly<Partial<Record<Cloud, OriginOverrides>>>;
  readonly secretsPublicKey: JWK;
  /** What the key of list cursors is derived from, the same on every web process (NEXTAUTH_SECRET). */
  readonly cursorSecret?: string;
  /** Bytes; 512 MiB by default. */
  readonly packageMaxBytes?: number;
}

/** What the worker is started with: the web program's settings and the secrets it alone may hold. */
export interface WorkerSettings extends WebSettings {
  readonly secretsPrivateKeys: { readonly keys: readonly JWK[] };
  readonly multiTenantCredentials: Readonly<Partial<Record<Cloud, AppCredential>>>;
  /** When the apps' credentials end, where that is known. */
  readonly multiTenantExpiries: Readonly<Partial<Record<Cloud, Date>>>;
  /** What replaces SaaS Management's origins, for all regions or for some; null = nothing. */
  readonly saasManagementOrigin: string | Readonly<Partial<Record<SaasRegion, string>>> | null;
}

/** Told about faults of the connection to the queue; the queue reconnects by itself. */
export type OnError = (error: unknown) => void;

/** Plain facts of a log line: ids, counts, codes. Never a secret, a link, or a person's data. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** What the worker's use cases write to its log; one line each. */
export interface WorkerLog {
  info(event: string, facts: LogFacts): void;
  /** Of the error only its kind, code and stack positions are written. */
  error(event: string, facts: LogFacts, error: unknown): void;
}

/** Connections to the database a web process may open. */
const webConnections = 10;

/** A package of five million accounts has about 300 MB. */
const defaultPackageMaxBytes = 512 * 1024 ** 2;

/** Enough for every job a worker holds at once, its beat and its reconciler. */
const workerConnections = 16;

/** The publish of a very large tenant is one statement of minutes. */
const publishTimeoutMs = 15 * 60_000;

/** The web program's platform. @throws when the database role is not the web program's own. */
export async function createWebPlatform(
  settings: WebSettings,
  onError: OnError,
): Promise<Platform & { close(): Promise<void> }> {
  const sealer = await createSealer(settings.secretsPublicKey);
  const applicationName = "seatledger-web";
  const db = await openDatabase({
    url: settings.databaseUrl,
    role: "web",
    max: webConnections,
    applicationName,
    statementTimeoutMs: 30_000,
  });
  const queue = await openQueueSender({
    url: settings.databaseUrl,
    applicationName,
    onError,
  }).catch(async (error: unknown) => {
    await db.close();
    throw error;
  });
  return {
    db,
    queue,
    sealer,
    config: configOf(settings),
    now: () => new Date(),
    close: async () => {
      await queue.close();
      await db.close();
    },
  };
}

/** The worker's platform. `close` ends the database connections; stop the queue before. */
export async function createWorkerPlatform(
  settings: WorkerSettings,
  log: WorkerLog,
): Promise<WorkerPlatform & { close(): Promise<void> }> {
  const sealer = await createSealer(settings.secretsPublicKey);
  const opener = await createOpener(settings.secretsPrivateKeys);
  const workerId = randomUUID();
  const applicationName = workerSessionName(workerId);
  const db = await openDatabase({
    url: settings.databaseUrl,
    role: "worker",
    max: workerConnections,
    applicationName,
    statementTimeoutMs: publishTimeoutMs,
  });
  const queue = await openQueueWorker({
    url: settings.databaseUrl,
    applicationName,
    onError: (error) => log.error("queue-fault", {}, error),
  }).catch(async (error: unknown) => {
    await db.close();
    throw error;
  });
  const config = configOf(settings);
  const pacing = createPacing(db, Date.now);
  return {
    db,
    queue,
    sealer,
    opener,
    pacing,
    appCredentials: appCredentialsOf(settings),
    workerId,
    microsoft: createMicrosoftGateway({
      appUrl: config.appUrl,
      originsOf: config.originsOf,
      clientIds: config.multiTenantApp,
      credentials: settings.multiTenantCredentials,
      pacing,
    }),
    saasManagement: createSaasGateway(settings.saasManagementOrigin),
    log,
    config,
    now: () => new Date(),
    close: () => db.close(),
  };
}

const appCredentialsOf = (settings: WorkerSettings): readonly AppCredentialRow[] =>
  clouds.flatMap((cloud) => {
    const credential = settings.multiTenantCredentials[cloud];
    const expiresAt = settings.multiTenantExpiries[cloud] ?? null;
    return credential === undefined ? [] : [{ cloud, kind: credential.kind, expiresAt }];
  });

const configOf = (settings: WebSettings): PlatformConfig => ({
  appUrl: settings.appUrl,
  signInTenants: settings.signInTenants,
  multiTenantApp: settings.multiTenantApp,
  cursorKey: cursorKey(settings.cursorSecret),
  packageMaxBytes: settings.packageMaxBytes ?? defaultPackageMaxBytes,
  originsOf: (cloud) => originsOf(cloud, settings.origins[cloud]),
});

/** Derived, so that a cursor tells nothing about the secret of sessions. */
const cursorKey = (secret: string | undefined): Uint8Array =>
  secret === undefined
    ? randomBytes(32)
    : new Uint8Array(hkdfSync("sha256", secret, "", "seatledger list cursors", 32));
