import type { VerificationKind } from "#db/queries/verification-requests";
import type { VerifiedConnection } from "#db/queries/verified-connection";
import type { ConnectionStatus } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import { isTransient } from "./verification-findings.ts";

/**
 * The connection's status after a verification that failed; null = it stays. What was proven before and goes on working
 * is not disturbed: a refused person, or a wrong replacement credential, changes nothing (D17, C20).
 * Source: DESIGN §7 step 4.
 */
export function statusAfterFailure(
  connection: Pick<VerifiedConnection, "status" | "provenAt" | "method">,
  verification: {
    readonly kind: VerificationKind;
    readonly failure: Failure;
    /** The person of the proof leg was refused, not the connection. */
    readonly person: boolean;
  },
): { readonly status: ConnectionStatus; readonly problem: Failure | null } | null {
  const { status, provenAt, method } = connection;
  const { kind, failure, person } = verification;
  if (status === "paused" || status === "disconnected") return null;
  if (provenAt === null && method === "multi-tenant-app") {
    return { status: "awaiting-consent", problem: null };
  }
  if (provenAt === null) return { status: "action-needed", problem: failure };
  if (person) return null;
  const replaces = kind === "proof" || kind === "credential";
  if (replaces && status === "ready") return null;
  if (isTransient(failure) && status !== "verifying") return null;
  return { status: "action-needed", problem: failure };
}
