import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Maybe } from "#lib/domain/quantity";
import { reconcileConnection } from "./reconcile.ts";
import { type Basis, loadBasis } from "./reconcile-basis.ts";

interface Key {
  readonly workspaceId: string;
  readonly connectionId: string;
}

const reasonOf = (source: Maybe<unknown>): string | null =>
  source.kind === "unknown" ? source.reason : null;

/**
 * Reconciles anew when what gives evidence is no longer what the current reconciliation was computed with: another day,
 * another snapshot, a source that fell away or came back. Evidence that is still fresh stays usable when a later attempt
 * is refused, so that nothing moves then. The caller has locked the connection. Source: DESIGN §5 Activity.
 */
export async function reconcileIfEvidenceMoved(tx: Tx, key: Key): Promise<void> {
  const basis = await loadBasis(tx, key);
  if (basis === null || (await isCurrent(tx, key, basis))) return;
  await reconcileConnection(tx, { ...key, cause: "status" });
}

async function isCurrent(tx: Tx, key: Key, basis: Basis): Promise<boolean> {
  const same = await tx.execute(sql`
    select 1 from connections c
    join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    where c.workspace_id = ${key.workspaceId} and c.id = ${key.connectionId}
      and r.evaluated_on = ${basis.evaluatedOn}::date
      and r.directory_snapshot_id is not distinct from ${basis.directorySnapshotId}::bigint
      and r.sign_ins_snapshot_id is not distinct from ${basis.signInsSnapshotId}::bigint
      and r.usage_snapshot_id is not distinct from ${basis.usageSnapshotId}::bigint
      and r.sign_ins_unavailable is not distinct from ${reasonOf(basis.signIns)}
      and r.usage_unavailable is not distinct from ${reasonOf(basis.usage)}
      and r.mailbox_unavailable is not distinct from ${reasonOf(basis.mailbox)}`);
  return same.length === 1;
}
