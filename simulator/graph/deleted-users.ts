import { isoInstant } from "../seed/days.ts";
import { between, fractionAt } from "../seed/random.ts";
import { type SeedUser, userAt } from "../seed/user.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint } from "./endpoint.ts";
import { pageBody, positioned, startOf, takePage } from "./paging.ts";
import { type PropertyTable, pageSize, selectedProperties, selectRow } from "./select.ts";
import { userProperties } from "./user-properties.ts";

/** `GET /directory/deletedItems/microsoft.graph.user` (reference §3.10). */
export const deletedUsersEndpoint: Endpoint = {
  stream: "deleted-users",
  name: "deletedItems",
  permissions: ["User.Read.All", "Directory.Read.All"],
  handle: (call) => {
    const list = deletedUsers(call.tenant);
    const page = takePage(
      positioned(list, startOf(call)),
      pageSize(call.query.get("$top"), 100, 999),
    );
    const names = selectedProperties(deletedProperties, "user", call.query.get("$select"), [
      "id",
      "displayName",
      "mail",
      "userPrincipalName",
    ]);
    return {
      body: pageBody(call, `directoryObjects/microsoft.graph.user(${names.join(",")})`, {
        rows: page.rows.map((row) => selectRow(deletedProperties, names, row)),
        next: page.next,
      }),
    };
  },
};

/** A soft-deleted user; those deleted in the admin center have lost their licenses, others still show them. */
export type DeletedUser = {
  user: SeedUser;
  tenant: Tenant;
  deletedDaysAgo: number;
  showsLicenses: boolean;
};

/** The tenant's soft-deleted users: seeded ones, those a fault removed, and those a fault lists twice. */
export function deletedUsers(tenant: Tenant): DeletedUser[] {
  const seed = tenant.seed();
  const count = Math.max(1, Math.round(tenant.spec.size * 0.005));
  const seeded = Array.from({ length: count }, (_, i) => userAt(seed, tenant.spec.size + i)).map(
    (user) => ({
      user,
      tenant,
      deletedDaysAgo: between(seed.seed, user.index, 220, 0, 29),
      showsLicenses: fractionAt(seed.seed, user.index, 221) < 0.5,
    }),
  );
  const recent = [
    ...tenant.vanished(),
    ...[...tenant.listedAndDeleted()].map((index) => userAt(seed, index)),
  ].map((user) => ({ user, tenant, deletedDaysAgo: 0, showsLicenses: true }));
  return [...seeded, ...recent];
}

const deletedProperties: PropertyTable<DeletedUser> = {
  ...Object.fromEntries(
    Object.entries(userProperties).map(([name, property]) => [
      name,
      ({ user, tenant }: DeletedUser) => property({ user, tenant: tenant.seed() }),
    ]),
  ),
  userPrincipalName: ({ user }) => `${user.id.replace(/-/g, "")}${user.userPrincipalName}`,
  deletedDateTime: ({ tenant, deletedDaysAgo }) =>
    isoInstant(tenant.seed().today - deletedDaysAgo, 1),
  assignedLicenses: ({ user, showsLicenses }) =>
    showsLicenses
      ? user.licenses.map(({ sku, disabledPlans }) => ({ disabledPlans, skuId: sku.skuId }))
      : [],
};
