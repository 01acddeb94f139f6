import { v5 as nameBasedId } from "uuid";

/** Microsoft's SKU ids by part number in upper case. */
export type ProductIds = ReadonlyMap<string, readonly string[]>;

/** What people said names of the application stand for: skuIds by license id, and by a SKU's name in upper case. */
export interface SkuMappings {
  readonly licenses: ReadonlyMap<string, string>;
  readonly skus: ReadonlyMap<string, string>;
}

/** What a name of the application stands for. Ids in lower case. */
export type SkuFinding =
  | { readonly kind: "sku"; readonly skuId: string; readonly by: "mapping" | "product-table" }
  /** Its part number stands for several. */
  | { readonly kind: "several"; readonly skuIds: readonly string[] }
  | { readonly kind: "unknown" };

/** The names of one managed application. */
export interface SkuNames {
  /** A SKU as the application writes it: a part number, or Microsoft's id. */
  readonly find: (name: string) => SkuFinding;
  /** Whether a SKU's id is one of Microsoft's product table, or one that a person mapped a name to. */
  readonly isKnown: (skuId: string) => boolean;
  /** What a license's own id says: all of it, or what stands behind a separator (`tenant-SPE_E3`). Never its name. */
  readonly findInId: (licenseId: string) => SkuFinding;
  /** Under which id a SKU's seats are kept: Microsoft's, or one made of the name. */
  readonly keyOf: (name: string) => string;
  /** The same for a license that shares its SKU with another: made of its own id alone. */
  readonly keyOfLicense: (externalId: string) => string;
}

const namespace = "3d0c41f4-0f7a-4f0e-8a53-6f0a2b0c9e11";
const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const unknownSku = { kind: "unknown" } as const;

/** Of an id itself, then of what follows each separator in it. */
function* endingsOf(id: string): Generator<string, void> {
  yield id;
  for (const { index } of id.matchAll(/[-:/|.#@ ]/g)) {
    if (index + 1 < id.length) yield id.slice(index + 1);
  }
}

/**
 * Resolves names through what people mapped, then Microsoft's product table. `scope` sets the keys of unknown names apart
 * from those of other applications. Source: DESIGN §2 License, STYLE passes: never by a product's name.
 */
export function createSkuNames(options: {
  readonly scope: string;
  readonly products: ProductIds;
  readonly mappings: SkuMappings;
}): SkuNames {
  const { scope, products, mappings } = options;
  const listed = new Set([...products.values()].flat());
  const chosen = new Set(mappings.skus.values());
  const find = (name: string): SkuFinding => {
    const mapped = mappings.skus.get(name.toUpperCase());
    if (mapped !== undefined) return { kind: "sku", skuId: mapped, by: "mapping" };
    const guid = name.toLowerCase();
    if (listed.has(guid)) return { kind: "sku", skuId: guid, by: "product-table" };
    const skuIds = products.get(name.toUpperCase()) ?? [];
    const [skuId, ...others] = skuIds;
    if (skuId === undefined) return unknownSku;
    return others.length > 0
      ? { kind: "several", skuIds }
      : { kind: "sku", skuId, by: "product-table" };
  };
  const keyOf = (name: string): string => {
    const found = find(name);
    if (found.kind === "sku") return found.skuId;
    return guidPattern.test(name)
      ? name.toLowerCase()
      : nameBasedId(`${scope}/sku/${name.toUpperCase()}`, namespace);
  };
  return {
    find,
    isKnown: (skuId) => listed.has(skuId) || chosen.has(skuId),
    findInId: (licenseId) =>
      endingsOf(licenseId)
        .map(find)
        .find((found) => found.kind !== "unknown") ?? unknownSku,
    keyOf,
    keyOfLicense: (externalId) => nameBasedId(`${scope}/license/${externalId}`, namespace),
  };
}
