import type { Cloud, ConnectionStatus } from "./connection.ts";
import type { ExpiryStage } from "./credential-expiry.ts";
import type { SaasCredentialKind } from "./saas-organisation.ts";

/** A credential that connections rest on. Instants ISO UTC. */
export interface CredentialItem {
  /** The connection's, organisation's or token's id, or the installation's cloud. */
  readonly id: string;
  readonly holder:
    | { readonly kind: "connection"; readonly name: string; readonly status: ConnectionStatus }
    | { readonly kind: "organisation"; readonly name: string; readonly connections: number }
    | { readonly kind: "installation"; readonly cloud: Cloud; readonly connections: number }
    /** What uploads packages by itself; `name` is the token's, `tenant` that of the connection it uploads to. */
    | {
        readonly kind: "collector";
        readonly name: string;
        readonly connectionId: string;
        readonly tenant: string;
        readonly lastUsedAt: string | null;
      };
  readonly credential: "secret" | "certificate" | "upload-token" | SaasCredentialKind;
  /** A candidate is used once it is verified. */
  readonly state: "active" | "candidate";
  /** Null = nobody has said. */
  readonly expiresAt: string | null;
  /** Null while more than 60 days are left, or the end is not known. Microsoft's word that it has expired goes first. */
  readonly stage: ExpiryStage | null;
  readonly verifiedAt: string | null;
}

/** A key pair a worker makes for a registered app, until it is used. Instants ISO UTC, thumbprints upper-case hex. */
export interface KeyPairItem {
  readonly connectionId: string;
  readonly credentialId: string;
  /** Null while no worker has made it. */
  readonly certificate: {
    readonly sha1: string;
    readonly sha256: string;
    readonly expiresAt: string;
  } | null;
  readonly workerSeenSecondsAgo: number | null;
}
