import { api } from "#lib/server/api";
import { managedAppEndpoints } from "#lib/server/managed-app-endpoints";

export const GET = api(managedAppEndpoints.getSkuMapping);
export const PUT = api(managedAppEndpoints.mapSku);
export const DELETE = api(managedAppEndpoints.unmapSku);
