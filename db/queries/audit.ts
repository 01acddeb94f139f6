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
