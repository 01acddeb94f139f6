import { z } from "zod";
import type { Tx } from "#db/client";
import {
  type AppLicenseRow,
  findDirectoryRead,
  type HeldSkuRow,
  listAppLicenses,
  listHeldWithoutLicense,
} from "#db/queries/app-licenses";
import { type ConnectionKey, findConnection } from "#db/queries/connections";
import { productsOf } from "#db/queries/products";
import {
  findTakenOverMappings,
  listSkuMappings,
  type SkuMappingRow,
} from "#db/queries/sku-mappings";
import { entitledByTerms, gapInWords, type MappedKind } from "#lib/domain/app-license";
import { valueOrNull } from "#lib/domain/quantity";
import {
  type AppLicenseItem,
  type HeldSkuItem,
  isOpen,
  type MappedBy,
  type Product,
  type SkuMappingView,
} from "#lib/domain/sku-mapping";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";

export const getSkuMappingInput = z.strictObject({ connectionId: guid });

/**
 * What the licenses of a managed application stand for, as it was read last, and what people hold without a license; each
 * with what was mapped by hand. Nothing is ever resolved by a product's name. Seats. Source: DESIGN §2 License. Right: read.
 * @throws UseCaseError `not-found`, also for a connection of another source.
 */
export async function getSkuMapping(
  ctx: Ctx,
  input: z.input<typeof getSkuMappingInput>,
): Promise<SkuMappingView> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(getSkuMappingInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inSnapshot(ctx, async (tx) => {
    await requireManagedApp(tx, key);
    const mappings = await listSkuMappings(tx, key);
    const takenOver = await findTakenOverMappings(tx, key);
    const read = await findDirectoryRead(tx, key);
    if (read === undefined) return { read: null, licenses: [], skus: [], open: 0, takenOver };
    const licenses = await listAppLicenses(tx, read);
    const held = await listHeldWithoutLicense(tx, read);
    const productOf = await productsOf(tx, [
      ...mappings.map(({ skuId }) => skuId),
      ...licenses.flatMap(({ skuId, candidates }) => [
        ...(skuId === null ? [] : [skuId]),
        ...candidates,
      ]),
      ...held.map(({ skuId }) => skuId),
    ]);
    const names = { productOf, mapped: mappedBy(mappings, productOf) };
    const today = ctx.platform.now().toISOString().slice(0, 10);
    const items = {
      licenses: [
        ...licenses.map((row) => toLicense(row, names, today)),
        ...goneLicenses(mappings, licenses, names),
      ],
      skus: [...held.map((row) => toHeldSku(row, names)), ...appliedNames(mappings, held, names)],
    };
    return {
      read: { asOf: read.asOf.toISOString(), held: read.held },
      ...items,
      open: [...items.licenses, ...items.skus].filter(isOpen).length,
      takenOver,
    };
  });
}

/** @throws UseCaseError `not-found` for an unknown connection, another workspace's, and one of another source. */
export async function requireManagedApp(tx: Tx, key: ConnectionKey): Promise<void> {
  if ((await findConnection(tx, key))?.source !== "saas-management") throw notFound("connection");
}

type ProductOf = (skuId: string) => Product;

interface Names {
  readonly productOf: ProductOf;
  readonly mapped: (kind: MappedKind, externalId: string) => MappedBy | null;
}

const mappedBy = (mappings: readonly SkuMappingRow[], productOf: ProductOf): Names["mapped"] => {
  const byName = new Map(mappings.map((row) => [`${row.kind} ${row.externalId}`, row]));
  return (kind, externalId) => {
    const row = byName.get(`${kind} ${externalId}`);
    return row === undefined
      ? null
      : {
          product: productOf(row.skuId),
          by: row.mappedBy,
          at: row.mappedAt.toISOString(),
          takenOver: row.takenFrom !== null,
        };
  };
};

function toLicense(
  { skuId, ...row }: AppLicenseRow,
  { productOf, mapped }: Names,
  today: string,
): AppLicenseItem {
  const by = mapped("license", row.externalId);
  const applied = row.resolution === "mapping" ? skuId : null;
  return {
    ...row,
    listed: true,
    product: skuId === null ? null : productOf(skuId),
    candidates: row.candidates.map(productOf),
    entitled: valueOrNull(entitledByTerms(row.terms, today)),
    entitledUnknown: gapInWords(row.terms, today),
    mapped: by,
    pending: (by?.product.skuId ?? null) !== applied,
  };
}

/** A name that was mapped is no name any more once it was read so: it has Microsoft's id then. */
function toHeldSku({ name, skuId, seats }: HeldSkuRow, { productOf, mapped }: Names): HeldSkuItem {
  const by = name === null ? null : mapped("sku", name.toUpperCase());
  return {
    name: name ?? skuId,
    product: name === null ? productOf(skuId) : null,
    seats,
    mapped: by,
    pending: by !== null,
  };
}

/** Mappings of licenses that are not listed any more: they still keep others from their product. */
const goneLicenses = (
  mappings: readonly SkuMappingRow[],
  licenses: readonly AppLicenseRow[],
  { mapped, productOf }: Names,
): readonly AppLicenseItem[] => {
  const listed = new Set(licenses.map(({ externalId }) => externalId));
  return mappings
    .filter(({ kind, externalId }) => kind === "license" && !listed.has(externalId))
    .map(({ externalId, skuId }) => ({
      externalId,
      listed: false,
      name: null,
      resolution: "mapping",
      product: productOf(skuId),
      candidates: [],
      entitled: null,
      entitledUnknown: null,
      terms: [],
      mapped: mapped("license", externalId),
      pending: false,
    }));
};

/** Names that are read as the product they were mapped to. */
const appliedNames = (
  mappings: readonly SkuMappingRow[],
  held: readonly HeldSkuRow[],
  { mapped, productOf }: Names,
): readonly HeldSkuItem[] => {
  const open = new Set(held.map(({ name }) => name?.toUpperCase()));
  return mappings
    .filter(({ kind, externalId }) => kind === "sku" && !open.has(externalId))
    .map(({ externalId, skuId }) => ({
      name: externalId,
      product: productOf(skuId),
      seats: null,
      mapped: mapped("sku", externalId),
      pending: false,
    }));
};
