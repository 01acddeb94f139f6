import type { LicenseResolution } from "#lib/domain/app-license";
import type { SkuRow } from "#lib/import/ports";
import type { AppLicense, ManagedApp } from "./map.ts";
import type { SkuFinding, SkuMappings, SkuNames } from "./sku-ids.ts";

/** A license with what it is identified by and what it stands for. */
interface Identified {
  readonly license: AppLicense;
  readonly externalId: string;
  readonly found: SkuFinding;
  readonly key: string;
}

/** Licenses of an application below the managed one may have ids that are its own only. */
const identify =
  (names: SkuNames, mappings: SkuMappings, above: string | null) =>
  (license: AppLicense): Identified => {
    const externalId = above === null ? license.id : `${above}/${license.id}`;
    const mapped = mappings.licenses.get(externalId);
    const found: SkuFinding =
      mapped === undefined
        ? names.findInId(license.id)
        : { kind: "sku", skuId: mapped, by: "mapping" };
    const key = found.kind === "sku" ? found.skuId : names.keyOf(license.id);
    return { license, externalId, found, key };
  };

/** Who of those that stand for one SKU has it: the one a person mapped to it, else none of several. */
function holderOf(same: readonly Identified[]): Identified | null {
  const mapped = same.filter(({ found }) => found.kind === "sku" && found.by === "mapping");
  if (mapped.length === 1) return mapped[0] ?? null;
  return same.length === 1 ? (same[0] ?? null) : null;
}

const resolutionOf = ({ found }: Identified): LicenseResolution => {
  switch (found.kind) {
    case "sku":
      return found.by === "mapping" ? "mapping" : "license-id";
    case "unknown":
      return "unknown-sku";
    case "several":
      return "several-skus";
    default:
      return found satisfies never;
  }
};

const toRow = (
  { license, externalId, found, key }: Identified,
  resolution: LicenseResolution,
): SkuRow => ({
  skuId: key,
  partNumber: null,
  appliesTo: "user",
  capabilityStatus: null,
  consumedUnits: null,
  prepaidUnits: null,
  subscriptionIds: [],
  servicePlanIds: [],
  license: {
    externalId,
    name: license.name,
    skuId: found.kind === "sku" && resolution !== "several-licenses" ? found.skuId : null,
    resolution,
    terms: license.terms,
  },
});

/**
 * The licenses of an application and of those below it as rows of the list of SKUs. Units, and what people hold of it, are
 * never split between two licenses of one SKU by guess: none of them stands for it then, and each keeps its own terms
 * under a key of its own. Source: DESIGN §2 License, §5 "Other sources".
 */
export function toSkuRows(
  apps: { readonly own: ManagedApp; readonly below: readonly ManagedApp[] },
  names: SkuNames,
  mappings: SkuMappings,
): readonly SkuRow[] {
  const licenses = [
    ...apps.own.licenses.map(identify(names, mappings, null)),
    ...apps.below.flatMap((app) => app.licenses.map(identify(names, mappings, app.id))),
  ];
  const bySku = Map.groupBy(licenses, ({ key }) => key);
  return licenses.map((one) => {
    const same = bySku.get(one.key) ?? [];
    return holderOf(same) === one
      ? toRow(one, resolutionOf(one))
      : toRow({ ...one, key: names.keyOfLicense(one.externalId) }, "several-licenses");
  });
}
