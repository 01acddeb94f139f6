import type { Tx } from "#db/client";
import { listRunsOfImports } from "#db/queries/imports";
import { listChunkNumbers } from "#db/queries/package-chunks";
import type { PackageRow } from "#db/queries/packages";
import type { ImportState } from "#lib/domain/import";
import { packageChunkBytes } from "#lib/domain/package";
import type { PackageItem } from "#lib/domain/package-item";
import { packageFaultText } from "#lib/domain/package-text";
import { stateOfImport } from "./import-view.ts";
import { iso } from "./told.ts";

/** How many chunks an upload of so many bytes has. */
export const chunkCount = (bytes: number): number => Math.ceil(bytes / packageChunkBytes);

/** Uploads as people follow them, with the state of the import that reads each. */
export async function toPackageItems(
  tx: Tx,
  workspaceId: string,
  rows: readonly PackageRow[],
): Promise<readonly PackageItem[]> {
  const importIds = rows.flatMap((row) => row.importId ?? []);
  const runs = await listRunsOfImports(tx, { workspaceId, importIds });
  const items: PackageItem[] = [];
  for (const row of rows) {
    const ofImport = row.importId === null ? undefined : runs.get(row.importId);
    const present =
      row.state === "receiving"
        ? await listChunkNumbers(tx, { workspaceId, packageId: row.id })
        : [];
    items.push(toItem(row, ofImport === undefined ? null : stateOfImport(ofImport, []), present));
  }
  return items;
}

const toItem = (
  row: PackageRow,
  importState: ImportState | null,
  present: readonly number[],
): PackageItem => ({
  id: row.id,
  connectionId: row.connectionId,
  kind: row.kind,
  state: row.state,
  fileName: row.fileName,
  bytes: row.bytes,
  sha256: row.sha256,
  chunks: { bytes: packageChunkBytes, count: chunkCount(row.bytes), present },
  collectedAt: iso(row.collectedAt),
  collectorVersion: row.collectorVersion,
  skus: row.skus,
  users: row.users,
  hasSignIns: row.hasSignIns,
  fault: row.fault === null ? null : { ...row.fault, ...packageFaultText(row.fault) },
  importId: row.importId,
  importState,
  uploadedBy: row.uploadedBy,
  byToken: row.tokenId !== null,
  createdAt: row.createdAt.toISOString(),
  finishedAt: iso(row.finishedAt),
});
