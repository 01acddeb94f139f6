import type { Tx } from "#db/client";
import { type AuditActor, recordAudit } from "#db/queries/audit";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import {
  type ConsentLeg,
  recordConsentOutcome,
  takeConsentAttempt,
  type UsedConsentAttempt,
} from "#db/queries/consent";
import { lockHandOff } from "#db/queries/hand-offs";
import { hasRight } from "#lib/domain/role";
import type { ReturnedError } from "#lib/microsoft/consent";
import { hashSecret } from "./consent-secrets.ts";
import type { Ctx, Platform } from "./context.ts";
import { handOffActor, handOffEndOf } from "./hand-off-view.ts";

/** What a browser brings back from Microsoft. `session` is whoever is signed in there, if anybody. */
export interface ConsentReturn {
  readonly query: URLSearchParams;
  /** Value of the cookie `consentCookieName`; null when the browser has none. */
  readonly cookie: string | null;
  readonly session: Ctx | null;
}

/** Where a browser that came back belongs: nowhere we know of, to a connection, or to a hand-off link. */
export type ConsentReturnTo =
  | { readonly kind: "nowhere" }
  /** `made`: the tenant is proven, the connection has a page of its own. */
  | { readonly kind: "connection"; readonly connectionId: string; readonly made: boolean }
  | { readonly kind: "hand-off" };

/**
 * Why nothing was bound. `unknown-attempt` covers missing, forged, replayed and expired states and other browsers or
 * sessions alike: nothing is told apart to whoever tries. `unsolicited`: consent given in the Entra portal.
 */
export type ConsentRefusalReason =
  | "unknown-attempt"
  | "unsolicited"
  | "declined"
  | "refused-by-microsoft"
  | "other-tenant"
  | "connected-already"
  | "disconnected"
  | "link-over";

export interface ConsentRefusal {
  readonly kind: "refused";
  readonly reason: ConsentRefusalReason;
  readonly to: ConsentReturnTo;
  /** Microsoft's AADSTS number, to choose the help text; null when there is none. */
  readonly errorNumber: number | null;
  /** Microsoft's correlation id; null when there is none. */
  readonly correlationId: string | null;
}

const nowhere = (reason: "unsolicited" | "unknown-attempt"): ConsentRefusal => ({
  kind: "refused",
  reason,
  to: { kind: "nowhere" },
  errorNumber: null,
  correlationId: null,
});

export const unsolicited = nowhere("unsolicited");
const unknownAttempt = nowhere("unknown-attempt");

/** A leg that came back to where it began. */
export interface TakenLeg {
  readonly kind: "taken";
  readonly attempt: UsedConsentAttempt;
  /** The signed-in member, or the administrator who came with a member's link. */
  readonly actor: AuditActor;
}

/**
 * Uses up the leg a browser came back with. Without exactly one match nothing changes but the audit log of whoever is
 * signed in. A leg that began with a hand-off link has no session: state and cookie bind it.
 * Source: reference/fault-catalogue.md §2 steps 3 and 6, C1 to C3, C22.
 */
export async function takeLeg(
  platform: Platform,
  leg: ConsentLeg,
  state: string | null,
  { cookie, session }: ConsentReturn,
): Promise<TakenLeg | ConsentRefusal> {
  const attempt =
    state === null || cookie === null
      ? undefined
      : await platform.db.outside((tx) =>
          takeConsentAttempt(tx, {
            leg,
            stateHash: hashSecret(state),
            browserHash: hashSecret(cookie),
          }),
        );
  if (attempt !== undefined && attempt.handOffId !== null) {
    return { kind: "taken", attempt, actor: handOffActor(attempt.handOffId) };
  }
  const began =
    attempt !== undefined &&
    session !== null &&
    attempt.workspaceId === session.workspaceId &&
    attempt.memberId === session.actor.id &&
    attempt.sessionId === session.actor.sessionId &&
    hasRight(session.actor.role, "manage-connections");
  if (attempt !== undefined && began) {
    const { kind, id, name } = session.actor;
    return { kind: "taken", attempt, actor: { kind, id, name } };
  }
  await auditStranger(platform, leg, attempt, session);
  return unknownAttempt;
}

