import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { consentAttempts } from "#db/schema/connections";

export type ConsentLeg = "consent" | "proof";

/** One leg of an administrator's way to Microsoft and back; hashes are SHA-256 in hex. */
export interface NewConsentAttempt {
  readonly workspaceId: string;
  readonly id: string;
  readonly connectionId: string;
  readonly leg: ConsentLeg;
  readonly memberId: string | null;
  readonly sessionId: string | null;
  /** The link it was begun with; such an attempt has no session. */
  readonly handOffId: string | null;
  readonly askedPermissions: readonly string[] | null;
  readonly stateHash: string;
  readonly browserHash: string;
  readonly expectedTenantId: string | null;
  readonly nonce: string | null;
  readonly pkceVerifier: string | null;
}

/** Begins a leg; it may be used once within ten minutes of database time. */
export async function insertConsentAttempt(tx: Tx, attempt: NewConsentAttempt): Promise<void> {
  await tx
    .insert(consentAttempts)
    .values({ ...attempt, expiresAt: sql`now() + interval '10 minutes'` });
}

/** A leg as the browser came back with it. */
export interface UsedConsentAttempt {
  readonly workspaceId: string;
  readonly id: string;
  readonly connectionId: string;
  readonly memberId: string | null;
  readonly sessionId: string | null;
  readonly handOffId: string | null;
  readonly askedPermissions: readonly string[] | null;
  readonly expectedTenantId: string | null;
}

/**
 * Uses a leg up, in one statement: once, in time, in the browser that began it. Undefined for anything else, and then
 * nothing changed. Call outside any workspace. Source: reference/fault-catalogue.md §2 step 3.
 */
export async function takeConsentAttempt(
  tx: Tx,
  key: { readonly leg: ConsentLeg; readonly stateHash: string; readonly browserHash: string },
): Promise<UsedConsentAttempt | undefined> {
  const [row] = await tx.execute<{
    workspaceId: string;
    id: string;
    connectionId: string;
    memberId: string | null;
    sessionId: string | null;
    handOffId: string | null;
    askedPermissions: readonly string[] | null;
    expectedTenantId: string | null;
  }>(sql`
    select workspace_id as "workspaceId", id, connection_id as "connectionId", member_id as "memberId",
           session_id as "sessionId", hand_off_id as "handOffId",
           asked_permissions as "askedPermissions", expected_tenant_id as "expectedTenantId"
    from app.use_consent_attempt(${key.leg}, ${key.stateHash}, ${key.browserHash})`);
  return row;
}

/** How a leg ended, for those who look into it later; with what Microsoft sent back, where it refused. */
export async function recordConsentOutcome(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
  outcome: string,
  error: {
    /** AADSTS number. */
    readonly errorNumber: number | null;
    /** GUID. */
    readonly correlationId: string | null;
  } = { errorNumber: null, correlationId: null },
): Promise<void> {
  const { errorNumber, correlationId } = error;
  await tx
    .update(consentAttempts)
    .set({ outcome, errorNumber, correlationId })
    .where(and(eq(consentAttempts.workspaceId, key.workspaceId), eq(consentAttempts.id, key.id)));
}
