import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import {
  type ConsentLeg,
  recordConsentOutcome,
  takeConsentAttempt,
  type UsedConsentAttempt,
} from "#db/queries/consent";
import { hasRight } from "#lib/domain/role";
import { hashSecret } from "./consent-secrets.ts";
import type { Ctx, Platform } from "./context.ts";

/** What a browser brings back from Microsoft. `session` is whoever is signed in there, if anybody. */
export interface ConsentReturn {
  readonly query: URLSearchParams;
  /** Value of the cookie `consentCookieName`; null when the browser has none. */
  readonly cookie: string | null;
  readonly session: Ctx | null;
}

/**
 * Why nothing was bound. `unknown-attempt` covers missing, forged, replayed and expired states and other browsers or
 * sessions alike: nothing is told apart to whoever tries. `unsolicited`: consent given in the Entra portal.
 */
export type ConsentRefusal =
  | {
      readonly kind: "refused";
      readonly reason: "unknown-attempt" | "unsolicited";
      readonly connectionId: null;
    }
  | {
      readonly kind: "refused";
      readonly reason: "declined" | "refused-by-microsoft" | "other-tenant" | "disconnected";
      readonly connectionId: string;
    };

export const unsolicited: ConsentRefusal = {
  kind: "refused",
  reason: "unsolicited",
  connectionId: null,
};

const unknownAttempt: ConsentRefusal = {
  kind: "refused",
  reason: "unknown-attempt",
  connectionId: null,
};

/** A leg that came back to where it began. */
export interface TakenLeg {
  readonly kind: "taken";
  readonly attempt: UsedConsentAttempt;
  readonly session: Ctx;
}

/**
 * Uses up the leg a browser came back with. Without exactly one match nothing changes but the audit log of whoever is
 * signed in. Source: reference/fault-catalogue.md §2 step 3, C1 to C3, C22.
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
  const began =
    attempt !== undefined &&
    session !== null &&
    attempt.workspaceId === session.workspaceId &&
    attempt.memberId === session.actor.id &&
    attempt.sessionId === session.actor.sessionId &&
    hasRight(session.actor.role, "manage-connections");
  if (attempt !== undefined && began) return { kind: "taken", attempt, session };
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
  { attempt, session }: TakenLeg,
  refusal: {
    readonly reason: Exclude<ConsentRefusal["reason"], "unknown-attempt" | "unsolicited">;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): Promise<ConsentRefusal> {
  const { workspaceId, connectionId } = attempt;
  await recordConsentOutcome(tx, attempt, refusal.reason);
  await recordAudit(tx, {
    workspaceId,
    actor: { kind: session.actor.kind, id: session.actor.id, name: session.actor.name },
    action: "consent.refused",
    target: { kind: "connection", id: connectionId },
    details: { leg, reason: refusal.reason, ...refusal.details },
  });
  return { kind: "refused", reason: refusal.reason, connectionId };
}

/** The leg's connection, locked; null when it is gone or disconnected meanwhile. */
export async function lockLegConnection(
  tx: Tx,
  { attempt }: TakenLeg,
): Promise<LockedConnection | null> {
  const { workspaceId, connectionId } = attempt;
  const connection = await lockConnection(tx, { workspaceId, connectionId });
  return connection === undefined || connection.status === "disconnected" ? null : connection;
}
