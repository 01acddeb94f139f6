import type { Tx } from "#db/client";
import { findRunPackage } from "#db/queries/package-work";
import type { PackageRow } from "#db/queries/packages";
import { listProductIds } from "#db/queries/product-ids";
import { FailureError } from "#lib/domain/failure";
import { PackageError } from "#lib/domain/package";
import type { ImportSource, RunHandle } from "#lib/import/ports";
import type { PackageBytes } from "#lib/office365-export/package-bytes";
import type { MsOnlineFiles } from "#lib/office365-export/read-msonline";
import { readMsOnline } from "#lib/office365-export/read-msonline";
import { readPackage } from "#lib/office365-export/read-package";
import { createPackageSource } from "#lib/office365-export/source";
import type { WorkerPlatform } from "./context.ts";
import { storedBytes } from "./stored-bytes.ts";

/**
 * The source of a run that reads an uploaded package. @throws FailureError `package-damaged` when its bytes are not there
 * or are not what was checked.
 */
export async function openPackageSource(
  platform: WorkerPlatform,
  run: RunHandle & { readonly tenantId: string },
  signal: AbortSignal,
): Promise<ImportSource> {
  const { workspaceId } = run;
  const row = await platform.db.inWorkspace(workspaceId, (tx) => findRunPackage(tx, run));
  if (row === undefined) throw damaged();
  const bytes = storedBytes(platform, { workspaceId, packageId: row.id, bytes: row.bytes }, signal);
  try {
    return createPackageSource(
      row.kind === "package"
        ? await readPackage(bytes)
        : await readMsOnline(await msOnlineFiles(platform, run, row, bytes)),
    );
  } catch (error) {
    throw error instanceof PackageError ? damaged(error) : error;
  }
}

const damaged = (cause?: unknown): FailureError =>
  new FailureError({ class: "upstream", code: "package-damaged" }, { cause });

/** The two old files with the product table that names their SKUs. */
export async function msOnlineFiles(
  { db }: Pick<WorkerPlatform, "db">,
  of: { readonly tenantId: string },
  row: Pick<PackageRow, "skuBytes">,
  bytes: PackageBytes,
): Promise<MsOnlineFiles> {
  const products = await db.outside((tx: Tx) => listProductIds(tx));
  return { bytes, skuBytes: row.skuBytes ?? 0, tenantId: of.tenantId, products };
}
