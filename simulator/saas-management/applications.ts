import { isoInstant } from "../seed/days.ts";
import { subscribedSkusOf } from "../seed/subscriptions.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import { faultOf, type Organisation } from "./organisation.ts";

/** Which application of an organisation stands for which tenant: numbered in the order they were given. */
export const firstAppId = 4001;
/** The application below each, which holds no licenses of its own. */
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
    ...(view === "licenseUsage" ? { licenses: await licensesOf(organisation, tenant) } : {}),
  };
}

/** The application below a tenant's, found by its own number. */
export const childApp = (tenant: Tenant, id: number): Record<string, unknown> => ({
  id,
  name: `Visio ${tenant.spec.name}`,
  appId: "visio",
  appName: "Visio",
  vendorName: "Microsoft",
  isActive: true,
});

export const childIdOf = (organisation: Organisation, tenant: Tenant): number =>
  appIdOf(organisation, tenant) + childOffset;

/** One license per listed SKU; its term has the units Microsoft sold and those in grace. */
async function licensesOf(organisation: Organisation, tenant: Tenant) {
  const shape = faultOf(organisation, "terms")?.shape;
  const seed = tenant.seed();
  const rows = subscribedSkusOf(seed, await tenant.fullTotals()).filter(
    ({ listed, sku }) => listed && sku.appliesTo === "User",
  );
  return rows.map(({ sku, units }) => ({
    id: `${tenant.spec.id}-${sku.partNumber}`,
    name: sku.productName,
    ...(shape === "missing"
      ? {}
      : {
          terms: [
            {
              termType: "annual",
              ...(shape === "without-units" ? {} : { totalActive: units.enabled + units.warning }),
              annualCost: (units.enabled + units.warning) * 120,
              currency: "USD",
              startsAt: isoInstant(seed.today - (shape === "backwards" ? -10 : 200)),
              endsAt: isoInstant(seed.today + (shape === "backwards" ? -10 : 165)),
            },
          ],
        }),
  }));
}

/** Accounts of an application: the tenant's own that hold a license. `deactivated` are those Microsoft has blocked. */
export const appUsersOf = (tenant: Tenant): readonly Record<string, unknown>[] =>
  [...tenant.consumers()].filter(({ licenses }) => licenses.length > 0).map(toAppUser);

const toAppUser = (user: SeedUser): Record<string, unknown> => {
  const skus = user.licenses.map(({ sku }) => sku.partNumber);
  return {
    uniqueId: user.id,
    email: user.userPrincipalName,
    firstName: user.givenName,
    middleName: null,
    lastName: user.surname,
    activatedAt: isoInstant(user.created),
    deactivatedAt: user.enabled ? null : isoInstant(user.created + 1),
    sku: skus[0] ?? null,
    skus,
  };
};
