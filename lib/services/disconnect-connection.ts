import { z } from "zod";
import type { Tx } from "#db/client";
import { closeAlertsOf } from "#db/queries/alerts";
import { recordDisconnected, releaseClaim } from "#db/queries/connection-changes";
import { findConnection, lockConnection } from "#db/queries/connections";
import { eraseCredentials } from "#db/queries/credentials";
import { cancelActiveRuns, listHeldRuns } from "#db/queries/import-changes";
import { discardHeldRun } from "#db/queries/publish";
import { recomputeReconciliation } from "#db/queries/reconcile";
import { loadSwitchFacts, lockScope } from "#db/queries/switch-facts";
import { endOpenVerifications } from "#db/queries/verification-requests";
import { unsettledConnections } from "#lib/domain/switch-preview";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { settleAppExpiry } from "./settle-expiry.ts";
import { recomputeAll } from "./switch-source.ts";

export const disconnectConnectionInput = z.strictObject({ connectionId: guid });

/**
 * Ends the link to a tenant in one transaction: runs cancelled and fenced, secrets erased, the claim released, licenses
 * Retired (`disconnected`) with their history kept. Doing it again changes nothing. Source: fault-catalogue A14. Right:
 * manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function disconnectConnection(
  ctx: Ctx,
  input: z.input<typeof disconnectConnectionInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { connectionId } = parseInput(disconnectConnectionInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  await inWorkspace(ctx, async (tx) => {
    const found = await findConnection(tx, key);
    if (found !== undefined) await lockTenant(tx, ctx, found.tenantId);
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    if (connection.status === "disconnected") return;
    const cancelled = await endEverything(tx, ctx, connectionId);
    const erased = await eraseCredentials(tx, key);
    await releaseClaim(tx, key);
    await recordDisconnected(tx, key);
    await closeAlertsOf(tx, key, "claim-moved");
    await settleAppExpiry(tx, ctx.workspaceId);
    await recomputeReconciliation(tx, { ...key, cause: "status" });
    if (connection.tenantId !== null) await settleTenant(tx, ctx, connection.tenantId);
    await auditChange(tx, ctx, {
      action: "connection.disconnected",
      target: { kind: "connection", id: connectionId },
      details: { tenantId: connection.tenantId, cancelled, credentialsErased: erased },
    });
  });
}

/** All connections of the tenant, in one order: another one of them may count from now on. */
async function lockTenant(tx: Tx, ctx: Ctx, tenantId: string | null): Promise<void> {
  if (tenantId === null) return;
  await lockScope(tx, { workspaceId: ctx.workspaceId, tenantId }, true);
}

/** What was shown and not counted counts when the source below it is gone. Source: DESIGN §5 Superseding. */
async function settleTenant(tx: Tx, ctx: Ctx, tenantId: string): Promise<void> {
  const facts = await loadSwitchFacts(tx, { workspaceId: ctx.workspaceId, tenantId });
  await recomputeAll(tx, ctx, unsettledConnections(facts));
}

/** Ends runs, held reads and checks; returns the datasets whose reading was cut off. */
async function endEverything(tx: Tx, ctx: Ctx, connectionId: string): Promise<readonly string[]> {
  const { workspaceId } = ctx;
  const key = { workspaceId, connectionId };
  const decidedBy = ctx.actor.name;
  const ended = await cancelActiveRuns(tx, { ...key, decidedBy });
  for (const runId of await listHeldRuns(tx, key)) {
    await discardHeldRun(tx, { workspaceId, runId, decidedBy });
  }
  await endOpenVerifications(tx, key, { class: "tenant", code: "disconnected" });
  return ended.map((run) => run.dataset);
}
