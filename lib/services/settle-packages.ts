import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import type { ConnectionKey } from "#db/queries/connections";
import { findLastPackage, findUsedToken, listArrivalDays } from "#db/queries/package-arrivals";
import { expiryStageSince } from "#lib/domain/credential-expiry";
import { packageRhythm, rhythmDays } from "#lib/domain/package-rhythm";
import { raiseAlert, resolveAlert } from "./raise-alert.ts";

/**
 * One alert while the packages of a connection, which came regularly, do not come any more, and one while the token its
 * collector uses is near its end or has ended. The database's clock decides. To be called whenever a package came, a
 * token changed, or time went by.
 */
export async function settlePackages(tx: Tx, key: ConnectionKey): Promise<void> {
  const { workspaceId, connectionId } = key;
  const now = await databaseNow(tx);
  const rhythm = packageRhythm(await listArrivalDays(tx, key, rhythmDays));
  const last = await findLastPackage(tx, key);
  if (rhythm !== null && last !== undefined && rhythm.dueBy < now) {
    await raiseAlert(tx, workspaceId, {
      kind: "packages-overdue",
      connectionId,
      collectedAt: last.collectedAt.toISOString(),
      everyDays: rhythm.everyDays,
    });
  } else await resolveAlert(tx, workspaceId, { kind: "packages-overdue", subject: connectionId });

  const token = await findUsedToken(tx, key);
  const stage =
    token === undefined ? null : expiryStageSince(token.createdAt, token.expiresAt, now);
  if (token === undefined || stage === null) {
    await resolveAlert(tx, workspaceId, { kind: "upload-token-expiry", subject: connectionId });
  } else {
    await raiseAlert(tx, workspaceId, {
      kind: "upload-token-expiry",
      connectionId,
      expiresAt: token.expiresAt.toISOString(),
      stage,
    });
  }
}
