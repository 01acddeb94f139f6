import { PackageError } from "#lib/domain/package";
import type { SkuRow } from "#lib/import/ports";
import type { Line } from "./contents.ts";
import { openCsv } from "./csv.ts";
import type { PackageBytes } from "./package-bytes.ts";

export const skuFile = "Get-MsolAccountSku";

/** SKU ids by part number (upper case), from Microsoft's product table; several where the table is not of one mind. */
export type ProductTable = ReadonlyMap<string, readonly string[]>;

/** The account SKUs of the old script: rows, names and what the file says of its tenant. */
export interface MsOnlineSkus {
  readonly rows: readonly Line<SkuRow>[];
  /** skuId by AccountSkuId, upper case; both with and without the account's name before the colon. */
  readonly skuIds: ReadonlyMap<string, string>;
  /** Part numbers that neither the file nor the product table resolves. */
  readonly unresolved: readonly string[];
  readonly tenantId: string | null;
  readonly accountName: string | null;
}

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guidIn = (cell: string | undefined): string | null =>
  cell !== undefined && guidShape.test(cell.trim()) ? cell.trim().toLowerCase() : null;

/** Units are read or the row is none: a unit that is missing is never 0. */
const unitColumns = ["ActiveUnits", "WarningUnits", "SuspendedUnits", "LockedOutUnits"] as const;

/** Tenants have a few hundred SKUs: more is another file. */
const maxSkus = 20_000;

/**
 * Reads what `Get-MsolAccountSku | Export-Csv` wrote. A SKU's id is its own `SkuId`, else Microsoft's product table by
 * part number, never a guess. @throws PackageError.
 */
export async function readMsOnlineSkus(
  bytes: PackageBytes,
  products: ProductTable,
): Promise<MsOnlineSkus> {
  const { header, records } = await openCsv(bytes, skuFile);
  const columns = columnsOf(header);
  const column = (name: string): number => {
    const at = columns.get(name.toLowerCase());
    if (at === undefined)
      throw new PackageError("csv-column-missing", { file: skuFile, column: name });
    return at;
  };
  const accountSku = column("AccountSkuId");
  const unitsAt = unitColumns.map(column);
  const consumedAt = column("ConsumedUnits");
  const cell = (record: readonly string[], name: string): string | undefined => {
    const at = columns.get(name.toLowerCase());
    return at === undefined ? undefined : record[at];
  };
  const rows: Line<SkuRow>[] = [];
  const skuIds = new Map<string, string>();
  const unresolved: string[] = [];
  let tenantId: string | null = null;
  let accountName: string | null = null;
  for await (const record of records) {
    if (rows.length === maxSkus) throw new PackageError("csv-malformed", { file: skuFile });
    const name = (record[accountSku] ?? "").trim();
    const partNumber = partNumberOf(name);
    const skuId = guidIn(cell(record, "SkuId")) ?? skuIdOf(products, partNumber);
    tenantId ??= guidIn(cell(record, "AccountObjectId"));
    accountName ??= cell(record, "AccountName")?.trim() || accountOf(name);
    if (skuId === null) {
      unresolved.push(partNumber);
      continue;
    }
    skuIds.set(name.toUpperCase(), skuId);
    skuIds.set(partNumber, skuId);
    const units = unitsAt.map((at) => count(record[at]));
    const consumed = count(record[consumedAt]);
    const [enabled, expiring, suspended, lockedOut] = units;
    if (enabled == null || expiring == null || suspended == null || lockedOut == null) {
      rows.push({ refused: { field: "units", problem: "no number" } });
      continue;
    }
    const target = cell(record, "TargetClass")?.trim().toLowerCase();
    rows.push({
      row: {
        skuId,
        partNumber,
        appliesTo: target === "tenant" || target === "company" ? "company" : "user",
        capabilityStatus: null,
        consumedUnits: consumed,
        prepaidUnits: { enabled, expiring, suspended, lockedOut },
        subscriptionIds: [],
        servicePlanIds: [],
      },
    });
  }
  return { rows, skuIds, unresolved, tenantId, accountName };
}

/** Columns by name, without case. */
export const columnsOf = (header: readonly string[]): ReadonlyMap<string, number> =>
  new Map(header.map((name, at) => [name.trim().toLowerCase(), at]));

/** `ENTERPRISEPACK` of `contoso:ENTERPRISEPACK`. */
export const partNumberOf = (accountSkuId: string): string =>
  accountSkuId.slice(accountSkuId.lastIndexOf(":") + 1).toUpperCase();

const accountOf = (accountSkuId: string): string | null =>
  accountSkuId.includes(":") ? accountSkuId.slice(0, accountSkuId.lastIndexOf(":")) : null;

/** The product table's one id of a part number; null when it has none or several. */
export const skuIdOf = (products: ProductTable, partNumber: string): string | null => {
  const ids = products.get(partNumber) ?? [];
  return ids.length === 1 ? (ids[0] ?? null) : null;
};

const count = (cell: string | undefined): number | null =>
  cell !== undefined && /^\d{1,9}$/.test(cell.trim()) ? Number(cell.trim()) : null;
