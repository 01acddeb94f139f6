import { getSkuMapping, getSkuMappingInput } from "#lib/services/get-sku-mapping";
import { listUnmatchedPeople, listUnmatchedPeopleInput } from "#lib/services/list-unmatched-people";
import { mapSku, mapSkuInput } from "#lib/services/map-sku";
import { unmapSku, unmapSkuInput } from "#lib/services/unmap-sku";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as managedApps from "./schemas-managed-apps.ts";

/** What a connection through SaaS Management leaves open: mappings and people. */
export const managedAppEndpoints = {
  getSkuMapping: endpoint({
    id: "getSkuMapping",
    method: "GET",
    path: "/connections/{id}/mapping",
    summary:
      "What the licenses of a managed application stand for, and what people hold without one",
    input: getSkuMappingInput,
    idField: "connectionId",
    verb: getSkuMapping,
    output: managedApps.skuMappingSchema,
  }),
  mapSku: endpoint({
    id: "mapSku",
    method: "PUT",
    path: "/connections/{id}/mapping",
    summary: "Say which product a license, or a SKU as the application writes it, stands for",
    input: mapSkuInput,
    idField: "connectionId",
    verb: mapSku,
    status: 204,
    output: null,
  }),
  unmapSku: endpoint({
    id: "unmapSku",
    method: "DELETE",
    path: "/connections/{id}/mapping",
    summary: "Forget what a license or a SKU was mapped to",
    input: unmapSkuInput,
    idField: "connectionId",
    verb: unmapSku,
    status: 204,
    output: null,
  }),
  listUnmatchedPeople: endpoint({
    id: "listUnmatchedPeople",
    method: "GET",
    path: "/connections/{id}/unmatched-people",
    summary: "People of a managed application who are not in Microsoft's own data",
    input: listUnmatchedPeopleInput,
    idField: "connectionId",
    verb: listUnmatchedPeople,
    output: managedApps.unmatchedPeopleSchema,
  }),
} as const satisfies Record<string, Endpoint>;
