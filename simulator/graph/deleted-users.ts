import { isoInstant } from "../seed/days.ts";
import { between, fractionAt } from "../seed/random.ts";
import { type SeedUser, userAt } from "../seed/user.ts";
import { deletedInSeed } from "../store/listing.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint } from "./endpoint.ts";
import { type PagedRow, pageBody, startOf, takePage } from "./paging.ts";
import { type PropertyTable, pageSize, selectedProperties, selectRow } from "./select.ts";
import { userProperties } from "./user-properties.ts";

/** `GET /directory/deletedItems/microsoft.graph.user` (reference §3.10). */
export const deletedUsersEndpoint: Endpoint = {
  stream: "deleted-users",
  name: "deletedItems",
  permissions: ["User.Read.All", "Directory.Read.All"],
  handle: (call) => {
    const page = takePage(
      positions(call.tenant, startOf(call)),
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

/** Indices of the accounts a fault removed or lists twice: they come after the seeded ones. */
function recentIndices(tenant: Tenant): number[] {
  return [...tenant.vanished(), ...tenant.listedAndDeleted()];
}

/** Number of soft-deleted users. */
export function deletedUserCount(tenant: Tenant): number {
  return deletedInSeed(tenant.spec.size) + recentIndices(tenant).length;
}

/** The tenant's soft-deleted users from position `start` on: seeded ones, those a fault removed or lists twice. */
export function* deletedUsers(tenant: Tenant, start = 0): Generator<DeletedUser> {
  const seed = tenant.seed();
  const count = deletedInSeed(tenant.spec.size);
  for (let i = start; i < count; i += 1) {
    const user = userAt(seed, tenant.spec.size + i);
    yield {
      user,
      tenant,
      deletedDaysAgo: between(seed.seed, user.index, 220, 0, 29),
      showsLicenses: fractionAt(seed.seed, user.index, 221) < 0.5,
    };
  }
  for (const index of recentIndices(tenant).slice(Math.max(0, start - count)))
    yield { user: userAt(seed, index), tenant, deletedDaysAgo: 0, showsLicenses: true };
}

function* positions(tenant: Tenant, start: number): Generator<PagedRow<DeletedUser>> {
  let next = start;
  for (const row of deletedUsers(tenant, start)) {
    next += 1;
    yield { row, next };
  }
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
