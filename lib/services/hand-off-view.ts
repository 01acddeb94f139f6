import type { AuditActor } from "#db/queries/audit";
import type { HandOffRow } from "#db/queries/hand-offs";
import { type HandOffEnd, handOffEnd } from "#lib/domain/hand-off";
import { hasRight } from "#lib/domain/role";

/** Whoever opens a link: nobody knows who they are until Microsoft says so. */
export const handOffActor = (handOffId: string): AuditActor => ({
  kind: "visitor",
  id: handOffId,
  name: "Administrator with a hand-off link",
});

/** Why a stored link cannot be used; null when it can. */
export const handOffEndOf = (row: HandOffRow): HandOffEnd | null =>
  handOffEnd({
    revoked: row.revokedAt !== null,
    used: row.usedAt !== null,
    expired: row.expired,
    connectionGone: row.connectionStatus === "disconnected" || row.method !== "multi-tenant-app",
    provenSince: row.provenAt !== null && row.provenAt > row.createdAt,
    senderMayAsk: !row.memberDisabled && hasRight(row.memberRole, "manage-connections"),
  });
