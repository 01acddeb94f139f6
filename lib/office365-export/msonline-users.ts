import { v5 as nameBasedId } from "uuid";
import { PackageError } from "#lib/domain/package";
import type { AssignmentRow, UserRow } from "#lib/import/ports";
import type { Line } from "./contents.ts";
import { openCsv } from "./csv.ts";
import {
  columnsOf,
  type MsOnlineSkus,
  type ProductTable,
  partNumberOf,
  skuIdOf,
} from "./msonline-skus.ts";
import type { PackageBytes } from "./package-bytes.ts";

export const userFile = "Get-MsolUser";

/** Names that scripts gave the column of licenses, without case and anything but letters and digits. */
const licenseColumns = [
  "licenses",
  "license",
  "accountskuid",
  "accountskuids",
  "licensesaccountskuid",
  "assignedlicenses",
] as const;

/** What Windows PowerShell writes for a list nobody put into words: the licenses are lost. */
const lostList = /System\.(Object\[\]|String\[\]|Collections\.)/;

/** A SKU's id for what a user's cell calls it; null when nobody knows. */
export type ResolveSku = (accountSkuId: string) => string | null;

/** First the account SKU file, then Microsoft's product table. */
export const resolverOf =
  (skus: MsOnlineSkus, products: ProductTable): ResolveSku =>
  (accountSkuId) =>
    skus.skuIds.get(accountSkuId.toUpperCase()) ??
    skus.skuIds.get(partNumberOf(accountSkuId)) ??
    skuIdOf(products, partNumberOf(accountSkuId));

/**
 * Reads what `Get-MsolUser -All | Select … | Export-Csv` wrote. `unknownSkus` gathers part numbers nobody resolves; such
 * a row is refused. An account without an object id is known by its user principal name, by an id made of tenant and
 * name. @throws PackageError.
 */
export async function* readMsOnlineUsers(
  bytes: PackageBytes,
  options: {
    readonly tenantId: string;
    readonly resolve: ResolveSku;
    readonly unknownSkus: Set<string>;
  },
): AsyncGenerator<Line<UserRow>, void> {
  const { header, records } = await openCsv(bytes, userFile);
  const columns = columnsOf(header);
  const missing = (column: string) =>
    new PackageError("csv-column-missing", { file: userFile, column });
  const licensesAt = header.findIndex((name) =>
    licenseColumns.some((known) => known === name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")),
  );
  if (licensesAt === -1) throw missing("Licenses");
  if (!columns.has("userprincipalname")) throw missing("UserPrincipalName");
  const tellsBlocked = columns.has("blockcredential");
  for await (const record of records) {
    const cell = (name: string): string | null => {
      const at = columns.get(name.toLowerCase());
      return at === undefined ? null : clean(record[at]);
    };
    const licenses = record[licensesAt] ?? "";
    if (lostList.test(licenses)) {
      throw new PackageError("csv-licenses-lost", { column: header[licensesAt] ?? "Licenses" });
    }
    const userPrincipalName = cell("UserPrincipalName");
    const objectId = cell("ObjectId")?.toLowerCase() ?? null;
    const blocked = flag(cell("BlockCredential"));
    const names = licenses.split(/[\s;,|+{}]+/).filter((name) => name !== "");
    const resolved = names.map((name) => options.resolve(name));
    for (const [index, skuId] of resolved.entries()) {
      if (skuId === null) options.unknownSkus.add(partNumberOf(names[index] ?? ""));
    }
    const skuIds = resolved.flatMap((skuId) => (skuId === null ? [] : [skuId]));
    if (userPrincipalName === null) yield refused("UserPrincipalName", "missing");
    else if (objectId !== null && !guidShape.test(objectId)) yield refused("ObjectId", "no GUID");
    else if (tellsBlocked && blocked === null)
      yield refused("BlockCredential", "neither True nor False");
    else if (skuIds.length < names.length) yield refused("Licenses", "unknown SKU");
    else if (names.length === 0 && flag(cell("IsLicensed")) === true) {
      yield refused("Licenses", "empty for a licensed account");
    } else {
      yield {
        row: {
          userId: objectId ?? nameBasedId(userPrincipalName.toLowerCase(), options.tenantId),
          userPrincipalName,
          displayName: cell("DisplayName"),
          mail: null,
          accountEnabled: blocked === null ? null : !blocked,
          userType: cell("UserType"),
          createdAt: isoInstant(cell("WhenCreated")),
          usageLocation: cell("UsageLocation"),
          country: cell("Country"),
          city: cell("City"),
          department: cell("Department"),
          jobTitle: cell("Title"),
          companyName: null,
          officeLocation: cell("Office"),
          employeeId: null,
          employeeType: null,
          onPremisesSynced: columns.has("lastdirsynctime")
            ? cell("LastDirSyncTime") !== null
            : null,
          assignments: [...new Set(skuIds)].map(toAssignment),
        },
      };
    }
  }
}

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const refused = (field: string, problem: string): Line<never> => ({ refused: { field, problem } });

/** The old scripts tell no origin: neither direct nor by a group. */
const toAssignment = (skuId: string): AssignmentRow => ({
  skuId,
  holds: true,
  direct: false,
  groupIds: [],
  inError: false,
  error: null,
  assignedAt: null,
  disabledPlanIds: [],
});

function clean(value: string | undefined): string | null {
  const text = (value ?? "").trim().slice(0, 1024).replaceAll("\0", "");
  return text === "" ? null : text.toWellFormed();
}

const flag = (word: string | null): boolean | null => {
  const lower = word?.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : null;
};

/** Dates in the habits of some country (4/5/2019) are not guessed at. */
const isoInstant = (value: string | null): string | null =>
  value !== null && /^(19|2\d)\d{2}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value)
    ? new Date(value).toISOString()
    : null;
