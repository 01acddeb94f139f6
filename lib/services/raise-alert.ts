import type { Tx } from "#db/client";
import { closeAlert, openAlert, saveAlert } from "#db/queries/alerts";
import { type AlertFacts, type AlertFinding, type AlertKey, nextAlert } from "#lib/domain/alert";

/**
 * Tells a workspace that something is wrong, in the transaction that finds it out. Raising what is open already keeps the
 * one alert and notes that it was seen; facts that got worse take an acknowledgement back (lib/domain/alert.ts). The
 * transaction is the workspace's own: nothing can be raised for another one. A new trouble is a new kind of `AlertFacts`
 * with its key, severity and text, and whoever finds it gone resolves it:
 *
 *     await raiseAlert(tx, workspaceId, { kind: "upload-failed", connectionId, fault });
 *     await resolveAlert(tx, workspaceId, { kind: "upload-failed", subject: connectionId });
 */
export async function raiseAlert(tx: Tx, workspaceId: string, facts: AlertFacts): Promise<void> {
  const { id, before } = await openAlert(tx, workspaceId, facts);
  const next = before === null ? null : nextAlert(before, { found: "wrong", facts });
  if (next !== null) await saveAlert(tx, { workspaceId, id }, next);
}

/** What the key is about works again; nothing happens where no alert is open. */
export const resolveAlert = (tx: Tx, workspaceId: string, key: AlertKey): Promise<void> =>
  closeAlert(tx, workspaceId, key);

/** Raises or resolves one alert per finding. */
export async function settleAlerts(
  tx: Tx,
  workspaceId: string,
  findings: readonly AlertFinding[],
): Promise<void> {
  for (const finding of findings) {
    if (finding.found === "wrong") await raiseAlert(tx, workspaceId, finding.facts);
    else await resolveAlert(tx, workspaceId, finding.key);
  }
}
