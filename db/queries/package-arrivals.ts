import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { packages, uploadTokens } from "#db/schema/packages";
import type { ConnectionKey } from "./connections.ts";

/** What was sound, whatever became of it then. */
const soundOf = (key: ConnectionKey) =>
  and(
    eq(packages.workspaceId, key.workspaceId),
    eq(packages.connectionId, key.connectionId),
    eq(packages.kind, "package"),
    inArray(packages.state, ["waiting", "importing", "unchanged"]),
  );

/** When the last sound package of each UTC day was received, newest first; old CSV files are no part of a rhythm. */
export async function listArrivalDays(
  tx: Tx,
  key: ConnectionKey,
  days: number,
): Promise<readonly Date[]> {
  const last = sql<string>`max(${packages.createdAt})`;
  const rows = await tx
    .select({ last })
    .from(packages)
    .where(soundOf(key))
    .groupBy(sql`date_trunc('day', ${packages.createdAt} at time zone 'UTC')`)
    .orderBy(desc(last))
    .limit(days);
  return rows.map((row) => new Date(row.last));
}

/** The sound package that was collected last. */
export async function findLastPackage(
  tx: Tx,
  key: ConnectionKey,
): Promise<{ readonly collectedAt: Date; readonly receivedAt: Date } | undefined> {
  const [row] = await tx
    .select({ collectedAt: packages.collectedAt, receivedAt: packages.createdAt })
    .from(packages)
    .where(and(soundOf(key), isNotNull(packages.collectedAt)))
    .orderBy(desc(packages.collectedAt))
    .limit(1);
  if (row === undefined || row.collectedAt === null) return undefined;
  return { collectedAt: row.collectedAt, receivedAt: row.receivedAt };
}

/** The token that a collector used last, unless it was revoked; undefined when none was used. */
export async function findUsedToken(
  tx: Tx,
  key: ConnectionKey,
): Promise<{ readonly createdAt: Date; readonly expiresAt: Date } | undefined> {
  const [row] = await tx
    .select({ createdAt: uploadTokens.createdAt, expiresAt: uploadTokens.expiresAt })
    .from(uploadTokens)
    .where(
      and(
        eq(uploadTokens.workspaceId, key.workspaceId),
        eq(uploadTokens.connectionId, key.connectionId),
        isNull(uploadTokens.revokedAt),
        isNotNull(uploadTokens.lastUsedAt),
      ),
    )
    .orderBy(desc(uploadTokens.lastUsedAt))
    .limit(1);
  return row;
}

/** Connections of a workspace that have taken a package and may take more. */
export async function listPackageConnections(
  tx: Tx,
  workspaceId: string,
): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, workspaceId),
        eq(connections.source, "office-365-deprecated"),
        inArray(connections.status, ["ready", "action-needed", "paused"]),
      ),
    );
  return rows.map(({ id }) => id);
}
