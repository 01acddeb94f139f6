import { type DayNumber, isoInstant } from "../seed/days.ts";
import { subscribedSkusOf } from "../seed/subscriptions.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import { faultOf, type Organisation } from "./organisation.ts";

/** Which application of an organisation stands for which tenant: numbered in the order they were given. */
export const firstAppId = 4001;
/** The application below each; it holds the licenses that are said to be its. */
const childOffset = 1000;

export const appIdOf = (organisation: Organisation, tenant: Tenant): number =>
  firstAppId + organisation.tenantIds.findIndex((id) => id.toLowerCase() === tenant.spec.id);

/** A managed application as `view` shows it. */
export async function managedApp(
  organisation: Organisation,
  tenant: Tenant,
  view: string | undefined,
): Promise<Record<string, unknown>> {
  const id = appIdOf(organisation, tenant);
  const child = id + childOffset;
  const href = faultOf(organisation, "child-href")?.href;
  return {
    id,
    name: `Microsoft 365 ${tenant.spec.name}`,
    appId: "office-365",
    appName: "Office 365",
    vendorName: "Microsoft",
    isActive: true,
    ...(view === "extended"
      ? {
          categoryName: "Collaboration",
          relatedApps: [
            {
              id: child,
              relation: "child",
              href: href ?? `/orgs/${organisation.id}/managed-apps/${child}`,
            },
          ],
        }
      : {}),
    ...(view === "licenseUsage"
      ? { licenses: await licensesOf(organisation, tenant, (part) => !isBelow(organisation, part)) }
      : {}),
  };
}

/** Whether a SKU is one of the application below. */
export const isBelow = ({ below }: Organisation, partNumber: string): boolean =>
  below.includes(partNumber);

/** The application below a tenant's, found by its own number. */
export async function childApp(
  organisation: Organisation,
  tenant: Tenant,
  view: string | undefined,
): Promise<Record<string, unknown>> {
  return {
    id: childIdOf(organisation, tenant),
    name: `Visio ${tenant.spec.name}`,
    appId: "visio",
    appName: "Visio",
    vendorName: "Microsoft",
    isActive: true,
    ...(view === "licenseUsage" && organisation.below.length > 0
      ? { licenses: await licensesOf(organisation, tenant, (part) => isBelow(organisation, part)) }
      : {}),
  };
}

export const childIdOf = (organisation: Organisation, tenant: Tenant): number =>
  appIdOf(organisation, tenant) + childOffset;

/** One license per listed SKU; its term has the units Microsoft sold and those in grace. */
async function licensesOf(
  organisation: Organisation,
  tenant: Tenant,
  isHere: (partNumber: string) => boolean,
) {
  const seed = tenant.seed();
  const rows = subscribedSkusOf(seed, await tenant.fullTotals()).filter(
    ({ listed, sku }) => listed && sku.appliesTo === "User" && isHere(sku.partNumber),
  );
  const licenses = rows.map(({ sku, units }, at) => ({
    id: licenseIdOf(organisation, tenant, sku.partNumber, at),
    name: sku.productName,
    ...termsOf(organisation, seed.today, units.enabled + units.warning),
  }));
  const fault = faultOf(organisation, "licenses");
  const shape = fault?.shape;
  if (shape === "none") return [];
  if (shape === "doubled")
    return licenses.flatMap((one) => [one, { ...one, id: `again/${one.id}` }]);
  if (shape === "twice") {
    return licenses.flatMap((one) => [one, fault?.differing ? { ...one, name: "Another" } : one]);
  }
  return shape === "without-id" ? [...licenses, { name: "Without an id" }] : licenses;
}

/** SKUs that no seed has: of accounts with `one-more-sku`, and of licenses with `wrong-ids`. */
const oneMoreSku = "TEAMS_EXPLORATORY";
const foreignSku = "SPE_F5_SECCOMP";

function licenseIdOf(
  organisation: Organisation,
  tenant: Tenant,
  partNumber: string,
  at: number,
): string {
  const fault = faultOf(organisation, "licenses");
  const id = (part: string) => `${tenant.spec.id}-${part}`;
  if (fault?.only !== undefined && !fault.only.includes(partNumber)) return id(partNumber);
  if (fault?.shape === "own-ids") return String(7000 + at);
  return id(fault?.shape === "wrong-ids" ? foreignSku : partNumber);
}

function termsOf(organisation: Organisation, today: DayNumber, units: number) {
  const shape = faultOf(organisation, "terms")?.shape;
  if (shape === "missing") return {};
  const backwards = shape === "backwards";
  return {
    terms: [
      {
        termType: "annual",
        ...(shape === "without-units" ? {} : { totalActive: units }),
        annualCost: units * 120,
        currency: "USD",
        startsAt: isoInstant(today - (backwards ? -10 : 200)),
        endsAt: isoInstant(today + (backwards ? -10 : 165)),
      },
    ],
  };
}

/** An account as its application shows it. */
export const toAppUser = (
  organisation: Organisation,
  tenant: Tenant,
  user: SeedUser,
  partNumbers: readonly string[],
): Record<string, unknown> => {
  const shape = faultOf(organisation, "users")?.shape;
  const skus = skusAs(shape, tenant, partNumbers);
  return {
    uniqueId: uniqueIdOf(user, shape),
    email: user.userPrincipalName,
    firstName: user.givenName,
    middleName: null,
    lastName: user.surname,
    activatedAt: isoInstant(user.created),
    deactivatedAt: user.enabled ? null : isoInstant(user.created + 1),
    ...(shape === "without-skus" ? {} : { sku: skus[0] ?? null, skus }),
  };
};

function skusAs(
  shape: string | undefined,
  tenant: Tenant,
  partNumbers: readonly string[],
): readonly string[] {
  if (shape === "own-skus") return partNumbers.map((part) => `PLAN ${part}`);
  if (shape === "license-ids") return partNumbers.map((part) => `${tenant.spec.id}-${part}`);
  return shape === "one-more-sku" ? [...partNumbers, oneMoreSku] : partNumbers;
}

const uniqueIdOf = (user: SeedUser, shape: string | undefined): string => {
  if (shape === "by-upn") return user.userPrincipalName;
  return shape === "by-mail" ? `account ${user.id.slice(0, 8)} ${user.id.slice(-4)}` : user.id;
};
