import { and, desc, eq, lt } from "drizzle-orm";
import type { Tx } from "#db/client";
import { auditEvents } from "#db/schema/workspaces";

/** Who did something, as the audit log names them. `visitor` is a browser nobody has signed in from. */
export interface AuditActor {
  readonly kind: "member" | "token" | "system" | "visitor";
  readonly id: string | null;
  readonly name: string;
}

/** One entry of the audit log. `details` holds plain facts: no secret, no error object, no person of the tenant. */
export interface AuditEntry {
  readonly workspaceId: string;
  readonly actor: AuditActor;
  /** Verb of the vocabulary, such as `connection.verified` or `consent.refused`. */
  readonly action: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly details?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/** What the worker does by itself. */
export const systemAuditActor: AuditActor = { kind: "system", id: null, name: "Seatledger" };

/** Writes an audit entry in the transaction of the change it tells about. */
export async function recordAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.insert(auditEvents).values({
    workspaceId: entry.workspaceId,
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    actorName: entry.actor.name,
    action: entry.action,
    targetKind: entry.target?.kind ?? null,
    targetId: entry.target?.id ?? null,
    details: { ...entry.details },
    address: entry.address ?? null,
  });
}

/** One event as the auditor reads it; `at` ISO UTC. */
export interface AuditRow {
  readonly id: number;
  readonly at: string;
  readonly actorKind: "member" | "token" | "system" | "visitor";
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly targetKind: string | null;
  readonly targetId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Events, newest first; `before` continues after that event's id. */
export async function listAuditRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly action?: string | undefined;
    readonly targetId?: string | undefined;
    readonly before: number | null;
    readonly limit: number;
  },
): Promise<readonly AuditRow[]> {
  const rows = await tx
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      actorKind: auditEvents.actorKind,
      actorId: auditEvents.actorId,
      actorName: auditEvents.actorName,
      action: auditEvents.action,
      targetKind: auditEvents.targetKind,
      targetId: auditEvents.targetId,
      details: auditEvents.details,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, query.workspaceId),
        query.action === undefined ? undefined : eq(auditEvents.action, query.action),
        query.targetId === undefined ? undefined : eq(auditEvents.targetId, query.targetId),
        query.before === null ? undefined : lt(auditEvents.id, query.before),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(query.limit);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
