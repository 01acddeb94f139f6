import type { LicenseResolution } from "#lib/domain/app-license";
import { type LinkableLicense, linkLicenses, type SkuLink } from "#lib/domain/sku-link";
import type { ApplicationSku, SkuRow } from "#lib/import/ports";
import type { AppLicense, ManagedApp } from "./map.ts";
import type { SkuMappings, SkuNames } from "./sku-ids.ts";

/** A managed application with those below it. */
export interface AppTree {
  readonly own: ManagedApp;
  readonly below: readonly ManagedApp[];
}

/** A license with what it is identified by and what its ids say. */
interface Identified {
  readonly license: AppLicense;
  readonly ids: LinkableLicense;
}

interface IdentifiedApp {
  readonly id: string;
  readonly licenses: readonly Identified[];
}

/** Names as they are compared: whatever their case. */
const sameName = (name: string): string => name.toUpperCase();

/** Licenses of an application below the managed one may have ids that are its own only. */
function identifyApps(
  { own, below }: AppTree,
  names: SkuNames,
  mappings: SkuMappings,
  heldKeys: ReadonlySet<string>,
): readonly IdentifiedApp[] {
  const identify = (license: AppLicense, above: string | null): Identified => {
    const externalId = above === null ? license.id : `${above}/${license.id}`;
    const named = names.findInId(license.id);
    return {
      license,
      ids: {
        externalId,
        mapped: mappings.licenses.get(externalId) ?? null,
        namedById:
          named.kind === "sku" ? [named.skuId] : named.kind === "several" ? named.skuIds : [],
        heldById: heldKeys.has(names.keyOf(license.id)),
      },
    };
  };
  return [own, ...below].map(({ id, licenses }) => ({
    id,
    licenses: licenses.map((license) => identify(license, id === own.id ? null : id)),
  }));
}

/** SKUs that accounts hold: those somebody knows, and whether there are others that are no license's id either. */
function heldIn(
  appId: string,
  held: readonly ApplicationSku[],
  names: SkuNames,
  licenseKeys: ReadonlySet<string>,
) {
  const skuIds = held.flatMap((sku) => (sku.appId === appId ? [sku.skuId] : []));
  const known = (skuId: string) => names.isKnown(skuId);
  return {
    held: skuIds.filter(known),
    holdsUnknown: skuIds.some((skuId) => !known(skuId) && !licenseKeys.has(skuId)),
  };
}

const resolutionOf = (link: SkuLink): LicenseResolution =>
  link.kind === "linked" ? link.by : link.why;

/**
 * Under which id accounts keep a SKU they hold: Microsoft's where it is known, that of the license whose own id it is, or
 * one made of the name. What the accounts themselves would link has no part in it.
 */
export function accountKeys(
  apps: AppTree,
  names: SkuNames,
  mappings: SkuMappings,
): (name: string) => string {
  const keys = new Map<string, string>();
  for (const { licenses } of identifyApps(apps, names, mappings, new Set())) {
    for (const { license, ids } of licenses) {
      const [named, ...others] = ids.namedById;
      const skuId = ids.mapped ?? (others.length === 0 ? named : undefined);
      if (skuId !== undefined) keys.set(sameName(license.id), skuId);
    }
  }
  return (name) =>
    names.find(name).kind === "sku"
      ? names.keyOf(name)
      : (keys.get(sameName(name)) ?? names.keyOf(name));
}

/**
 * The licenses of an application and of those below it as rows of the list of SKUs, each linked to the SKU it stands for
 * where that follows from ids, mappings or what accounts hold (lib/domain/sku-link). Units, and what people hold of it, are
 * never split between two licenses of one SKU by guess: none of them stands for it then, and each keeps its own terms
 * under a key of its own. Source: DESIGN §2 License, §5 "Other sources".
 */
export function toSkuRows(
  apps: AppTree,
  names: SkuNames,
  mappings: SkuMappings,
  held: readonly ApplicationSku[] = [],
): readonly SkuRow[] {
  const heldKeys = new Set(held.map(({ skuId }) => skuId));
  const identified = identifyApps(apps, names, mappings, heldKeys);
  const licenseKeys = new Set(
    identified.flatMap(({ licenses }) => licenses.map(({ license }) => names.keyOf(license.id))),
  );
  const links = linkLicenses(
    identified.map(({ id, licenses }) => ({
      licenses: licenses.map(({ ids }) => ids),
      ...heldIn(id, held, names, licenseKeys),
    })),
  );
  const rows = identified
    .flatMap(({ licenses }) => licenses)
    .map((one) => ({ ...one, link: linkOf(links, one.ids.externalId) }));
  const keys = rows.map(({ license, link }) => keyOfRow(license, link, names));
  return rows.map(({ license, ids, link }, at) => {
    const key = keys[at] ?? null;
    const shared = key === null || keys.filter((other) => other === key).length > 1;
    return {
      skuId: shared ? names.keyOfLicense(ids.externalId) : key,
      partNumber: null,
      appliesTo: "user",
      capabilityStatus: null,
      consumedUnits: null,
      prepaidUnits: null,
      subscriptionIds: [],
      servicePlanIds: [],
      license: {
        externalId: ids.externalId,
        name: license.name,
        skuId: link.kind === "linked" ? link.skuId : null,
        resolution: resolutionOf(link),
        candidates: link.kind === "linked" ? [] : link.candidates,
        terms: license.terms,
      },
    };
  });
}

/** Null: its SKU is somebody's, or nobody's; it has a key of its own. */
const keyOfRow = (license: AppLicense, link: SkuLink, names: SkuNames): string | null => {
  if (link.kind === "linked") return link.skuId;
  return link.why === "several-licenses" || link.why === "contradictory"
    ? null
    : names.keyOf(license.id);
};

function linkOf(links: ReadonlyMap<string, SkuLink>, externalId: string): SkuLink {
  const link = links.get(externalId);
  if (link === undefined) throw new Error(`The license ${externalId} was given to be linked.`);
  return link;
}
