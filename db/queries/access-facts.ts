import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections, verifications } from "#db/schema/connections";
import { readCheckpoints } from "#db/schema/imports";
import type { ConnectionStatus } from "#lib/domain/connection";
import type { EarlierAccess } from "#lib/domain/drift";
import type { Failure } from "#lib/domain/failure";
import type { Read } from "#lib/domain/import";
import type { UnavailableReason } from "#lib/domain/quantity";
import type { ConnectionKey } from "./connections.ts";

/** What the last successful verification of a connection saw; null before the first. */
export async function findEarlierAccess(tx: Tx, key: ConnectionKey): Promise<EarlierAccess | null> {
  const [connection] = await tx
    .select({ declined: connections.declinedPermissions, verifiedAt: connections.verifiedAt })
    .from(connections)
    .where(and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)));
  if (connection === undefined || connection.verifiedAt === null) return null;
  const [last] = await tx
    .select({ result: verifications.result })
    .from(verifications)
    .where(
      and(
        eq(verifications.workspaceId, key.workspaceId),
        eq(verifications.connectionId, key.connectionId),
        eq(verifications.state, "succeeded"),
      ),
    )
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(1);
  const signIns = last?.result?.endpoints.find(({ endpoint }) => endpoint === "sign-ins");
  return { declined: connection.declined, signInsGiven: signIns?.outcome === "ok" };
}

/** Where a connection stands. */
export interface ConnectionStanding {
  readonly status: ConnectionStatus;
  readonly problem: Failure | null;
  readonly provenAt: Date | null;
}

/**
 * Undefined for an unknown connection. Shares its row: who settles alerts holds the connection first and the alerts
 * after it, so that no two wait for each other.
 */
export async function findStanding(
  tx: Tx,
  key: ConnectionKey,
): Promise<ConnectionStanding | undefined> {
  const [row] = await tx
    .select({
      status: connections.status,
      problem: connections.problem,
      provenAt: connections.provenAt,
    })
    .from(connections)
    .where(and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)))
    .for("key share");
  return row;
}

/** How one read of a run ended. */
export interface EndedRead {
  readonly read: Read;
  readonly state: "complete" | "unavailable" | "failed";
  readonly reason: UnavailableReason | null;
  readonly failure: Failure | null;
}

/** The reads of a run that are over. */
export async function listEndedReads(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly runId: string },
): Promise<readonly EndedRead[]> {
  const { read, state, reason, failure } = readCheckpoints;
  const rows = await tx
    .select({ read, state: sql<EndedRead["state"]>`${state}`, reason, failure })
    .from(readCheckpoints)
    .where(
      and(
        eq(readCheckpoints.workspaceId, scope.workspaceId),
        eq(readCheckpoints.runId, scope.runId),
        inArray(state, ["complete", "unavailable", "failed"]),
      ),
    );
  return rows;
}
