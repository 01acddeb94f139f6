import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { packages } from "#db/schema/packages";
import type { PackageFault, PackageKind, PackageState } from "#lib/domain/package";
import type { ConnectionKey } from "./connections.ts";

/** Names one upload of one workspace. */
export interface PackageKey {
  readonly workspaceId: string;
  readonly packageId: string;
}

export interface PackageRow {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: PackageKind;
  readonly state: PackageState;
  readonly fileName: string;
  readonly bytes: number;
  readonly skuBytes: number | null;
  readonly sha256: string | null;
  readonly collectedAt: Date | null;
  readonly collectorVersion: string | null;
  readonly hasSignIns: boolean;
  readonly skus: number | null;
  readonly users: number | null;
  readonly fault: PackageFault | null;
  readonly importId: string | null;
  readonly uploadedBy: string;
  readonly tokenId: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly emptiedAt: Date | null;
}

/** What a row of an upload is selected by. */
export const packageColumns = {
  id: packages.id,
  connectionId: packages.connectionId,
  kind: packages.kind,
  state: packages.state,
  fileName: packages.fileName,
  bytes: packages.bytes,
  skuBytes: packages.skuBytes,
  sha256: packages.sha256,
  collectedAt: packages.collectedAt,
  collectorVersion: packages.collectorVersion,
  hasSignIns: packages.hasSignIns,
  skus: packages.skus,
  users: packages.users,
  fault: packages.fault,
  importId: packages.importId,
  uploadedBy: packages.uploadedBy,
  tokenId: packages.tokenId,
  createdAt: packages.createdAt,
  finishedAt: packages.finishedAt,
  emptiedAt: packages.emptiedAt,
};

/** The one upload. */
export const ofKey = (key: PackageKey) =>
  and(eq(packages.workspaceId, key.workspaceId), eq(packages.id, key.packageId));

/** All uploads of a connection. */
const ofConnection = (key: ConnectionKey) =>
  and(eq(packages.workspaceId, key.workspaceId), eq(packages.connectionId, key.connectionId));

/** Undefined for an unknown id and for another workspace's. */
export async function findPackage(tx: Tx, key: PackageKey): Promise<PackageRow | undefined> {
  const [row] = await tx.select(packageColumns).from(packages).where(ofKey(key));
  return row;
}

/** A connection's uploads, newest first. */
export async function listPackageRows(
  tx: Tx,
  query: ConnectionKey & { readonly limit: number },
): Promise<readonly PackageRow[]> {
  return tx
    .select(packageColumns)
    .from(packages)
    .where(ofConnection(query))
    .orderBy(desc(packages.createdAt), desc(packages.id))
    .limit(query.limit);
}

export interface NewPackage extends ConnectionKey {
  readonly kind: PackageKind;
  readonly fileName: string;
  readonly bytes: number;
  readonly skuBytes: number | null;
  readonly collectedAt: Date | null;
  readonly uploadedBy: string;
  readonly tokenId: string | null;
}

/** Begins an upload; one that was still arriving on the connection is given up. The caller has locked the connection. */
export async function insertPackage(tx: Tx, row: NewPackage): Promise<string> {
  await tx
    .update(packages)
    .set({ state: "cancelled", fault: { code: "sent-incomplete" }, finishedAt: sql`now()` })
    .where(and(ofConnection(row), eq(packages.state, "receiving")));
  const [inserted] = await tx.insert(packages).values(row).returning({ id: packages.id });
  if (inserted === undefined) throw new Error("The upload was not written.");
  return inserted.id;
}

/** Bytes of a connection's uploads that are stored and still needed. */
export async function sumOpenBytes(tx: Tx, key: ConnectionKey): Promise<number> {
  const [row] = await tx
    .select({ bytes: sql<string>`coalesce(sum(${packages.bytes}), 0)` })
    .from(packages)
    .where(
      and(
        ofConnection(key),
        isNull(packages.emptiedAt),
        inArray(packages.state, ["received", "waiting", "importing"]),
      ),
    );
  return Number(row?.bytes ?? 0);
}

/** All chunks are there: the worker may look. False when it was not arriving any more. */
export async function recordReceived(tx: Tx, key: PackageKey): Promise<boolean> {
  const rows = await tx
    .update(packages)
    .set({ state: "received", receivedAt: sql`now()`, progressAt: sql`now()` })
    .where(and(ofKey(key), eq(packages.state, "receiving")))
    .returning({ id: packages.id });
  return rows.length === 1;
}

/** Gives up an upload that is arriving. False when it was not. */
export async function cancelReceiving(tx: Tx, key: PackageKey): Promise<boolean> {
  const rows = await tx
    .update(packages)
    .set({ state: "cancelled", finishedAt: sql`now()` })
    .where(and(ofKey(key), eq(packages.state, "receiving")))
    .returning({ id: packages.id });
  return rows.length === 1;
}

/** Ends what is not being imported yet: the connection is gone. */
export async function cancelOpenPackages(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx
    .update(packages)
    .set({ state: "cancelled", fault: { code: "connection-gone" }, finishedAt: sql`now()` })
    .where(and(ofConnection(key), inArray(packages.state, ["receiving", "received", "waiting"])));
}
