import { guidAt } from "../seed/random.ts";
import type { SeedGroup } from "../seed/tenant.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { pageBody, positioned, startOf, takePage } from "./paging.ts";
import { type PropertyTable, pageSize, selectedProperties, selectRow } from "./select.ts";

const GROUP_FILTER = "assignedLicenses/$count ne 0";

/** `GET /groups` with or without the filter on licensed groups (reference §3.9). */
export const groupsEndpoint: Endpoint = {
  stream: "groups",
  name: "groups",
  permissions: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  handle: (call) => {
    const { query, consistencyLevel } = call;
    const filter = query.get("$filter");
    if (filter !== null && filter !== GROUP_FILTER)
      throw new GraphFailure(
        graphErrors.unsupportedQuery(
          "Unsupported or invalid query filter clause specified for property of resource 'Group'.",
        ),
      );
    const eventual = consistencyLevel?.toLowerCase() === "eventual";
    if ((filter !== null || query.has("$count")) && (!eventual || query.get("$count") !== "true")) {
      throw new GraphFailure(graphErrors.badRequest("$count is not currently supported."));
    }
    const licensed = call.tenant
      .seed()
      .groups.map((group): GroupSource => ({ ...group, licensed: true }));
    const groups = filter === null ? [...licensed, ...plainGroups(call.tenant)] : licensed;
    const page = takePage(positioned(groups, startOf(call)), pageSize(query.get("$top"), 100, 999));
    const names = selectedProperties(groupProperties, "group", query.get("$select"), [
      "id",
      "displayName",
      "groupTypes",
      "mailEnabled",
      "securityEnabled",
    ]);
    return {
      body: pageBody(
        call,
        `groups(${names.join(",")})`,
        { rows: page.rows.map((row) => selectRow(groupProperties, names, row)), next: page.next },
        groups.length,
      ),
    };
  },
};

type GroupSource = Omit<SeedGroup, "key"> & { licensed: boolean };

function plainGroups(tenant: Tenant): GroupSource[] {
  const { seed } = tenant.seed();
  return ["All Employees", "VPN Users", "Works Council", "Project Phoenix"].map((name, i) => ({
    id: guidAt(seed, i, 905),
    name,
    skus: [],
    licensed: false,
  }));
}

const groupProperties: PropertyTable<GroupSource> = {
  id: (group) => group.id,
  displayName: (group) => group.name,
  groupTypes: () => [],
  securityEnabled: () => true,
  mailEnabled: () => false,
  membershipRule: () => null,
  onPremisesSyncEnabled: () => null,
  assignedLicenses: (group) => group.skus.map((sku) => ({ disabledPlans: [], skuId: sku.skuId })),
  licenseProcessingState: (group) => (group.licensed ? { state: "ProcessingComplete" } : null),
};