/** Tells the workspace whose leg it was, else the workspace of whoever is signed in; a stranger leaves no trace there. */
async function auditStranger(
  platform: Platform,
  leg: ConsentLeg,
  attempt: UsedConsentAttempt | undefined,
  session: Ctx | null,
): Promise<void> {
  const workspaceId = attempt?.workspaceId ?? session?.workspaceId;
  if (workspaceId === undefined) return;
  const ours = session?.workspaceId === workspaceId ? session : null;
  await platform.db.inWorkspace(workspaceId, (tx) =>
    recordAudit(tx, {
      workspaceId,
      actor:
        ours === null
          ? { kind: "visitor", id: null, name: "Somebody not signed in here" }
          : { kind: ours.actor.kind, id: ours.actor.id, name: ours.actor.name },
      action: "consent.refused",
      ...(attempt === undefined
        ? {}
        : { target: { kind: "connection", id: attempt.connectionId } }),
      details: { leg, reason: attempt === undefined ? "unknown-state" : "other-session" },
    }),
  );
}

/** Ends a leg without its aim: outcome and audit event, the connection stays as it is. */
export async function refuseLeg(
  tx: Tx,
  leg: ConsentLeg,
  { attempt, actor }: TakenLeg,
  refusal: {
    readonly reason: Exclude<ConsentRefusalReason, "unknown-attempt" | "unsolicited">;
    readonly to: ConsentReturnTo;
    readonly error?: ReturnedError;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): Promise<ConsentRefusal> {
  const { reason, error } = refusal;
  const { workspaceId, connectionId, handOffId } = attempt;
  await recordConsentOutcome(tx, attempt, reason, error);
  await recordAudit(tx, {
    workspaceId,
    actor,
    action: "consent.refused",
    target: { kind: "connection", id: connectionId },
    details: {
      leg,
      reason,
      ...(handOffId === null ? {} : { handOffId }),
      ...error,
      ...refusal.details,
    },
  });
  const to = handOffId === null ? refusal.to : ({ kind: "hand-off" } as const);
  return {
    kind: "refused",
    reason,
    to,
    errorNumber: error?.errorNumber ?? null,
    correlationId: error?.correlationId ?? null,
  };
}

/** A leg's connection, locked, and where its browser belongs. */
export interface OpenLeg {
  readonly kind: "open";
  readonly connection: LockedConnection;
  readonly to: ConsentReturnTo;
}

/** The open leg, or why the way ends here. */
export type LegConnection =
  | OpenLeg
  | {
      readonly kind: "over";
      readonly reason: "disconnected" | "link-over";
      readonly to: ConsentReturnTo;
      readonly details?: Readonly<Record<string, unknown>>;
    };

/**
 * Locks the leg's connection and the link it was begun with. A link that expired while its administrator was at Microsoft
 * may still be finished: the leg has ten minutes of its own. Source: fault-catalogue C23.
 */
export async function lockLeg(tx: Tx, { attempt }: TakenLeg): Promise<LegConnection> {
  const { workspaceId, connectionId, handOffId } = attempt;
  const connection = await lockConnection(tx, { workspaceId, connectionId });
  const made = connection !== undefined && connection.provenAt !== null;
  const to: ConsentReturnTo =
    handOffId === null ? { kind: "connection", connectionId, made } : { kind: "hand-off" };
  if (connection === undefined || connection.status === "disconnected") {
    return { kind: "over", reason: "disconnected", to };
  }
  if (handOffId === null) return { kind: "open", connection, to };
  const link = await lockHandOff(tx, { workspaceId, handOffId });
  const end = link === undefined ? "revoked" : handOffEndOf({ ...link, expired: false });
  if (end === null) return { kind: "open", connection, to };
  return { kind: "over", reason: "link-over", to, details: { end } };
}
