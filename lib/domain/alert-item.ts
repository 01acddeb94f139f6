import type { AlertKind, AlertSeverity } from "./alert.ts";

/** Something a workspace has to know of, in words; an acknowledged one is in somebody's care. Instants ISO UTC. */
export interface AlertItem {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** Null for what concerns the installation. */
  readonly connectionId: string | null;
  readonly tenantId: string | null;
  /** What the tenant is called, else the connection. */
  readonly tenantName: string | null;
  readonly what: string;
  readonly hidden: string;
  readonly action: string;
  /** Path of the page on which something can be done about it. */
  readonly href: string;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly resolvedAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
}
