import { and, eq, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import type { Cloud, ConnectionStatus, Method, Source } from "#lib/domain/connection";
import type { Failure } from "#lib/domain/failure";
import type { ConnectionKey } from "./connections.ts";

const ofConnection = (key: ConnectionKey) =>
  and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId));

/** The connection a verification or an import speaks for. */
export interface VerifiedConnection extends ConnectionKey {
  readonly source: Source;
  readonly method: Method | null;
  readonly cloud: Cloud;
  /** Entered (registered app) or proven (multi-tenant app); null before the first proof. */
  readonly tenantId: string | null;
  /** GUID or domain entered in the wizard. */
  readonly tenantHint: string | null;
  readonly clientId: string | null;
  /** Source `saas-management`: whose credential reads which of its applications; null for the others. */
  readonly organisationId: string | null;
  readonly managedAppId: string | null;
  readonly status: ConnectionStatus;
  readonly provenAt: Date | null;
}

/** The facts of a connection that verification and import need. */
export async function findVerifiedConnection(
  tx: Tx,
  key: ConnectionKey,
): Promise<VerifiedConnection | undefined> {
  const [row] = await tx
    .select({
      workspaceId: connections.workspaceId,
      connectionId: connections.id,
      source: connections.source,
      method: connections.method,
      cloud: connections.cloud,
      tenantId: connections.tenantId,
      tenantHint: connections.tenantHint,
      clientId: connections.clientId,
      organisationId: connections.organisationId,
      managedAppId: connections.managedAppId,
      status: connections.status,
      provenAt: connections.provenAt,
    })
    .from(connections)
    .where(ofConnection(key));
  return row;
}

/** Locks the connection for the rest of the transaction; undefined when it is gone or disconnected. */
export async function lockVerifiedConnection(
  tx: Tx,
  key: ConnectionKey,
): Promise<VerifiedConnection | undefined> {
  await tx.select({ id: connections.id }).from(connections).where(ofConnection(key)).for("update");
  const found = await findVerifiedConnection(tx, key);
  return found?.status === "disconnected" ? undefined : found;
}

/** A tenant a connection has proven for its source. */
export interface TenantClaim extends ConnectionKey {
  readonly tenantId: string;
  readonly source: Source;
}

export type ClaimOutcome =
  | { readonly kind: "claimed" }
  /** This workspace has the tenant already, by another connection. */
  | { readonly kind: "connected-already"; readonly existingId: string }
  | { readonly kind: "tenant-claimed-elsewhere" };

/**
 * Takes the claim on (tenant, source) for the connection, in the transaction that completes the proof and nowhere
 * earlier. Source: DESIGN §7 step 2, reference/fault-catalogue.md §2 step 5.
 */
export async function claimTenant(tx: Tx, claimed: TenantClaim): Promise<ClaimOutcome> {
  const { workspaceId, connectionId, tenantId, source } = claimed;
  const before = await findOtherConnection(tx, claimed);
  if (before !== undefined) return { kind: "connected-already", existingId: before };
  const [claim] = await tx.execute<{ claimed: boolean }>(
    sql`select app.claim_tenant(${workspaceId}::uuid, ${connectionId}::uuid, ${tenantId}::uuid, ${source}) as claimed`,
  );
  if (claim?.claimed) return { kind: "claimed" };
  // Two connections of this workspace may prove the same tenant at once: the claim makes the second wait, then lose.
  const meanwhile = await findOtherConnection(tx, claimed);
  return meanwhile === undefined
    ? { kind: "tenant-claimed-elsewhere" }
    : { kind: "connected-already", existingId: meanwhile };
}

async function findOtherConnection(tx: Tx, claimed: TenantClaim): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, claimed.workspaceId),
        eq(connections.tenantId, claimed.tenantId),
        eq(connections.source, claimed.source),
        ne(connections.id, claimed.connectionId),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(1);
  return row?.id;
}

/** What a verification established about its connection. */
export interface VerifiedFacts {
  readonly tenantId: string;
  readonly tenantName: string | null;
  readonly tenantDomain: string | null;
  readonly declinedPermissions: readonly string[];
  /** What the consent that was proven was asked for; undefined leaves it as it is. */
  readonly askedPermissions?: readonly string[] | undefined;
  /** The app the connection changes to; undefined leaves it as it is. */
  readonly clientId?: string | undefined;
  /** Whether this verification proves the tenant (proof or credential), or only looks again. */
  readonly proves: boolean;
}

/** Makes the connection ready with what was verified. A paused connection stays paused. */
export async function recordVerified(
  tx: Tx,
  key: ConnectionKey,
  facts: VerifiedFacts,
): Promise<void> {
  await tx
    .update(connections)
    .set({
      tenantId: facts.tenantId,
      tenantName: facts.tenantName,
      tenantDomain: facts.tenantDomain,
      declinedPermissions: facts.declinedPermissions,
      status: sql`case when ${connections.status} = 'paused' then 'paused' else 'ready' end`,
      problem: null,
      verifiedAt: sql`now()`,
      updatedAt: sql`now()`,
      ...(facts.proves ? { provenAt: sql`now()` } : {}),
      ...(facts.clientId === undefined ? {} : { clientId: facts.clientId }),
      ...(facts.askedPermissions === undefined ? {} : { askedPermissions: facts.askedPermissions }),
    })
    .where(ofConnection(key));
}

/** Sets the connection's status after a verification that did not succeed. */
export async function recordRefused(
  tx: Tx,
  key: ConnectionKey,
  next: { readonly status: ConnectionStatus; readonly problem: Failure | null },
): Promise<void> {
  await tx
    .update(connections)
    .set({ status: next.status, problem: next.problem, updatedAt: sql`now()` })
    .where(and(ofConnection(key), ne(connections.status, "disconnected")));
}
