/** A license of an application by what its ids say, never by its name. SkuIds in lower case. */
export interface LinkableLicense {
  readonly externalId: string;
  /** The SKU a person mapped it to; null = none did. */
  readonly mapped: string | null;
  /** SKUs its own id names: none, one, or the several its part number stands for. */
  readonly namedById: readonly string[];
  /** Accounts write its own id as the SKU they hold: who has it is told, and needs no other SKU. */
  readonly heldById: boolean;
}

/** An application, or one of those below it, with what its active accounts hold. */
export interface LinkableApp {
  readonly licenses: readonly LinkableLicense[];
  /** SKUs that Microsoft's product table or a person knows. */
  readonly held: readonly string[];
  /** Its accounts also hold SKUs that nobody knows. */
  readonly holdsUnknown: boolean;
}

/** On what a link to a SKU rests. */
export type LinkGround = "mapping" | "license-id" | "accounts";

/** Why a license stands for no SKU. */
export type OpenReason = "unknown-sku" | "several-skus" | "several-licenses" | "contradictory";

/** What a license stands for, or why that is open, and the SKUs it could stand for. SkuIds ascending. */
export type SkuLink =
  | { readonly kind: "linked"; readonly skuId: string; readonly by: LinkGround }
  | {
      readonly kind: "open";
      readonly why: OpenReason;
      readonly candidates: readonly string[];
    };

interface Placed {
  readonly license: LinkableLicense;
  readonly app: LinkableApp;
}

/** A SKU a license may have, and on what that rests. */
type Claim = Exclude<SkuLink, { kind: "open" }>;

/** The SKU a mapping or the license's own id gives. */
const claimedById = ({ mapped, namedById }: LinkableLicense): Claim | null => {
  if (mapped !== null) return { kind: "linked", skuId: mapped, by: "mapping" };
  const [skuId, ...others] = namedById;
  return skuId === undefined || others.length > 0
    ? null
    : { kind: "linked", skuId, by: "license-id" };
};

/** Nothing but its accounts can tell what it stands for. */
const isOpen = (license: LinkableLicense): boolean =>
  claimedById(license) === null && !license.heldById;

/** The one SKU that accounts of an application hold, if they hold nothing else. */
const onlyHeld = ({ held, holdsUnknown }: LinkableApp): string | null => {
  const [skuId, ...others] = new Set(held);
  return skuId === undefined || others.length > 0 || holdsUnknown ? null : skuId;
};

/** The one license of its application: its id names a SKU, and the accounts hold another one alone, which nobody claims. */
const isContradicted = (
  license: LinkableLicense,
  app: LinkableApp,
  free: readonly string[],
): boolean => {
  if (license.mapped !== null || license.namedById.length === 0) return false;
  const held = onlyHeld(app);
  return (
    app.licenses.length === 1 &&
    held !== null &&
    free.includes(held) &&
    !license.namedById.includes(held)
  );
};

const sorted = (skuIds: Iterable<string>): readonly string[] => [...new Set(skuIds)].sort();

/**
 * Links the licenses of an application and of those below it to SKUs, by external id. Passes, the first that fits: a
 * person's mapping; the SKU the license's own id names; the accounts, when exactly one license of their application is
 * left, and exactly one SKU they hold that no mapping and no id claims. A SKU that several claim is nobody's, unless one
 * of them was mapped; a single license whose id and accounts name different SKUs has neither. How many seats there are
 * proves nothing: more may be held than was bought. Source: docs/adr/0020.
 */
export function linkLicenses(apps: readonly LinkableApp[]): ReadonlyMap<string, SkuLink> {
  const placed = apps.flatMap((app) => app.licenses.map((license): Placed => ({ app, license })));
  const taken = new Set(placed.flatMap(({ license }) => claimedById(license)?.skuId ?? []));
  const freeOf = new Map(apps.map((app) => [app, sorted(app.held.filter((id) => !taken.has(id)))]));
  const claims = new Map(
    placed.map(({ license, app }) => [
      license.externalId,
      claimOf(license, app, freeOf.get(app) ?? []),
    ]),
  );
  const claimants = Map.groupBy(
    [...claims].filter(([, claim]) => claim !== null),
    ([, claim]) => claim?.skuId,
  );
  return new Map(
    placed.map(({ license, app }) => {
      const claim = claims.get(license.externalId) ?? null;
      const free = freeOf.get(app) ?? [];
      if (claim === null) return [license.externalId, openLink(license, app, free)];
      const same = claimants.get(claim.skuId) ?? [];
      const mapped = same.filter(([, other]) => other?.by === "mapping");
      const has = same.length === 1 || (mapped.length === 1 && claim.by === "mapping");
      return [
        license.externalId,
        has ? claim : { kind: "open", why: "several-licenses", candidates: [claim.skuId] },
      ];
    }),
  );
}

function claimOf(
  license: LinkableLicense,
  app: LinkableApp,
  free: readonly string[],
): Claim | null {
  if (isContradicted(license, app, free)) return null;
  const claim = claimedById(license);
  if (claim !== null || !isOpen(license)) return claim;
  const [skuId, ...others] = free;
  const alone = app.licenses.filter(isOpen).length === 1;
  const fits = license.namedById.length === 0 || license.namedById.includes(skuId ?? "");
  return skuId === undefined || others.length > 0 || app.holdsUnknown || !alone || !fits
    ? null
    : { kind: "linked", skuId, by: "accounts" };
}

const openLink = (license: LinkableLicense, app: LinkableApp, free: readonly string[]): SkuLink => {
  const { namedById, heldById } = license;
  if (isContradicted(license, app, free)) {
    const candidates = sorted([...namedById, ...app.held]);
    return { kind: "open", why: "contradictory", candidates };
  }
  if (namedById.length > 1) {
    return { kind: "open", why: "several-skus", candidates: sorted(namedById) };
  }
  return { kind: "open", why: "unknown-sku", candidates: heldById ? [] : free };
};
