import type { Cadence, Weekday } from "./cadence.ts";
import type { Cloud, ConnectionStatus, DisconnectReason, Method, Source } from "./connection.ts";
import type { ImportState } from "./import.ts";
import type { ServiceLimit } from "./import-wait.ts";
import type { LeftOutReason } from "./license.ts";
import type { OverdueReason } from "./overdue.ts";
import type { AsOf, ToldFailure } from "./read-models.ts";

export interface ConnectionItem {
  readonly id: string;
  readonly name: string;
  /** The customer's own label of the enterprise its tenant belongs to; null = none. */
  readonly enterprise: string | null;
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly clientId: string | null;
  readonly status: ConnectionStatus;
  readonly problem: ToldFailure | null;
  /** Names of permissions asked for since its consent, which its last verification did not find granted. */
  readonly newPermissions: readonly string[];
  readonly asOf: AsOf;
  /** Licenses that count. */
  readonly licenses: number;
  readonly atRisk: number;
  /** Seats; null = not known, because nothing tells whether its seats are used. */
  readonly idleUnits: number | null;
  /** Why none of its licenses counts; null = they do, or nothing was imported. */
  readonly leftOut: LeftOutReason | null;
  readonly credential: {
    readonly kind: "secret" | "certificate";
    readonly expiresAt: string | null;
    readonly version: number;
    /** SHA-1 of the certificate in upper-case hex, as Microsoft's portal shows it; null for a secret. */
    readonly thumbprint: string | null;
  } | null;
  readonly lastImport: {
    readonly id: string;
    readonly state: ImportState;
    readonly createdAt: string;
    readonly finishedAt: string | null;
    /** What it waits for while it runs. */
    readonly limits: readonly ServiceLimit[];
  } | null;
  readonly heldImportId: string | null;
  /** Null before it was first ready, and once it is disconnected. */
  readonly schedule: ScheduleItem | null;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null while it is connected. */
  readonly disconnected: Disconnected | null;
}

/** How a connection ended; `at` ISO UTC. `by` names a member, a token, or an administrator of the tenant. */
export interface Disconnected {
  readonly at: string;
  readonly by: string | null;
  readonly because: DisconnectReason;
}

/** When a connection is imported by itself, whether that works, and what it last led to. */
export interface ScheduleItem {
  readonly cadence: Cadence;
  /** Null for daily. */
  readonly weekday: Weekday | null;
  /** `HH:MM` by the wall clock of the time zone. */
  readonly time: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly paused: boolean;
  /** Null while paused. */
  readonly nextRunAt: string | null;
  /** `joined`: the import was under way when the run was due. Runs missed while no worker ran are caught up by one. */
  readonly lastRun: {
    readonly dueAt: string;
    readonly at: string;
    readonly importId: string;
    readonly joined: boolean;
  } | null;
  /** The numbers are older than the schedule allows; null while it is kept. */
  readonly overdue: {
    readonly reason: OverdueReason;
    readonly dueAt: string;
    readonly what: string;
    readonly action: string;
  } | null;
  readonly changedAt: string;
  readonly changedBy: string;
}
