/**
 * Names of our own, before Microsoft's table: the three Copilot Studio SKUs carry an old and a new name there, in no
 * reliable order. Keys are SKU ids in lower case. Source: reference/microsoft-graph.md §6.
 */
export const productNameOverrides: ReadonlyMap<string, string> = new Map([
  ["4b74a65c-8b4a-4fc8-9f6b-5177ed11ddfa", "Microsoft Copilot Studio User License"],
  ["f1de227b-f1bd-4959-bd80-b80547095e6d", "Microsoft Copilot Studio User License for GCC"],
  ["606b54a9-78d8-4298-ad8b-df6ef4481c80", "Microsoft Copilot Studio Viral Trial"],
]);

/** A product's name and where it comes from; `part-number` and `sku-id` mean a product our table does not know. */
export interface ProductName {
  readonly name: string;
  readonly from: "override" | "table" | "part-number" | "sku-id";
}

const text = (value: string | null | undefined): string | null => value?.trim() || null;

const unknownName = (skuId: string): string => `Unknown product ${skuId.toLowerCase()}`;

/**
 * The name of a SKU: our override, Microsoft's table, the part number, "Unknown product" and the id. `tableName` is the table's name for the
 * SKU id (part numbers are not unique, so that nothing is looked up by them). Source: reference/microsoft-graph.md §6,
 * fault-catalogue B21.
 */
export const productName = (sku: {
  readonly skuId: string;
  readonly partNumber: string | null;
  readonly tableName: string | null | undefined;
}): ProductName => {
  const override = productNameOverrides.get(sku.skuId.toLowerCase());
  if (override !== undefined) return { name: override, from: "override" };
  const table = text(sku.tableName);
  if (table !== null) return { name: table, from: "table" };
  const partNumber = text(sku.partNumber);
  return partNumber !== null
    ? { name: partNumber, from: "part-number" }
    : { name: unknownName(sku.skuId), from: "sku-id" };
};

/**
 * Whether a license goes by its part number or its id, since Microsoft's table as it is loaded here does not have the SKU.
 * Source: fault-catalogue B21.
 */
export const isUnknownProduct = (license: {
  readonly productName: string;
  readonly partNumber: string | null;
  readonly skuId: string | null;
}): boolean =>
  license.skuId !== null &&
  (license.productName === unknownName(license.skuId) ||
    license.productName === text(license.partNumber));
