import type { ConnectionStatus } from "./connection.ts";
import type { ToldFailure } from "./read-models.ts";
import type {
  ListedApplication,
  OrganisationCheckState,
  OrganisationStatus,
  SaasCredentialKind,
  SaasRegion,
} from "./saas-organisation.ts";

/** An organisation of SaaS Management as people see it. Instants ISO UTC. */
export interface OrganisationItem {
  readonly id: string;
  readonly name: string;
  readonly region: SaasRegion;
  /** Its number at SaaS Management. */
  readonly orgId: string;
  readonly status: OrganisationStatus;
  /** Why the credential in use does not work. */
  readonly problem: ToldFailure | null;
  readonly verifiedAt: string | null;
  /** The one in use, else the candidate. */
  readonly credential: {
    readonly kind: SaasCredentialKind;
    readonly state: "candidate" | "active";
    readonly version: number;
    /** Null = nobody has said. */
    readonly expiresAt: string | null;
  } | null;
  readonly check: OrganisationCheckItem | null;
  /** The Microsoft applications it listed when last verified, by name. */
  readonly applications: readonly (ListedApplication & {
    readonly connection: ApplicationConnection | null;
  })[];
  readonly connections: readonly ApplicationConnection[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null = never. */
  readonly workerSeenSecondsAgo: number | null;
}

/** One check of an organisation's credential. Instants ISO UTC. */
export interface OrganisationCheckItem {
  readonly id: string;
  readonly state: OrganisationCheckState;
  readonly error: ToldFailure | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** A connection that reads one of an organisation's applications. */
export interface ApplicationConnection {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string | null;
  /** What another connection calls the tenant. */
  readonly tenantName: string | null;
  readonly status: ConnectionStatus;
  readonly managedAppId: string;
}
