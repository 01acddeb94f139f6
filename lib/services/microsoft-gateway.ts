import type { Cloud } from "#lib/domain/connection";
import { createFetch } from "#lib/http/transport";
import type { ImportSource } from "#lib/import/ports";
import type { OriginMap } from "#lib/microsoft/clouds";
import { createGraphClient, type GraphClient } from "#lib/microsoft/graph-client";
import { type ProofResult, redeemProof } from "#lib/microsoft/proof";
import { createGraphSource } from "#lib/microsoft/source";
import { findTenantCloud } from "#lib/microsoft/tenant-cloud";
import { createTokenProvider, type TokenProvider } from "#lib/microsoft/token";
import type { AppCredential } from "#lib/microsoft/token-endpoint";
import { type VerificationReport, verifyAccess } from "#lib/microsoft/verify";
import type { Pacing } from "./pacing.ts";

/** An app with the credential it shows. */
export interface App {
  readonly clientId: string;
  readonly credential: AppCredential;
}

/** An app speaking for one connection in one tenant. */
export interface AppAccess extends App {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly cloud: Cloud;
  /** GUID. */
  readonly tenantId: string;
  /** Changes with the credential: tokens of an older one are dropped. */
  readonly credentialVersion: string;
}

/** The code one proof leg brought back. */
export interface ProofCode {
  readonly cloud: Cloud;
  /** The tenant the consent leg named. */
  readonly tenantId: string;
  readonly code: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly signal: AbortSignal;
}

/** Everything the worker asks Microsoft for. Whether that is Microsoft or a simulator is decided by origins alone. */
export interface MicrosoftGateway {
  /** The installation's multi-tenant app in a cloud; null when it is not set up there. */
  multiTenantApp(cloud: Cloud): App | null;
  source(access: AppAccess): ImportSource;
  /** @throws the signal's reason when it aborts; every other outcome is in the report. */
  verify(access: AppAccess, signal: AbortSignal): Promise<VerificationReport>;
  /** @throws UpstreamError when the code or the credential is refused, or Microsoft cannot be reached. */
  redeem(app: App, code: ProofCode): Promise<ProofResult>;
  /** The cloud a tenant (GUID) lives in; null when no login knows it. @throws the signal's reason when it aborts. */
  cloudOf(tenantId: string, signal: AbortSignal): Promise<Cloud | null>;
  /** Forgets the connection's tokens: the next call asks Entra, so a revoked consent shows at once. */
  dropTokens(connectionId: string): void;
  /** Connections something is kept of in memory. */
  known(): readonly string[];
  /** Forgets the connection altogether: tokens, and the credential they came from. */
  forget(connectionId: string): void;
}

export interface MicrosoftGatewayOptions {
  readonly appUrl: string;
  readonly originsOf: (cloud: Cloud) => OriginMap;
  readonly clientIds: Readonly<Partial<Record<Cloud, { readonly clientId: string }>>>;
  readonly credentials: Readonly<Partial<Record<Cloud, AppCredential>>>;
  readonly pacing: Pick<Pacing, "pacerOf">;
  /** Connections whose tokens are kept in memory at once. */
  readonly maxClients?: number;
}

interface Client {
  readonly key: string;
  readonly tokens: TokenProvider;
  readonly graph: GraphClient;
}

/** One token cache per (connection, credential version), least recently used out first. Source: reference/fault-catalogue.md §3. */
export function createMicrosoftGateway(options: MicrosoftGatewayOptions): MicrosoftGateway {
  const { originsOf, maxClients = 200 } = options;
  const fetch = createFetch();
  const clients = new Map<string, Client>();

  function createClient(key: string, access: AppAccess): Client {
    const { cloud, tenantId, clientId, credential } = access;
    const origins = originsOf(cloud);
    const tokens = createTokenProvider({ cloud, origins, tenantId, clientId, credential, fetch });
    const pacer = options.pacing.pacerOf(access);
    const graph = createGraphClient({ cloud, origins, getToken: tokens.getToken, fetch, pacer });
    return { key, tokens, graph };
  }

  function clientFor(access: AppAccess): Client {
    const { connectionId } = access;
    const key = [access.cloud, access.tenantId, access.clientId, access.credentialVersion].join(
      " ",
    );
    const known = clients.get(connectionId);
    const client = known?.key === key ? known : createClient(key, access);
    clients.delete(connectionId);
    clients.set(connectionId, client);
    const [oldest] = clients.keys();
    if (clients.size > maxClients && oldest !== undefined) clients.delete(oldest);
    return client;
  }

  return {
    multiTenantApp: (cloud) => {
      const clientId = options.clientIds[cloud]?.clientId;
      const credential = options.credentials[cloud];
      return clientId && credential ? { clientId, credential } : null;
    },
    source: (access) => createGraphSource({ client: clientFor(access).graph }),
    verify: (access, signal) => {
      const { graph, tokens } = clientFor(access);
      return verifyAccess({ client: graph, tokens, tenantId: access.tenantId, signal });
    },
    redeem: (app, { cloud, ...code }) =>
      redeemProof({
        ...app,
        ...code,
        origins: originsOf(cloud),
        redirectUri: `${options.appUrl}/connect/proof`,
        fetch,
        now: Date.now,
      }),
    cloudOf: (tenant, signal) => findTenantCloud({ tenant, originsOf, fetch, signal }),
    dropTokens: (connectionId) => clients.get(connectionId)?.tokens.dropTokens(),
    known: () => [...clients.keys()],
    forget: (connectionId) => {
      clients.get(connectionId)?.tokens.close();
      clients.delete(connectionId);
    },
  };
}
