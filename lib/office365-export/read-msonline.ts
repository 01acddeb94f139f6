import { PackageError } from "#lib/domain/package";
import type { PackageContents, PackageSummary } from "./contents.ts";
import { type ProductTable, readMsOnlineSkus, skuFile } from "./msonline-skus.ts";
import { readMsOnlineUsers, resolverOf, userFile } from "./msonline-users.ts";
import { type PackageBytes, partOf } from "./package-bytes.ts";

/** The two files of the old scripts, one after the other. */
export interface MsOnlineFiles {
  readonly bytes: PackageBytes;
  /** So many bytes are the account SKUs, the rest the users. */
  readonly skuBytes: number;
  /** The tenant they are said to be of. */
  readonly tenantId: string;
  readonly products: ProductTable;
}

/** So many unknown SKUs are named; the count tells the rest. */
const namedSkus = 20;

/**
 * Reads both files to their ends before anything of them is used. They bring no date: `collectedAt` is the uploader's
 * word. @throws PackageError; what `bytes` throws.
 */
export async function checkMsOnline(
  files: MsOnlineFiles,
  collectedAt: string,
): Promise<PackageSummary> {
  const { skuPart, userPart } = partsOf(files);
  const skus = await readMsOnlineSkus(skuPart, files.products);
  if (skus.tenantId !== null && skus.tenantId !== files.tenantId) {
    throw new PackageError("other-tenant", { tenantId: skus.tenantId });
  }
  const unknownSkus = new Set(skus.unresolved);
  const options = {
    tenantId: files.tenantId,
    resolve: resolverOf(skus, files.products),
    unknownSkus,
  };
  let users = 0;
  for await (const _line of readMsOnlineUsers(userPart, options)) users += 1;
  if (unknownSkus.size > 0) {
    const names = [...unknownSkus].sort().slice(0, namedSkus);
    const shown = names.map((name) => name.replace(/\p{C}/gu, "").slice(0, 60)).join(", ");
    throw new PackageError("csv-sku-unknown", { skus: shown, count: unknownSkus.size });
  }
  if (skus.rows.length === 0) throw new PackageError("no-skus");
  if (users === 0) throw new PackageError("no-users");
  return { collectedAt, collectorVersion: null, skus: skus.rows.length, users, hasSignIns: false };
}

/** What files that were checked bring. @throws PackageError; what `bytes` throws. */
export async function readMsOnline(files: MsOnlineFiles): Promise<PackageContents> {
  const { skuPart, userPart } = partsOf(files);
  const skus = await readMsOnlineSkus(skuPart, files.products);
  const resolve = resolverOf(skus, files.products);
  return {
    organization: {
      tenantId: files.tenantId,
      displayName: skus.accountName ?? files.tenantId,
      defaultDomain: null,
      countryCode: null,
    },
    async *skus() {
      yield* skus.rows;
    },
    users: () =>
      readMsOnlineUsers(userPart, { tenantId: files.tenantId, resolve, unknownSkus: new Set() }),
    signIns: null,
  };
}

function partsOf({ bytes, skuBytes }: MsOnlineFiles) {
  const empty = skuBytes <= 0 ? skuFile : skuBytes >= bytes.size ? userFile : null;
  if (empty !== null) throw new PackageError("csv-malformed", { file: empty });
  return { skuPart: partOf(bytes, 0, skuBytes), userPart: partOf(bytes, skuBytes, bytes.size) };
}
