import { isoInstant } from "../seed/days.ts";
import { type SeedSubscription, subscriptionsOf } from "../seed/subscriptions.ts";
import type { Endpoint } from "./endpoint.ts";
import { pageBody, positioned, startOf, takePage } from "./paging.ts";
import { type PropertyTable, pageSize, selectedProperties, selectRow } from "./select.ts";

/** `GET /directory/subscriptions` (reference §3.4). */
export const subscriptionsEndpoint: Endpoint = {
  stream: "subscriptions",
  name: "subscriptions",
  permissions: ["Organization.Read.All", "Directory.Read.All"],
  handle: async (call) => {
    const list = subscriptionsOf(call.tenant.seed(), await call.tenant.fullTotals());
    const top = pageSize(call.query.get("$top"), 999, 999);
    const page = takePage(positioned(list, startOf(call)), top);
    const names = selectedProperties(
      subscriptionProperties,
      "companySubscription",
      call.query.get("$select"),
      Object.keys(subscriptionProperties),
    );
    return {
      body: pageBody(call, "directory/subscriptions", {
        rows: page.rows.map((row) => selectRow(subscriptionProperties, names, row)),
        next: page.next,
      }),
    };
  },
};

const subscriptionProperties: PropertyTable<SeedSubscription> = {
  id: (row) => row.id,
  commerceSubscriptionId: (row) => row.commerceId,
  createdDateTime: (row) => isoInstant(row.created),
  isTrial: (row) => row.trial,
  nextLifecycleDateTime: (row) =>
    row.nextLifecycle === null ? null : isoInstant(row.nextLifecycle),
  ownerId: () => null,
  ownerTenantId: (row) => row.partnerTenantId,
  ownerType: (row) => (row.partnerTenantId === null ? "User" : null),
  skuId: (row) => row.sku.skuId,
  skuPartNumber: (row) => row.sku.partNumber,
  status: (row) => row.status,
  totalLicenses: (row) => row.units,
  serviceStatus: (row) =>
    row.sku.plans.map((plan) => ({
      appliesTo: "User",
      provisioningStatus: "Success",
      servicePlanId: plan.id,
      servicePlanName: plan.name,
    })),
};
