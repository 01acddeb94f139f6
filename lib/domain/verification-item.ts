import type { ToldFailure } from "./read-models.ts";

export interface VerificationItem {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: "proof" | "credential" | "check";
  readonly state: "queued" | "running" | "waiting" | "succeeded" | "failed";
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly permissions: readonly PermissionItem[];
  readonly endpoints: readonly EndpointItem[];
  readonly error: ToldFailure | null;
  readonly workerSeenSecondsAgo: number | null;
}

export interface PermissionItem {
  readonly name: string;
  readonly mandatory: boolean;
  readonly granted: boolean;
  readonly gives: string;
  readonly without: string;
}

export interface EndpointItem {
  readonly endpoint: string;
  readonly permission: string | null;
  readonly mandatory: boolean;
  readonly outcome: "ok" | "missing-permission" | "not-licensed" | "not-offered" | "failed";
  readonly latencyMs: number | null;
  readonly error: ToldFailure | null;
}
