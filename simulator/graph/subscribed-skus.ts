import { type SeedSubscribedSku, subscribedSkusOf } from "../seed/subscriptions.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint, GraphAnswer, GraphCall } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { pageBody } from "./paging.ts";
import { type PropertyTable, selectedProperties, selectRow } from "./select.ts";

/** `capabilityStatus` of a pooled SKU: Enabled when any unit is. */
export function capabilityStatus({ units }: SeedSubscribedSku): string {
  if (units.enabled > 0) return "Enabled";
  if (units.warning > 0) return "Warning";
  return units.suspended > 0 ? "Suspended" : "LockedOut";
}

/** `GET /subscribedSkus` (reference §3.3): not paged, only `$select`. */
export const subscribedSkusEndpoint: Endpoint = {
  stream: "subscriptions",
  name: "subscribedSkus",
  permissions: ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"],
  handle: listSubscribedSkus,
};

async function listSubscribedSkus(call: GraphCall): Promise<GraphAnswer> {
  const { query } = call;
  for (const option of ["$filter", "$top", "$search", "$skip", "$orderby"]) {
    if (query.has(option))
      throw new GraphFailure(
        graphErrors.badRequest(`The query option '${option}' is not supported.`),
      );
  }
  const rows = await subscribedSkuRows(call);
  const names = selectedProperties(
    skuProperties,
    "subscribedSku",
    query.get("$select"),
    Object.keys(skuProperties),
  );
  return {
    body: pageBody(call, "subscribedSkus", {
      rows: rows.map((row) => selectRow(skuProperties, names, row)),
      next: undefined,
    }),
    resourceUnits: 3 - (query.has("$select") ? 1 : 0),
  };
}

/** A subscribedSkus row before `$select`, with what the faults made of it. */
type SkuSource = {
  tenant: Tenant;
  row: SeedSubscribedSku;
  consumedUnits: number | null;
  prepaidUnits: unknown;
  skuId: unknown;
  skuPartNumber: string | null;
};

const skuProperties: PropertyTable<SkuSource> = {
  accountName: ({ tenant }) => tenant.spec.name,
  accountId: ({ tenant }) => tenant.spec.id,
  appliesTo: ({ row }) => row.sku.appliesTo,
  capabilityStatus: ({ row }) => capabilityStatus(row),
  consumedUnits: ({ consumedUnits }) => consumedUnits,
  id: ({ tenant, row }) => `${tenant.spec.id}_${row.sku.skuId}`,
  skuId: ({ skuId }) => skuId,
  skuPartNumber: ({ skuPartNumber }) => skuPartNumber,
  subscriptionIds: ({ row }) => row.subscriptionIds,
  prepaidUnits: ({ prepaidUnits }) => prepaidUnits,
  servicePlans: ({ row }) =>
    row.sku.plans.map((plan) => ({
      servicePlanId: plan.id,
      servicePlanName: plan.name,
      provisioningStatus: "Success",
      appliesTo: /FOUNDATION|INTUNE_O365|MICROSOFT_SEARCH/.test(plan.name) ? "Company" : "User",
    })),
};

async function subscribedSkuRows({ tenant, situation }: GraphCall): Promise<SkuSource[]> {
  const { faults } = tenant;
  const full = await tenant.fullTotals();
  const drop = faults.state("mass-drop");
  const counted = drop && drop.consumedUnits === "stays" ? full : await tenant.totals();
  const hidden = faults.hit("hidden-sku", situation);
  const nulls = faults.hit("null-consumed", situation);
  const moving = faults.hit("moving-consumed", situation);
  const factor = faults.hit("consumed-factor", situation);
  const prepaid = faults.hit("prepaid-units", situation);
  const unnamed = faults.hit("null-part-number", situation);
  const bad = faults.hit("bad-rows", situation);
  // Every second read of the list sees Microsoft's count moved: the first and second read of one import differ.
  const secondRead = moving !== undefined && tenant.nextSkuRead() % 2 === 0;
  const isFor = (sku: string | undefined, row: SeedSubscribedSku) =>
    sku === undefined || sku === row.sku.partNumber || sku.toLowerCase() === row.sku.skuId;
  const listed = subscribedSkusOf(tenant.seed(), full).filter(
    (row) => row.listed && !(hidden && isFor(hidden.sku, row)),
  );
  const kept = drop ? listed.slice(0, Math.ceil(listed.length * drop.keepSkus)) : listed;
  return kept.map((row, i) => {
    let consumedUnits: number | null = counted.skus.get(row.sku.skuId)?.holders ?? 0;
    if (factor && isFor(factor.sku, row)) consumedUnits = Math.round(consumedUnits * factor.factor);
    if (moving && secondRead && isFor(moving.sku, row) && row.sku.appliesTo === "User")
      consumedUnits = Math.max(0, consumedUnits + moving.by);
    if (nulls && isFor(nulls.sku, row)) consumedUnits = null;
    const skuId = bad && i === 0 ? "not-a-guid" : row.sku.skuId;
    return {
      tenant,
      row,
      consumedUnits,
      skuId,
      skuPartNumber: unnamed && isFor(unnamed.sku, row) ? null : row.sku.partNumber,
      prepaidUnits:
        prepaid && isFor(prepaid.sku, row) ? prepaidFault(prepaid.shape, row) : row.units,
    };
  });
}

function prepaidFault(
  shape: "one-null" | "all-null" | "missing",
  { units }: SeedSubscribedSku,
): unknown {
  switch (shape) {
    case "one-null":
      return { ...units, suspended: null };
    case "all-null":
      return { enabled: null, suspended: null, warning: null, lockedOut: null };
    case "missing":
      return undefined;
    default:
      return shape satisfies never;
  }
}
