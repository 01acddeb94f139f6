import type { Tx } from "#db/client";
import { recordAudit, systemAuditActor } from "#db/queries/audit";
import { inLeftWorkspace, moveClaim } from "#db/queries/claim-moves";
import type { ConnectionKey } from "#db/queries/connections";
import { holdsVerification, type VerificationJob } from "#db/queries/verifications";
import { endConnection, lockTenant } from "./end-connection.ts";
import { raiseAlert } from "./raise-alert.ts";

/** How the workspace that lost a tenant is told of who moved it: no name of a person or of the other workspace. */
const administrator = "an administrator of the tenant";

/**
 * Takes a claim from the workspace that has it, when the job's proof allows that (docs/security.md, Tenant claims): in
 * the caller's transaction the claim moves and the connection that had it ends in its own workspace, audited there, with
 * an alert. Null when the proof does not allow it; nothing changed then. Otherwise the connection that ended.
 */
export async function takeMovedClaim(
  tx: Tx,
  job: VerificationJob,
  tenantId: string,
): Promise<ConnectionKey | null> {
  if (!job.proof || !(await holdsVerification(tx, job))) return null;
  const { workspaceId, connectionId, source } = job.connection;
  const { consentAttemptId } = job.proof;
  const left = await moveClaim(tx, { workspaceId, connectionId, consentAttemptId });
  if (left === null) return null;
  await inLeftWorkspace(tx, { left: left.workspaceId, own: workspaceId }, async () => {
    const ending = { ...left, tenantId };
    await lockTenant(tx, ending);
    const ended = await endConnection(tx, ending, { by: administrator, because: "claim-moved" });
    await raiseAlert(tx, left.workspaceId, {
      kind: "claim-moved",
      connectionId: left.connectionId,
      source,
    });
    await recordAudit(tx, {
      workspaceId: left.workspaceId,
      actor: systemAuditActor,
      action: "connection.disconnected",
      target: { kind: "connection", id: left.connectionId },
      details: { tenantId, because: "claim-moved", by: administrator, ...ended },
    });
  });
  await recordAudit(tx, {
    workspaceId,
    actor: systemAuditActor,
    action: "claim.moved-here",
    target: { kind: "connection", id: connectionId },
    details: { tenantId, requestedBy: job.requestedBy, verificationId: job.verificationId },
  });
  return left;
}
