import type { Tx } from "#db/client";
import { closeAlertsOf } from "#db/queries/alerts";
import { recordDisconnected, releaseClaim } from "#db/queries/connection-changes";
import type { ConnectionKey } from "#db/queries/connections";
import { eraseCredentials } from "#db/queries/credentials";
import { cancelActiveRuns, listHeldRuns } from "#db/queries/import-changes";
import { cancelOpenPackages } from "#db/queries/packages";
import { discardHeldRun } from "#db/queries/publish";
import { recomputeReconciliation } from "#db/queries/reconcile";
import { loadSwitchFacts, lockScope } from "#db/queries/switch-facts";
import { revokeUploadTokens } from "#db/queries/upload-tokens";
import { endOpenVerifications } from "#db/queries/verification-requests";
import type { DisconnectReason } from "#lib/domain/connection";
import { unsettledConnections } from "#lib/domain/switch-facts";
import { settleAppExpiry } from "./settle-expiry.ts";
import { recomputeAll } from "./switch-source.ts";

/** Who ended a connection, as its page and the audit log tell it, and why. */
export interface EndedBy {
  readonly by: string;
  readonly because: DisconnectReason;
}

/** What an end did: datasets whose reading was cut off, and how many secrets were erased. */
export interface EndOfConnection {
  readonly cancelled: readonly string[];
  readonly credentialsErased: number;
}

/** A connection that ends, with the tenant it was for. */
export interface EndingConnection extends ConnectionKey {
  readonly tenantId: string | null;
}

/** Locks all connections of the tenant, in one order: another one of them may count from now on. */
export async function lockTenant(tx: Tx, key: EndingConnection): Promise<void> {
  const { workspaceId, tenantId } = key;
  if (tenantId !== null) await lockScope(tx, { workspaceId, tenantId }, true);
}

/**
 * Ends the link to a tenant, for a caller that has locked tenant and connection: runs cancelled and fenced, held reads and
 * checks ended, packages cancelled and upload tokens revoked, secrets erased, the claim released, alerts resolved, licenses Retired (`disconnected`) with their
 * history kept. Nothing here authorises or audits. Source: fault-catalogue A14.
 */
export async function endConnection(
  tx: Tx,
  { tenantId, ...key }: EndingConnection,
  ended: EndedBy,
): Promise<EndOfConnection> {
  const { workspaceId } = key;
  const decidedBy = ended.by;
  const runs = await cancelActiveRuns(tx, { ...key, decidedBy });
  for (const runId of await listHeldRuns(tx, key)) {
    await discardHeldRun(tx, { workspaceId, runId, decidedBy });
  }
  await cancelOpenPackages(tx, key);
  await revokeUploadTokens(tx, key);
  await endOpenVerifications(tx, key, { class: "tenant", code: "disconnected" });
  const credentialsErased = await eraseCredentials(tx, key);
  await releaseClaim(tx, key);
  await recordDisconnected(tx, key, ended);
  await closeAlertsOf(tx, key, "claim-moved");
  await settleAppExpiry(tx, workspaceId);
  await recomputeReconciliation(tx, { ...key, cause: "status" });
  if (tenantId !== null) await settleTenant(tx, workspaceId, tenantId);
  return { cancelled: runs.map(({ dataset }) => dataset), credentialsErased };
}

/** What was shown and not counted counts when the source below it is gone. Source: DESIGN §5 Superseding. */
async function settleTenant(tx: Tx, workspaceId: string, tenantId: string): Promise<void> {
  const facts = await loadSwitchFacts(tx, { workspaceId, tenantId });
  await recomputeAll(tx, { workspaceId }, unsettledConnections(facts));
}
