import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import type { Ctx } from "./context.ts";

/** What changed. `details` holds ids, states and names of fields: no secret, no person of a tenant. */
export interface Change {
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Tells of a change in the transaction that makes it. */
export const auditChange = (tx: Tx, ctx: Ctx, change: Change): Promise<void> =>
  recordAudit(tx, {
    workspaceId: ctx.workspaceId,
    actor: { kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name },
    action: change.action,
    target: change.target,
    ...(change.details === undefined ? {} : { details: change.details }),
  });
