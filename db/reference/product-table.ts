import { parse } from "csv-parse/sync";

/** Microsoft's table "Product names and service plan identifiers for licensing", without its repetitions. */
export interface ProductTable {
  readonly products: readonly {
    readonly skuId: string;
    readonly partNumber: string;
    readonly displayName: string;
  }[];
  readonly servicePlans: readonly {
    readonly servicePlanId: string;
    readonly name: string;
    readonly friendlyName: string;
  }[];
  readonly pairs: readonly { readonly skuId: string; readonly servicePlanId: string }[];
  /** Rows whose product or plan id is no GUID. */
  readonly skippedRows: number;
}

/** The file is not Microsoft's product table. The message says what is missing. */
export class ProductTableError extends Error {
  override readonly name = "ProductTableError";
}

const columns = [
  "Product_Display_Name",
  "String_Id",
  "GUID",
  "Service_Plan_Name",
  "Service_Plan_Id",
  "Service_Plans_Included_Friendly_Names",
] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads Microsoft's file as downloaded (BOM, CRLF, NBSP, white space inside ids, upper-case GUIDs, duplicates) or
 * as shipped. A GUID with several names keeps its most frequent one, the first of them on a tie. Throws
 * ProductTableError. Source: db/data/README.md.
 */
export function parseProductTable(file: Uint8Array): ProductTable {
  const rows = readRows(file);
  const products = new Map<string, Names>();
  const plans = new Map<string, Names>();
  const pairs = new Map<string, { skuId: string; servicePlanId: string }>();
  let skippedRows = 0;
  for (const row of rows) {
    const skuId = toGuid(row.GUID);
    const servicePlanId = toGuid(row.Service_Plan_Id);
    if (skuId === null || servicePlanId === null) {
      skippedRows += 1;
      continue;
    }
    count(products, skuId, row.String_Id, row.Product_Display_Name);
    count(plans, servicePlanId, row.Service_Plan_Name, row.Service_Plans_Included_Friendly_Names);
    pairs.set(`${skuId}/${servicePlanId}`, { skuId, servicePlanId });
  }
  if (products.size === 0) throw new ProductTableError("The file holds no product.");
  return {
    products: [...products].map(([skuId, names]) => ({
      skuId,
      partNumber: mostFrequent(names.identifiers),
      displayName: mostFrequent(names.texts),
    })),
    servicePlans: [...plans].map(([servicePlanId, names]) => ({
      servicePlanId,
      name: mostFrequent(names.identifiers),
      friendlyName: mostFrequent(names.texts),
    })),
    pairs: [...pairs.values()],
    skippedRows,
  };
}

function readRows(file: Uint8Array): readonly Row[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw new ProductTableError("The file is not UTF-8 text.", { cause });
  }
  let records: string[][];
  try {
    records = parse(text, { relax_column_count: true, skip_empty_lines: true });
  } catch (cause) {
    throw new ProductTableError("The file is not a CSV file.", { cause });
  }
  const [header = [], ...body] = records.map((record) => record.map(clean));
  const missing = columns.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new ProductTableError(`The file lacks the columns ${missing.join(", ")}.`);
  }
  return body.map(
    (record) =>
      // Safe: every column of a row is given a text.
      Object.fromEntries(columns.map((name) => [name, record[header.indexOf(name)] ?? ""])) as Row,
  );
}

/** `\s` knows NBSP and the byte order mark. */
const clean = (value: string): string => value.replace(/\s+/g, " ").trim();

function toGuid(value: string): string | null {
  const guid = value.replaceAll(" ", "").toLowerCase();
  return guidPattern.test(guid) ? guid : null;
}

interface Names {
  readonly identifiers: Map<string, number>;
  readonly texts: Map<string, number>;
}

function count(all: Map<string, Names>, id: string, identifier: string, text: string): void {
  const names = all.get(id) ?? { identifiers: new Map(), texts: new Map() };
  all.set(id, names);
  names.identifiers.set(identifier, (names.identifiers.get(identifier) ?? 0) + 1);
  names.texts.set(text, (names.texts.get(text) ?? 0) + 1);
}

function mostFrequent(names: ReadonlyMap<string, number>): string {
  let [best, most] = ["", 0];
  for (const [name, times] of names) if (times > most) [best, most] = [name, times];
  return best;
}
